"""Incidents: the log of what numbers cannot show, with its filters, and the form to record one."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from coding.incident import Incident
from coding.pages import frame as record_frame
from coding.pages import who
from coding.people.rights import Right
from coding.store import Store
from coding.store.incidents import IncidentRevision
from coding.store.places import is_url
from coding.vocabulary import IncidentKind
from monitoring.incident_table import chosen, incident_table
from monitoring.pages import frame
from monitoring.pages.incidents_beside import MOST_SHOWN, log_of
from monitoring.pages.incidents_card import STYLE, Desk, card, retracted
from monitoring.pages.incidents_form import form
from monitoring.words import Words

PAGE = "page.incidents"


def draw(store: Store, language: str) -> None:
    """The page: what was saved last, the form where it is open, the filters, and the incidents under them."""
    words = Words(store.mission(), language)
    frame.head(words, "incidents")
    st.html(record_frame.STYLE + STYLE)
    person, where = who.person(), str(st.session_state.get("where"))
    may = person is not None and person.may(Right.INCIDENTS)
    desk = Desk(words, store, person.name if person and may and is_url(where) else "")
    frame.text("note", words.t(f"{PAGE}.about"))
    desk.say_what_was_done()
    if may and not is_url(where):
        frame.text("told", words.t(f"{PAGE}.folder"))
    log = log_of(store)
    if desk.writes:
        _new(desk)
        _kept(desk, {each.incident_id for each in log.standing})
    _log(desk, log.standing, log.retracted)


def _new(desk: Desk) -> None:
    """The form for a new incident, behind its button."""
    if desk.doing == "new":
        form(desk, None)
    else:
        label = desk.t(f"{PAGE}.new")
        st.button(label, type="primary", key="incidents.new", on_click=desk.do, args=("new",))


def _kept(desk: Desk, standing: set[str]) -> None:
    """What somebody has typed stays, also where the incident was retracted by somebody else meanwhile."""
    seen = desk.begun
    if seen is not None and seen.incident_id not in standing:
        form(desk, seen)


def _log(desk: Desk, standing: Sequence[Incident], gone: Sequence[IncidentRevision]) -> None:
    t, words = desk.t, desk.words
    if not standing:
        st.info(t(f"{PAGE}.empty_writer" if desk.writes else f"{PAGE}.empty"))
        retracted(desk, gone)
        return
    found = _filtered(desk, standing)
    numbers = {"shown": len(found), "all": len(standing), "open": sum(not each.closed for each in found)}
    frame.text("note", t(f"{PAGE}.count", **{name: words.number(value) for name, value in numbers.items()}))
    if not found:
        st.info(t(f"{PAGE}.none_found"))
    for each in found[:MOST_SHOWN]:
        card(desk, each)
    if len(found) > MOST_SHOWN:
        frame.text("note", t(f"{PAGE}.first", shown=MOST_SHOWN, total=words.number(len(found))))
    if found:
        st.download_button(
            t("app.download"), lambda: words.csv(incident_table(found)), words.file_name("incidents"), "text/csv",
            key="incidents.download", on_click="ignore",
        )  # fmt: skip
    retracted(desk, gone)


def _filtered(desk: Desk, standing: Sequence[Incident]) -> list[Incident]:
    """The bar of filters, and what is left under them; each offers what the log holds."""
    t, words = desk.t, desk.words
    held = {name: {getattr(each, name) for each in standing} for name in ("kind", "outlet", "contestant")}
    kinds = [kind for kind in IncidentKind if kind in held["kind"]]
    outlets = [o.name for o in words.mission.outlets if o.name in held["outlet"]]
    names = [s.name for s in words.mission.subjects if s.name in held["contestant"]]
    with st.container(horizontal=True, vertical_alignment="bottom", key="incidents.filters"):
        kind = _several(desk, "kind", kinds, lambda value: t(f"incidents.kind.{value}"), 150)
        outlet = _several(desk, "outlet", outlets, lambda value: words.named("outlet", value), 160)
        contestant = _several(desk, "contestant", names, lambda value: words.named("subject", value), 185)
        days = _days(desk, standing)
        state = st.segmented_control(
            t(f"{PAGE}.state"), ("all", "open", "closed"), default="all", required=True, key="incidents.state",
            format_func=lambda name: t(f"{PAGE}.state_{name}"), persist_state="session",
        )  # fmt: skip
    closed = None if state == "all" else state == "closed"
    return chosen(standing, [IncidentKind(value) for value in kind], outlet, contestant, days, closed)


def _several(desk: Desk, name: str, values: Sequence[str], shown: Callable[[str], str], width: int) -> list[str]:
    labels = {str(value): shown(str(value)) for value in values}
    return st.multiselect(
        desk.t(f"{PAGE}.field.{name}"), list(labels), format_func=labels.__getitem__, key=f"incidents.only.{name}",
        placeholder=desk.t("app.filter.every"), width=width, disabled=not labels, persist_state="session",
    )  # fmt: skip


def _days(desk: Desk, standing: Sequence[Incident]) -> tuple[date | None, date | None]:
    """First and last day; none where the whole log is chosen."""
    first, last = min(each.start for each in standing), max(each.last for each in standing)
    picked = st.date_input(
        desk.t("app.filter.days"), (first, last), min_value=first, max_value=last, format="YYYY-MM-DD", width=220,
        key=f"incidents.days.{first}.{last}", persist_state="session",
    )  # fmt: skip
    ends = picked if isinstance(picked, tuple) else (picked,)
    return (ends[0], ends[-1]) if ends else (None, None)


frame.show_store(draw)
