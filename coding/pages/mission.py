"""The Mission page: its parts in tables (outlets, subjects, airings, …), saved as a new codebook version."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

import streamlit as st
from sqlalchemy import select

from coding.languages import Translate
from coding.mission.editing import mission_from_tables
from coding.mission.in_use import Used, unfitting
from coding.mission.tables import Row
from coding.pages import frame
from coding.pages.grid import FIRST, FIXED, Draft, grid
from coding.problems import Problem, ProblemsFound
from coding.store import Store, schema
from coding.store.engine import reading

TABLES = ("outlets", "subjects", "airings", "windows", "periods", "suggestions", "double_coding")
AT_MOST = 200  # airings on the screen at a time; a bare string would be drawn on the page
YEAR = timedelta(366)


def body(opened: frame.Opened) -> None:
    """The version, the tables, and what saving asks for."""
    t = opened.t
    frame.text("note", _version(opened))
    if opened.from_folder:
        frame.copy_offer(opened, t("page.mission.folder"))
    said = st.session_state.pop(f"saved.{opened.where}", "")
    if said:
        frame.text("good", said)
    draft = _draft(opened)
    _tables(opened, draft)
    if not opened.from_folder:
        _saving(opened, draft)


def _version(opened: frame.Opened) -> str:
    """Which codebook this is, since when, and why."""
    newest = select(schema.codebook).order_by(schema.codebook.c.version.desc()).limit(1)
    with reading(opened.store.engine) as connection:
        row = connection.execute(newest).mappings().one()
    when = str(row["recorded_at"])[:16].replace("T", " ")
    values = {"version": row["version"], "when": when, "who": row["recorded_by"], "reason": row["reason"]}
    return opened.t("page.mission.version", **values)


def _draft(opened: frame.Opened) -> Draft:
    """The draft of this session; read anew when somebody wrote and nothing waits to be saved here."""
    kept = st.session_state.get("draft")
    if not isinstance(kept, tuple) or kept[0] != opened.where:
        kept = (opened.where, Draft.of(opened.store))
    draft: Draft = kept[1]
    if not draft.changed and draft.fingerprint != opened.store.fingerprint():
        draft = Draft.of(opened.store)
    st.session_state["draft"] = (opened.where, draft)
    draft.merge([key for key in draft.edits if key not in st.session_state])
    return draft


def _tables(opened: frame.Opened, draft: Draft) -> None:
    t = opened.t
    titles = [_title(t, name, len(draft.sources[name])) for name in TABLES]
    for tab, name in zip(st.tabs(titles), TABLES, strict=True):
        with tab:
            if name == "airings":
                _airings(opened, draft)
            else:
                frame.text("note", t(f"page.mission.about_{name}"))
                places = range(len(draft.sources[name]))
                grid(t, draft, name, places, "", not opened.from_folder)


def _title(t: Translate, name: str, rows: int) -> str:
    title = t(f"page.mission.{name}")
    return title if name in FIXED else t("page.mission.tab", name=title, rows=rows)


def _airings(opened: frame.Opened, draft: Draft) -> None:
    """One page of the airings of an outlet and a stretch of days."""
    t = opened.t
    frame.text("note", t("page.mission.about_airings"))
    rows = draft.sources["airings"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        outlet, days = _filters(opened, rows)
        places = [i for i, row in enumerate(rows) if _wanted(row, outlet, days)]
        pages = max(1, ceil(len(places) / AT_MOST))
        page = st.pagination(pages, key=f"{opened.where}.airings.page") if pages > 1 else 1
    view = f"{outlet}.{days}.{page}"
    drawn = draft.key("airings", view)
    draft.merge([key for key, edits in draft.edits.items() if edits.table == "airings" and key != drawn])
    shown = places[(page - 1) * AT_MOST : page * AT_MOST]
    if rows and not places:
        frame.text("told", t("page.mission.no_airings"))
    elif len(shown) < len(rows):
        frame.text("note", t("page.mission.some_airings", shown=len(shown), found=len(places), total=len(rows)))
    grid(t, draft, "airings", shown, view, not opened.from_folder)


def _filters(opened: frame.Opened, rows: Sequence[Row]) -> tuple[str, tuple[str, str]]:
    """The chosen outlet (none: all) and the first and last day as text (none: all)."""
    t, key = opened.t, f"{opened.where}.airings"
    outlets = ["", *dict.fromkeys(row.get("outlet", "") for row in rows if row.get("outlet"))]
    outlet = st.selectbox(
        t("page.mission.column.outlet"), outlets, format_func=lambda name: name or t("app.filter.every"),
        key=f"{key}.outlet", width=240,
    )  # fmt: skip
    dates = [date.fromisoformat(row["date"]) for row in rows if _is_date(row.get("date", ""))] or [date.today()]
    first, last = min(dates), max(dates)
    # a mistyped year must not leave the calendar
    earliest, latest = max(first, date.min + YEAR) - YEAR, min(last, date.max - YEAR) + YEAR
    picked: Any = st.date_input(
        t("app.filter.days"), (first, last), min_value=earliest, max_value=latest,
        format="YYYY-MM-DD", key=f"{key}.days", width=240,
    )  # fmt: skip
    ends = tuple(str(day) for day in picked) if isinstance(picked, tuple) else (str(picked),)
    if not ends or (ends[0], ends[-1]) == (str(first), str(last)):
        return str(outlet), ("", "")
    return str(outlet), (ends[0], ends[-1])


def _is_date(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _wanted(row: Row, outlet: str, days: tuple[str, str]) -> bool:
    """Whether an airing is shown; where days are chosen, an airing whose date cannot be read is shown too."""
    day = row.get("date", "")
    in_days = not days[0] or not _is_date(day) or days[0] <= day <= days[1]
    return in_days and outlet in ("", row.get("outlet", ""))


def _saving(opened: frame.Opened, draft: Draft) -> None:
    """The reason, Save and Discard, and what stands in the way."""
    t = opened.t
    frame.text("note", t("page.mission.waiting" if draft.changed else "page.mission.unchanged"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(
            t("page.mission.reason"), key=f"reason.{draft.fingerprint}", placeholder=t("page.mission.reason_example"),
            max_chars=300,
        )  # fmt: skip
        pressed = st.button(t("page.mission.save"), type="primary", key="save")
        st.button(t("page.mission.discard"), key="discard", on_click=_discard)
    if pressed:
        _save(opened, draft, reason)


def _discard() -> None:
    st.session_state.pop("draft", None)


def _save(opened: frame.Opened, draft: Draft, reason: str) -> None:
    t, tables = opened.t, draft.tables()
    if not draft.changed:
        frame.text("told", t("page.mission.unchanged"))
        return
    try:
        if not reason.strip():
            raise ProblemsFound([Problem("missing_value", "reason", column=t("page.mission.reason"))])
        with st.spinner(t("page.mission.saving")):
            version = save(opened.store, draft, tables, reason.strip(), opened.person.name)
    except ProblemsFound as found:
        frame.text("bad", t("page.mission.refused", count=len(found.problems)))
        frame.problem_table(t, found.problems, lambda problem: _place(opened, tables, problem))
        return
    _discard()
    key = "page.mission.saved" if version != draft.version else "page.mission.saved_airings"
    st.session_state[f"saved.{opened.where}"] = t(key, version=version)
    st.rerun()


def save(store: Store, draft: Draft, tables: dict[str, list[Row]], reason: str, by: str) -> int:
    """Check everything, then write; returns the codebook version. Raises ProblemsFound, and then wrote nothing."""
    segments = store.segments()
    held = {airing.airing_id: airing for airing in store.airings()}
    mission, airings = mission_from_tables(draft.mission, tables, Used.by(held.values(), segments))
    problems = unfitting(mission, airings, (draft.mission, draft.airings), segments)
    read = {airing.airing_id: airing for airing in draft.airings}
    changed = [airing for airing in airings if read.get(airing.airing_id) != airing]
    problems += [
        Problem("airing_changed", "airings", None, "airing_id", airing.airing_id)
        for airing in changed
        if held.get(airing.airing_id) != read.get(airing.airing_id)
    ]
    problems += [
        Problem("airing_stays", "airings", None, "airing_id", airing_id)
        for airing_id in sorted(held.keys() & read.keys() - {airing.airing_id for airing in airings})
    ]
    if problems:
        raise ProblemsFound(problems)
    return store.put_mission(mission, changed, by, reason, expected_version=draft.version)


def _place(opened: frame.Opened, tables: dict[str, list[Row]], problem: Problem) -> tuple[str, str]:
    """The table's name on its tab, and the row by number and name."""
    if problem.file not in tables:
        return opened.t("page.mission.rest"), ""
    rows = tables[problem.file]
    number = problem.line or 0
    name = rows[number - 1].get(FIRST[problem.file], "") if 0 < number <= len(rows) else ""
    return opened.t(f"page.mission.{problem.file}"), f"{number} · {name}" if number else ""


frame.show("mission", body)
