"""Beside a result: what happened on its outlets and days that its numbers cannot show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from coding.incident import Incident
from coding.incidents.rows import in_order
from coding.incidents.touching import touching
from coding.store import Store
from coding.store.incidents import IncidentRevision, newest_revisions
from monitoring.words import Words

if TYPE_CHECKING:
    from monitoring.pages.frame import View

LOG = "monitoring/pages/incidents.py"
MOST_SHOWN = 50
"""Incidents in one list on the screen."""
STYLE = """<style>
.ev-beside { margin: 0; padding: 0; list-style: none; font-size: .92rem; }
.ev-beside li { display: grid; grid-template-columns: 12rem 1fr; column-gap: 1rem; padding: .15rem 0; }
.ev-beside span { color: var(--ev-quiet); overflow-wrap: anywhere; }
</style>"""


@dataclass(frozen=True)
class Log:
    """The incidents that stand, in the order of their first day; and the retracted ones as they were written."""

    standing: tuple[Incident, ...]
    retracted: tuple[IncidentRevision, ...]


def log_of(store: Store) -> Log:
    """The log, read once for each state of the record: every page of results asks for it at each run."""
    return _log(store.url, store.fingerprint(), store)


@st.cache_resource(max_entries=8, show_spinner=False)
def _log(url: str, state: str, _store: Store) -> Log:
    found = newest_revisions(_store)
    standing = in_order(each.incident for each in found if not each.retracted)
    return Log(tuple(standing), tuple(each for each in found if each.retracted))


def beside(view: "View") -> None:
    """The incidents on the outlets and days of the selection, folded; nothing where there is none."""
    found = touching_view(view)
    if not found:
        return
    words = view.words
    with st.expander(words.t("page.incidents.beside", count=words.number(len(found)))):
        lines = "".join(_line(view, each) for each in found[:MOST_SHOWN])
        st.html(f'{STYLE}<ul class="ev-beside">{lines}</ul>')
        if told := more(words, found):
            st.html(f'<p class="ev-note">{escape(told)}</p>')
        st.page_link(LOG, label=words.t("page.incidents.beside_all"))


def more(words: Words, found: Sequence[Incident]) -> str:
    """That a list holds only the first incidents, where there are more; else nothing."""
    numbers = {"shown": words.number(MOST_SHOWN), "total": words.number(len(found))}
    return words.t("page.incidents.beside_first", **numbers) if len(found) > MOST_SHOWN else ""


def days_text(words: Words, each: Incident) -> str:
    """The day of an incident, or its days, with the year."""
    if each.start != each.last:
        return words.days(each.start, each.last)
    return words.t("page.my_work.day", day=words.day(each.start), year=each.start.year)


def touching_view(view: "View") -> list[Incident]:
    """Those of the outlets of the selection, and those of none; where no days were chosen, of all days."""
    chosen = view.selection
    outlets = chosen.outlets or [o.name for o in view.words.mission.outlets if o.medium in chosen.media]
    return touching(log_of(view.store).standing, outlets, chosen.start or date.min, chosen.end or date.max)


def _line(view: "View", each: Incident) -> str:
    words = view.words
    outlet = f"{words.named('outlet', each.outlet)}: " if each.outlet else ""
    when = " ".join(filter(None, (days_text(words, each), each.clock)))
    return f'<li><span>{escape(when)}</span><div dir="auto">{escape(outlet + each.title)}</div></li>'
