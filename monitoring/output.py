"""Results on the way out of a command: CSV for machines, a table for people."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coding import __version__
from coding.exchange.cells import guarded
from coding.exchange.exporter import replacing
from coding.exchange.readers import sidecar_path
from coding.languages import DEFAULT
from monitoring.coverage import Coverage
from monitoring.metrics import Metric
from monitoring.selection import Selection

if TYPE_CHECKING:
    from monitoring.words import Words


def result_csv(result: pd.DataFrame) -> bytes:
    """The result as UTF-8 CSV: group columns, then the result columns; amounts as integers, shares as fractions."""
    texts = [name for name in result.columns if not pd.api.types.is_numeric_dtype(result[name])]
    safe = result.assign(**{name: result[name].map(guarded) for name in texts})
    return safe.to_csv(index=False, lineterminator="\n").encode()


def write_result(file: str, result: pd.DataFrame, metric: Metric, coverage: Coverage, selection: Selection) -> Path:
    """Write the CSV whole, and beside it `FILE-metadata.json`, which leads the numbers back to their source."""
    content = result_csv(result)
    path = Path(file)
    described = description(metric, coverage, selection, result) | {"sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(described, ensure_ascii=False, indent=2, default=str)
    for target, written in ((path, content), (sidecar_path(path), text.encode())):
        with replacing(target) as beside:
            beside.write_bytes(written)
    return path


def description(metric: Metric, coverage: Coverage, selection: Selection, result: pd.DataFrame) -> dict[str, Any]:
    """What a number needs so that it can be followed back: mission, selection, store fingerprint, version."""
    return {
        "title": coverage.mission.title,
        "notice": coverage.mission.notice,
        "metric": metric.name,
        "value": metric.value,
        "rows": len(result),
        "selection": {key: value for key, value in vars(selection).items() if value not in ((), None)},
        "formats": selection.formats_in(coverage.mission),
        "store_fingerprint": coverage.fingerprint,
        "software": f"Evenhand {__version__}",
    }


def printed(
    result: pd.DataFrame, metric: Metric, coverage: Coverage, selection: Selection, language: str = DEFAULT
) -> str:
    """A title that says what was counted, and a table with percentages beside their amounts."""
    from monitoring.words import Words

    words = Words(coverage.mission, language)
    shown = result.drop(columns=["low", "high", "unit"]).astype(object)
    for name in ("amount", "total_amount"):
        shown[name] = [words.amount(a, u) for a, u in zip(result[name], result["unit"], strict=True)]
    shown["value"] = [words.value(value, metric.value) for value in result["value"]]
    headings = {name: words.t(f"word.column.{name}") for name in shown.columns}
    head = [
        words.with_notice(coverage.mission.title),
        words.t(f"command.{metric.name}"),
        *_counted(result, metric, words, selection),
    ]
    table = shown.rename(columns=headings).to_string(index=False) if len(shown) else words.t("command.nothing")
    return "\n".join([*(line for line in head if line), "", table])


def _counted(result: pd.DataFrame, metric: Metric, words: "Words", selection: Selection) -> list[str]:
    """What was counted, in lines: the selection, the denominator, the reading of incumbents, the weight."""
    chosen = [*words.counted(selection), *(words.named("medium", medium) for medium in selection.media)]
    if metric.name == "hours":
        return ["; ".join(chosen[1:])]  # of whole airings: no formats
    lines = ["; ".join(chosen), words.reading(selection)]
    if metric.name == "share" and len(result):
        lines.append(words.basis(selection, result["unit"].iloc[0]))
    if metric.name in ("tone", "balance"):
        lines.append(words.t(f"command.weight_{selection.weight}"))
    return lines
