"""The tables of a mission as grids. A grid's source stays constant; its edits are kept and applied on Save."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import streamlit as st

from coding.languages import Translate
from coding.mission.editing import POLICIES, columns_of, tables_of
from coding.mission.model import Airing, Mission, ShowSuggestions
from coding.mission.rows import LIST_MARK
from coding.mission.tables import Row
from coding.store import Store
from coding.vocabulary import AiringKind, Medium, Ownership, SubjectKind, Unit

MOST_ROWS_HIGH = 12
WIDTHS = {"kind": 140, "medium": 110, "ownership": 120, "from": 115, "to": 115, "date": 115, "date_to": 115,
          "outlet": 160, "subject": 190, "programme": 190, "format": 130, "aliases": 200}  # fmt: skip
LISTS = {"windows": ("outlets",)}
VOCABULARY: Mapping[tuple[str, str], Iterable[str]] = {
    ("outlets", "medium"): Medium,
    ("outlets", "unit"): Unit,
    ("outlets", "ownership"): Ownership,
    ("outlets", "monitored"): ("yes", "no"),
    ("subjects", "kind"): SubjectKind,
    ("airings", "kind"): AiringKind,
    ("airings", "coded"): ("yes", "no"),
    ("suggestions", "show"): ShowSuggestions,
}
DEFAULTS = {("outlets", "monitored"): "yes", ("airings", "coded"): "no", ("airings", "kind"): "programme"}
FIRST = {"outlets": "outlet", "subjects": "subject", "airings": "airing_id", "windows": "name", "periods": "name",
         "suggestions": "show", "double_coding": "share"}  # fmt: skip
FIXED = POLICIES
"""Tables of one row, which is always there."""
HINTED = ("from", "to", "date", "date_to", "colour", "aliases", "ballot", "start", "end", "affiliation", "airing_id",
          "planned_start", "planned_end", "actual_start", "actual_end", "planned_size", "actual_size", "show",
          "withheld", "share", "seed", "pass_mark")  # fmt: skip


@dataclass
class Edits:
    """What a grid's widget reports, and which rows of the table it was given."""

    table: str
    shown: tuple[int, ...]
    state: dict[str, Any]

    def __bool__(self) -> bool:
        return any(self.state.get(name) for name in ("edited_rows", "added_rows", "deleted_rows"))


@dataclass
class Draft:
    """The tables as they were read, and the edits since. `turn` makes the keys of the grids new after each merge."""

    version: int
    fingerprint: str
    mission: Mission
    airings: tuple[Airing, ...]
    sources: dict[str, list[Row]]
    edits: dict[str, Edits] = field(default_factory=dict)
    turn: int = 0
    merged: bool = False

    @classmethod
    def of(cls, store: Store) -> "Draft":
        """The mission as the store has it now."""
        fingerprint, version, mission, airings = (
            store.fingerprint(), store.codebook_version(), store.mission(), store.airings(),
        )  # fmt: skip
        return cls(version, fingerprint, mission, airings, tables_of(mission, airings))

    @property
    def changed(self) -> bool:
        """Whether anything waits to be saved."""
        return self.merged or any(self.edits.values())

    def key(self, table: str, view: str = "") -> str:
        """The key of a grid's widget."""
        return f"grid.{self.fingerprint[:12]}.{self.turn}.{table}.{view}"

    def merge(self, gone: Iterable[str]) -> None:
        """Take the edits of grids that are no longer drawn into the sources; all grids start anew from there."""
        if any(self.edits[key] for key in gone):
            self.sources = self.tables()
            self.edits, self.turn, self.merged = {}, self.turn + 1, True

    def tables(self) -> dict[str, list[Row]]:
        """The tables with every edit applied, as a copy."""
        tables = {name: [dict(row) for row in rows] for name, rows in self.sources.items()}
        for edits in self.edits.values():
            tables[edits.table] = with_edits(tables[edits.table], edits.shown, edits.state)
        return tables


def with_edits(rows: Sequence[Row], shown: Sequence[int], state: Mapping[str, Any]) -> list[Row]:
    """The table after a grid's edits; `shown` are the places of the rows that the grid was given.

    `state` has `edited_rows` (row of the grid -> column -> cell), `added_rows` and `deleted_rows`.
    """
    changed = [dict(row) for row in rows]
    for number, cells in state.get("edited_rows", {}).items():
        changed[shown[int(number)]] |= {name: _cell(value) for name, value in cells.items()}
    gone = {shown[int(number)] for number in state.get("deleted_rows", ())}
    added = [
        {name: _cell(value) for name, value in cells.items() if not name.startswith("_")}
        for cells in state.get("added_rows", ())
    ]
    return [row for place, row in enumerate(changed) if place not in gone] + added


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return LIST_MARK.join(str(part) for part in value)
    return "" if value is None else str(value)


def framed(rows: Sequence[Row], table: str, mission: Mission) -> pd.DataFrame:
    """Rows for a grid; a cell of several values is a list there."""
    columns = columns_of(table, mission)
    lists = LISTS.get(table, ())
    cells = [
        [list(filter(None, text.split(LIST_MARK))) if name in lists else text for name, text in _filled(row, columns)]
        for row in rows
    ]
    return pd.DataFrame(cells, columns=list(columns), dtype=object)


def _filled(row: Row, columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, row.get(name, "")) for name in columns)


def headings(t: Translate, draft: Draft, table: str) -> dict[str, Any]:
    """How each column of a table is shown and filled in."""
    outlets = [row["outlet"] for row in draft.sources["outlets"] if row.get("outlet")]
    named: dict[tuple[str, str], Iterable[str]] = {
        ("airings", "outlet"): outlets,
        ("airings", "format"): ["", *(part.name for part in draft.mission.formats)],
        ("airings", "slot"): ["", *(part.name for part in draft.mission.slots)],
    }
    columns: dict[str, Any] = {}
    for name in columns_of(table, draft.mission):
        about: dict[str, Any] = {
            "label": _heading(t, name),
            "width": WIDTHS.get(name),
        }
        if name in HINTED and not (table == "airings" and name == "outlet"):
            about["help"] = t(f"page.mission.hint.{name}")
        if name in LISTS.get(table, ()):
            columns[name] = st.column_config.MultiselectColumn(options=outlets, **about | {"width": "large"})
        elif (table, name) in VOCABULARY:
            default = DEFAULTS.get((table, name))
            options = [str(value) for value in VOCABULARY[table, name]]
            columns[name] = st.column_config.SelectboxColumn(
                options=options, format_func=lambda value: t(f"page.mission.value.{value}"), default=default, **about
            )
        elif (table, name) in named:
            columns[name] = st.column_config.SelectboxColumn(options=list(named[table, name]), **about)
        else:
            columns[name] = st.column_config.TextColumn(**about)
    return columns


def _heading(t: Translate, name: str) -> str:
    if name.startswith("name_"):
        return t("page.mission.column.name_in", language=name.removeprefix("name_"))
    return t(f"page.mission.column.{name}")


def grid(t: Translate, draft: Draft, table: str, shown: Sequence[int], view: str, writable: bool) -> None:
    """Draw these rows of a table; what was edited in them is kept in the draft."""
    rows = framed([draft.sources[table][place] for place in shown], table, draft.mission)
    columns = headings(t, draft, table)
    key = draft.key(table, view)
    if not writable:
        st.dataframe(rows, key=key, height=_height(len(rows)), hide_index=True, column_config=columns, placeholder="")
        return
    modes: dict[str, Literal["add", "fixed"]] = {"airings": "add", **dict.fromkeys(FIXED, "fixed")}
    mode: Literal["add", "fixed", "dynamic"] = modes.get(table, "dynamic")
    height = _height(len(rows) + (mode != "fixed"))
    st.data_editor(rows, key=key, num_rows=mode, height=height, hide_index=True, column_config=columns, placeholder="")
    draft.edits[key] = Edits(table, tuple(shown), deepcopy(dict(st.session_state[key])))


def _height(rows: int) -> int | Literal["content"]:
    return "content" if rows < MOST_ROWS_HIGH else 430
