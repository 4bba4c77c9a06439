"""Rows of a labelled table as an encoder learns from them: a plain text, who is named where, its tone and group."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.refusal import Refused
from models.target import Mentions, Target, mentions

if TYPE_CHECKING:
    import pandas as pd

    from models.encoders.masked_tokens import Reader
    from models.scale import Scale

UNLABELLED = -1


@dataclass(frozen=True)
class Row:
    """One text about one target. `tone` is its place on the scale, UNLABELLED where the table has none."""

    text: str
    found: Mentions
    tone: int
    group: str
    target: Target
    language: str

    def masked(self, reader: "Reader", others: bool) -> str:
        """The text with the target masked, and the others too or as they stand."""
        return reader.marked(self.text, self.found if others else Mentions(self.found.target))


def rows_of(table: "pd.DataFrame", reader: "Reader", scale: "Scale | None") -> list[Row]:
    """The rows of a table (`models.labelled`) that name their target, in order; a scale asks for tones and groups.

    Raises Refused for a table that cannot be used, or when no row names its target.
    """
    from models.labelled import checked, targets_of

    ready = checked(table, scale)
    tones = [scale.index(tone) for tone in ready["tone"]] if scale else [UNLABELLED] * len(ready)
    groups = list(ready["group"]) if scale else [""] * len(ready)
    rows = []
    columns = zip(ready["text"], targets_of(ready), ready["language"], tones, groups, strict=True)
    for text, target, language, tone, group in columns:
        plain = reader.plain(text)
        found = mentions(plain, target, language)
        if found.target:
            rows.append(Row(plain, found, tone, group, target, language))
    if not rows:
        raise Refused("No row of the table names its target; write the spellings of each target into column aliases.")
    return rows


def masked_of(path: Path, reader: "Reader", most: int) -> list[str]:
    """Texts of a table file with all names masked, evenly spread over the file when it has more than `most`."""
    from models.labelled import read_table

    rows = rows_of(read_table(path), reader, None)
    step = max(1, len(rows) // most)
    return [row.masked(reader, others=True) for row in rows[::step][:most]]


def tones_of(rows: Sequence[Row]) -> list[int]:
    """The tones of rows as places on the scale."""
    return [row.tone for row in rows]


def write_report(folder: Path, report: Mapping[str, object]) -> None:
    """report.json of a model folder: how the model did on texts held back from its training."""
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
