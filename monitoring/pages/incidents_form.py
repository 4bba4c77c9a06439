"""The form of an incident: recorded anew, or corrected. What was typed stays when a save is refused.

Its fields are no `st.form`: each one reaches the session as soon as it is left, and is kept there on other pages too.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from coding.incident import Incident
from coding.incidents.amounts import READINGS, amount_text, read_amount
from coding.incidents.checking import unit_of
from coding.incidents.documents import documents_text, read_documents
from coding.mission.clock import duration_text
from coding.mission.model import Airing
from coding.mission.tables import checked
from coding.pages import work_words
from coding.problems import Problem, ProblemsFound
from coding.segment import Segment
from coding.store.incidents import correct_incident, record_incident
from coding.vocabulary import IncidentKind, Unit
from monitoring.pages import frame

if TYPE_CHECKING:
    from monitoring.pages.incidents_card import Desk

PAGE = "page.incidents"
DRAFT = "incidents.draft"
KEPT: dict[str, Any] = {"persist_state": "session"}
LONGEST_TITLE, LONGEST_TEXT = 300, 5_000


def form(desk: "Desk", held: Incident | None) -> None:
    """The fields of a new incident, or of one that is corrected, and what became of saving it."""
    with st.container(border=held is None, key="incidents.form"):
        _form(desk, held)


def _form(desk: "Desk", held: Incident | None) -> None:
    t = desk.t
    frame.text("head", t(f"{PAGE}.new" if held is None else f"{PAGE}.correcting"), "h2")
    draft = _draft() if held is None else held.incident_id
    fields = _Fields(desk, held, f"{draft}.{held.revision if held else 0}")
    given, problems = fields.read()
    reason = fields.text("reason_correct", "") if held else ""
    frame.text("note", t(f"{PAGE}.draft"))
    with st.container(horizontal=True):
        pressed = st.button(t(f"{PAGE}.save"), type="primary", key=f"incidents.save.{draft}")
        st.button(t(f"{PAGE}.cancel"), key=f"incidents.cancel.{draft}", on_click=_discard, args=(desk,))
    if pressed:
        try:
            made = _saved(desk, held, {**given, "incident_id": draft}, problems, reason)
        except ProblemsFound as found:
            _refused(desk, found.problems)
        else:
            st.session_state.pop(DRAFT, None)
            key = "recorded" if held is None else "corrected" if made.revision != held.revision else "unchanged"
            desk.done(t(f"{PAGE}.{key}", title=made.title))


def _draft() -> str:
    """The id of the incident that is being written: a second press stores it once."""
    return str(st.session_state.setdefault(DRAFT, str(uuid4())))


def _discard(desk: "Desk") -> None:
    st.session_state.pop(DRAFT, None)
    desk.do()


def _saved(
    desk: "Desk", held: Incident | None, given: Mapping[str, Any], problems: list[Problem], reason: str
) -> Incident:
    """The incident as it is stored now. Raises ProblemsFound where anything is wrong: then nothing was stored."""
    known = {} if held is None else {"revision": held.revision}
    made = checked(Incident, {**given, **known}, "", None, problems)
    if made is None or problems:
        raise ProblemsFound(problems)
    if held is None:
        return record_incident(desk.store, made, desk.writer)
    return correct_incident(desk.store, made, desk.writer, reason)


def _refused(desk: "Desk", problems: Sequence[Problem]) -> None:
    """Every problem under the name of its field."""
    lines = [desk.t(f"{PAGE}.refused")]
    for problem in problems:
        column = problem.column.split(".")[0]
        label = "" if column in ("", "revision", "incident_id") else desk.t(f"{PAGE}.field.{column}")
        lines.append(": ".join(filter(None, (label, problem.message(desk.t)))))
    frame.text("bad", "\n".join(lines))


class _Fields:
    """The widgets of one draft; `held` fills them at first."""

    def __init__(self, desk: "Desk", held: Incident | None, draft: str) -> None:
        self.desk, self.t, self.held, self.draft = desk, desk.t, held, draft
        self.mission = desk.words.mission

    def read(self) -> tuple[dict[str, Any], list[Problem]]:
        """What the fields hold, by the names of an incident's fields, and what of it could not be read."""
        given: dict[str, Any] = {}
        with st.container(horizontal=True):
            kinds = {str(kind): self.t(f"incidents.kind.{kind}") for kind in IncidentKind}
            given["kind"] = self.choice("kind", kinds, width=240) or ""
            given["title"] = self.text("title", "", max_chars=LONGEST_TITLE)
        with st.container(horizontal=True):
            given["from"], given["to"] = self.day("from"), self.day("to")
            given["clock"] = self.text("clock", "", width=120, placeholder=self.t(f"{PAGE}.clock_form"))
            given["outlet"] = self.choice("outlet", self._named("outlet", self.mission.outlets))
            subjects = sorted(self.mission.subjects, key=lambda each: each.ballot or len(self.mission.subjects) + 1)
            given["contestant"] = self.choice("contestant", self._named("subject", subjects))
        given["text"] = self.area("text")
        with st.container(horizontal=True):
            formats = {part.name: self.desk.words.term(part.name) for part in self.mission.formats}
            given["format"] = self.choice("format", formats, width=240)
            amount, problems = self._amount(given["outlet"], given["format"])
        places = self._place(given["outlet"]) if given["outlet"] else {}
        with st.container(horizontal=True):
            given["source"] = self.text("source", "")
            written = self.area("documents", documents_text(self.held.documents, "\n") if self.held else "")
        given["outcome"] = self.area("outcome")
        given["closed"] = st.checkbox(
            self.t(f"{PAGE}.field.closed"), self.held.closed if self.held else False, key=self.key("closed"), **KEPT
        )
        return given | amount | places | {"documents": read_documents(written)}, problems

    def key(self, name: str) -> str:
        return f"incidents.draft.{self.draft}.{name}"

    def before(self, name: str) -> Any:
        """What the field held before it was touched."""
        return getattr(self.held, {"from": "start", "to": "end"}.get(name, name), None) if self.held else None

    def text(self, name: str, value: str, **options: Any) -> str:
        """A line of text."""
        shown = str(self.before(name) or value)
        return st.text_input(self.t(f"{PAGE}.field.{name}"), shown, key=self.key(name), **options, **KEPT) or ""

    def area(self, name: str, value: str | None = None) -> str:
        """A longer text."""
        shown = str(self.before(name) or "") if value is None else value
        hint = self.t(f"{PAGE}.hint_{name}")
        label = self.t(f"{PAGE}.field.{name}")
        kept = {"key": self.key(name), "max_chars": LONGEST_TEXT, "height": 80, **KEPT}
        return st.text_area(label, shown, placeholder=hint, **kept) or ""

    def day(self, name: str) -> date | None:
        """A day, or none."""
        picked: date | None = st.date_input(
            self.t(f"{PAGE}.field.{name}"), self.before(name), format="YYYY-MM-DD", width=150, key=self.key(name),
            min_value=date(1990, 1, 1), max_value=date(2100, 1, 1), **KEPT,
        )  # fmt: skip
        return picked

    def choice(self, name: str, shown: Mapping[str, str], scope: str = "", **options: Any) -> str:
        """One of the names, or none; a name that the mission has no more stays offered."""
        before = str(self.before(name) or "")
        values = [*shown, *([before] if before and before not in shown and not scope else [])]
        index = values.index(before) if before in values else None
        return st.selectbox(
            self.t(f"{PAGE}.field.{name}"), values, index, format_func=lambda value: shown.get(value, value),
            key=self.key(name + scope), placeholder=self.t(f"{PAGE}.none"), **options, **KEPT,
        ) or ""  # fmt: skip

    def _named(self, column: str, parts: Sequence[Any]) -> dict[str, str]:
        return {part.name: self.desk.words.named(column, part.name) for part in parts}

    def _amount(self, outlet: str, format_: str) -> tuple[dict[str, Any], list[Problem]]:
        """The amount in the unit of what it is of; the unit is asked for where neither outlet nor format tells it."""
        unit = unit_of(self.mission, outlet, format_)
        if unit is None:
            picked = self.choice("unit", {each.value: self.t(f"word.unit.{each}") for each in Unit}, width=200)
            unit = Unit(picked) if picked else None
        held = self.held
        before = amount_text(held.amount, held.unit) if held and held.amount and held.unit else ""
        form_ = READINGS[unit] if unit else self.t(f"{PAGE}.amount_any")
        label = f"{self.t(f'{PAGE}.field.amount')} ({form_})"
        written = st.text_input(label, before, key=self.key("amount"), **KEPT) or ""
        if not written.strip():
            return {}, []
        if unit is None:
            return {}, [Problem("incident.amount_alone", column="unit", value=written)]
        try:
            return {"amount": read_amount(written, unit), "unit": unit}, []
        except ProblemsFound as found:
            return {}, list(found.problems)

    def _place(self, outlet: str) -> dict[str, str]:
        """The airing and the segment that it is about: by day and time, never by an identifier."""
        airings = {each.airing_id: each for each in self.desk.store.airings() if each.outlet == outlet}
        if not airings:
            return {}
        frame.text("note", self.t(f"{PAGE}.segment_about"))
        held = airings.get(self.before("airing_id") or "")
        days = sorted({each.date for each in airings.values()})
        with st.container(horizontal=True):
            day = st.selectbox(
                self.t(f"{PAGE}.field.airing_day"), days, days.index(held.date) if held else None, width=170,
                key=self.key(f"day.{outlet}"), placeholder=self.t(f"{PAGE}.none"), **KEPT,
            )  # fmt: skip
            of_day = {name: each for name, each in airings.items() if each.date == day}
            airing = self.choice("airing_id", self._airings(of_day), f".{outlet}.{day}") if of_day else ""
            segment = self._segment(of_day[airing]) if airing else ""
        return {"airing_id": airing, "segment_id": segment}

    def _airings(self, airings: Mapping[str, Airing]) -> dict[str, str]:
        return {name: work_words.label(self.t, self.mission, each) for name, each in airings.items()}

    def _segment(self, airing: Airing) -> str:
        found = sorted(
            self.desk.store.segments([airing.airing_id]), key=lambda each: (each.start_ms or 0, each.page or 0)
        )
        return self.choice("segment_id", {each.segment_id: self._one(each) for each in found}, f".{airing.airing_id}")

    def _one(self, each: Segment) -> str:
        words = self.desk.words
        start = "" if each.start_ms is None else duration_text(each.start_ms - each.start_ms % 1000)
        parts = (start, words.named("subject", each.subject), words.term(each.tone), each.text[:80], each.coder)
        return " · ".join(filter(None, parts))
