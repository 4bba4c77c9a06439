"""Results on the way out of a command: CSV for machines, a table for people."""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import typer

from coding import __version__
from coding.exchange.cells import guarded
from coding.exchange.exporter import replacing
from coding.exchange.readers import sidecar_path
from coding.languages import DEFAULT, translator
from coding.mission.model import Mission
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


def hand_over(csv: str, table: pd.DataFrame, described: Mapping[str, Any]) -> None:
    """Give a table out as CSV, to standard output (`-`) or to the file named, and say so with the mission's notice.

    `described` is what stands beside a file (`described_report`, `description`); its `notice` goes to standard error
    where the CSV goes to standard output, since the columns of the CSV are exactly those of the table.
    """
    notice = described["notice"]
    if csv == "-":
        sys.stdout.buffer.write(result_csv(table))
        if notice:
            typer.echo(notice, err=True)
        return
    write_table(Path(csv), table, described)
    typer.echo(translator()("command.written", rows=len(table), file=csv) + (f" ({notice})" if notice else ""))


def write_table(file: Path, table: pd.DataFrame, described: Mapping[str, Any]) -> None:
    """Write the CSV whole, and beside it `FILE-metadata.json`, which leads the numbers back to their source."""
    content = result_csv(table)
    about = {**described, "rows": len(table), "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(about, ensure_ascii=False, indent=2, default=str)
    for target, written in ((file, content), (sidecar_path(file), text.encode())):
        with replacing(target) as beside:
            beside.write_bytes(written)


def described_report(
    name: str, mission: Mission, fingerprint: str, selection: Selection | None = None, **more: Any
) -> dict[str, Any]:
    """What a report's file needs so that its numbers can be followed back; `more` is what only this report states."""
    chosen = {} if selection is None else {"selection": stated(selection)}
    return {
        "title": mission.title,
        "notice": mission.notice,
        "report": name,
        **more,
        **chosen,
        "store_fingerprint": fingerprint,
        "software": f"Evenhand {__version__}",
    }


def stated(selection: Selection) -> dict[str, Any]:
    """What a selection asks for, without the fields that it leaves open."""
    return {key: value for key, value in vars(selection).items() if value not in ((), None)}


def description(metric: Metric, coverage: Coverage, selection: Selection) -> dict[str, Any]:
    """What a number needs so that it can be followed back: mission, selection, store fingerprint, version."""
    return {
        "title": coverage.mission.title,
        "notice": coverage.mission.notice,
        "metric": metric.name,
        "value": metric.value,
        "selection": stated(selection),
        "formats": selection.formats_in(coverage.mission),
        "store_fingerprint": coverage.fingerprint,
        "software": f"Evenhand {__version__}",
    }


def printed(
    result: pd.DataFrame, metric: Metric, coverage: Coverage, selection: Selection, language: str = DEFAULT
) -> str:
    """A title that says what was counted, and a table with percentages beside their amounts and intervals."""
    from monitoring.answers import interval_note
    from monitoring.words import Words

    words = Words(coverage.mission, language)
    empty = [name for name in ("low", "high") if result[name].isna().all()]
    shown = result.drop(columns=[*empty, "unit"]).astype(object)
    for name in ("amount", "total_amount"):
        shown[name] = [words.amount(a, u) for a, u in zip(result[name], result["unit"], strict=True)]
    for name in ("value", "low", "high"):
        if name in shown:
            shown[name] = [words.value(value, metric.value) for value in result[name]]
    headings = {name: words.t(f"word.column.{name}") for name in shown.columns}
    head = [
        words.with_notice(coverage.mission.title),
        words.t(f"command.{metric.name}"),
        *_counted(result, metric, words, selection),
    ]
    table = shown.rename(columns=headings).to_string(index=False) if len(shown) else words.t("command.nothing")
    note = interval_note(result, words) if metric.sums is not None and len(result) else ""
    return "\n".join([*(line for line in head if line), "", table, *([note] if note else [])])


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
