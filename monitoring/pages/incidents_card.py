"""One incident on the page: what happened, what proves it, the segment behind it, its history, and taking it back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from coding.incident import Document, Incident
from coding.incidents.differences import changed_fields
from coding.languages import Translate
from coding.pages import work_words
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.incidents import IncidentRevision, incident_history, retract_incident
from monitoring.incident_table import segment_behind
from monitoring.pages import frame
from monitoring.pages.answer import shown_segments
from monitoring.pages.incidents_beside import days_text
from monitoring.pages.incidents_form import form
from monitoring.words import Words

PAGE = "page.incidents"
DOING, SEEN, OPEN, TOLD = "incidents.doing", "incidents.seen", "incidents.open", "incidents.told"
LONGEST_REASON = 500
STYLE = """<style>
.ev-incident { display: grid; grid-template-columns: 11.5rem 1fr; column-gap: 1.2rem; }
.ev-incident p, .ev-incident h2, .ev-incident dl, .ev-incident dd { margin: 0; padding: 0; overflow-wrap: anywhere; }
.ev-incident .ev-when { font-variant-numeric: tabular-nums; font-weight: 600; font-size: .92rem; line-height: 1.5; }
.ev-incident .ev-kind { color: var(--ev-accent); font-size: .92rem; }
.ev-incident .ev-state { color: var(--ev-quiet); font-size: .88rem; }
.ev-incident h2 { font-size: 1.02rem; font-weight: 650; line-height: 1.4; }
.ev-incident .ev-said { white-space: pre-line; line-height: 1.5; margin: .15rem 0 .35rem; }
.ev-incident dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem; font-size: .9rem; }
.ev-incident dt { color: var(--ev-quiet); }
.ev-incident dd { white-space: pre-line; }
.ev-incident a { color: var(--ev-accent); }
[class*="st-key-incidents-card"] [data-testid="stBaseButton-secondary"] { min-height: 1.9rem; padding: .1rem .7rem; }
[class*="st-key-incidents-card"] [data-testid="stBaseButton-secondary"] p { font-size: .88rem; }
.ev-history { margin: 0; padding: 0 0 0 1.1rem; font-size: .9rem; }
.ev-history li { margin: 0 0 .35rem; overflow-wrap: anywhere; white-space: pre-line; }
.ev-history ul { margin: .1rem 0 0; padding: 0 0 0 1.1rem; color: var(--ev-quiet); }
@media (max-width: 700px) { .ev-incident { grid-template-columns: 1fr; } }
</style>"""


@dataclass(frozen=True)
class Desk:
    """What the page works with; `writer` is who may write here, empty for everybody else."""

    words: Words
    store: Store
    writer: str

    @property
    def t(self) -> Translate:
        return self.words.t

    @property
    def writes(self) -> bool:
        return bool(self.writer)

    @property
    def doing(self) -> str:
        """What is being done: `new`, the id of an incident that is corrected, `retract ID`, or nothing."""
        return str(st.session_state.get(DOING, ""))

    def do(self, what: str = "", seen: Incident | None = None) -> None:
        """Begin something, with the incident as the person sees it now; or end it."""
        st.session_state[DOING], st.session_state[SEEN] = what, seen

    @property
    def begun(self) -> Incident | None:
        """The incident that the person began to correct, wherever it is now: others may have retracted it."""
        held = st.session_state.get(SEEN)
        return held if isinstance(held, Incident) and held.incident_id == self.doing else None

    def seen(self, incident: Incident) -> Incident:
        """The incident as it was when the person began: what others wrote since is told, not overwritten."""
        held = st.session_state.get(SEEN)
        return held if isinstance(held, Incident) and held.incident_id == incident.incident_id else incident

    def done(self, words: str) -> None:
        """Say at the next run, which begins now, what was saved."""
        st.session_state[TOLD] = words
        self.do()
        st.rerun()

    def say_what_was_done(self) -> None:
        """What was saved last, once."""
        told = st.session_state.pop(TOLD, "")
        if told:
            frame.text("good", told)


def card(desk: Desk, incident: Incident) -> None:
    """An incident with everything that is known about it; what stands behind it opens with a button."""
    t, key = desk.t, incident.incident_id
    opened = st.session_state.get(OPEN) == key
    with st.container(border=True, key=f"incidents.card.{key}"):
        st.html(f'<article class="ev-incident">{_side(desk, incident)}{_main(desk, incident)}</article>')
        with st.container(horizontal=True):
            label = t(f"{PAGE}.less" if opened else f"{PAGE}.more")
            st.button(label, key=f"incidents.open.{key}", on_click=_open, args=("" if opened else key,))
            if desk.writes:
                st.button(t(f"{PAGE}.correct"), key=f"incidents.correct.{key}", on_click=desk.do, args=(key, incident))
                asked = f"retract {key}"
                st.button(
                    t(f"{PAGE}.retract"), key=f"incidents.retract.{key}", on_click=desk.do, args=(asked, incident)
                )
        if desk.writes and desk.doing == key:
            form(desk, desk.seen(incident))
        if desk.writes and desk.doing == f"retract {key}":
            _retract(desk, desk.seen(incident))
        if opened:
            _behind(desk, incident)


def _open(key: str) -> None:
    st.session_state[OPEN] = key


def _side(desk: Desk, each: Incident) -> str:
    words, t = desk.words, desk.t
    state = t("incidents.closed" if each.closed else "incidents.open")
    outlet = words.named("outlet", each.outlet) if each.outlet else ""
    clock = f'<p class="ev-when">{escape(each.clock)}</p>' if each.clock else ""
    return (
        f'<div><p class="ev-when">{escape(days_text(words, each))}</p>{clock}'
        f'<p class="ev-kind">{escape(t(f"incidents.kind.{each.kind}"))}</p>'
        f'<p dir="auto">{escape(outlet)}</p><p class="ev-state">{escape(state)}</p></div>'
    )


def _main(desk: Desk, each: Incident) -> str:
    said = f'<p class="ev-said" dir="auto">{escape(each.text)}</p>' if each.text else ""
    facts = "".join(f'<dt>{escape(name)}</dt><dd dir="auto">{told}</dd>' for name, told in _facts(desk, each))
    return f'<div><h2 dir="auto">{escape(each.title)}</h2>{said}<dl>{facts}</dl></div>'


def _facts(desk: Desk, each: Incident) -> Iterator[tuple[str, str]]:
    """Headings and what stands under them, as markup of which every text is escaped."""
    words = desk.words
    plain = {
        "contestant": words.named("subject", each.contestant) if each.contestant else "",
        "format": words.term(each.format),
        "amount": words.amount(each.amount, each.unit) if each.amount is not None and each.unit else "",
        "source": each.source,
    }
    for name, text in plain.items():
        if text:
            yield desk.t(f"{PAGE}.field.{name}"), escape(text)
    if each.documents:
        yield desk.t(f"{PAGE}.field.documents"), "<br>".join(map(_document, each.documents))
    if each.outcome:
        yield desk.t(f"{PAGE}.field.outcome"), escape(each.outcome)


def _document(each: Document) -> str:
    """A link for an address of the web, which opens only when somebody follows it; anything else is plain text."""
    if each.is_link:
        return f'<a href="{escape(each.address)}" target="_blank" rel="noopener noreferrer">{escape(each.name)}</a>'
    return escape(" · ".join(filter(None, (each.name, each.address))))


# behind it


def _behind(desk: Desk, incident: Incident) -> None:
    """The airing and the segment that the incident is about, and every revision."""
    t, words = desk.t, desk.words
    airing = desk.store.airing(incident.airing_id) if incident.airing_id else None
    frame.text("head", t(f"{PAGE}.behind"), "h2")
    if airing is not None:
        frame.text("note", work_words.label(t, words.mission, airing))
    found = segment_behind(desk.store, words.mission, incident)
    if len(found):
        shown = shown_segments(found, words)
        columns = {name: st.column_config.Column(t(f"word.column.{name}")) for name in shown.columns}
        st.dataframe(shown, hide_index=True, column_config=columns, key=f"incidents.segment.{incident.incident_id}")
    else:
        key = "segment_gone" if incident.segment_id else "no_segment"
        frame.text("note", t(f"{PAGE}.{key}"))
    frame.text("head", t(f"{PAGE}.history"), "h2")
    st.html(history_list(desk, incident_history(desk.store, incident.incident_id)))


def history_list(desk: Desk, revisions: Sequence[IncidentRevision]) -> str:
    """Every revision as a list: who, when, why, and what it changed; all texts escaped."""
    lines = []
    for before, each in zip([revisions[0], *revisions], revisions, strict=False):
        changed = changed_fields(before.incident, each.incident)
        fields = "".join(f"<li>{escape(_changed(desk, *field))}</li>" for field in changed)
        told = escape(_revision(desk, each))
        lines.append(f'<li dir="auto">{told}{f"<ul>{fields}</ul>" if fields else ""}</li>')
    return f'<ol class="ev-history">{"".join(lines)}</ol>'


def _revision(desk: Desk, each: IncidentRevision) -> str:
    done = "retracted" if each.retracted else "recorded" if each.incident.revision == 1 else "corrected"
    when = work_words.saved(desk.t, desk.words.mission, each.recorded_at)
    told = desk.t(f"{PAGE}.history_{done}", who=each.recorded_by, when=when)
    return f"{told}: {each.reason}" if each.reason else told


def _changed(desk: Desk, name: str, old: str, new: str) -> str:
    none = desk.t("word.no_value")
    values = {"field": desk.t(f"{PAGE}.field.{name}"), "old": old or none, "new": new or none}
    return desk.t(f"{PAGE}.changed", **values)


def _retract(desk: Desk, incident: Incident) -> None:
    """Taking an incident out of the log: a reason is a must, and it stays in its history."""
    t, key = desk.t, f"{incident.incident_id}.{incident.revision}"
    reason = st.text_input(
        t(f"{PAGE}.reason"), key=f"incidents.reason.{key}", max_chars=LONGEST_REASON, persist_state="session"
    )
    with st.container(horizontal=True):
        pressed = st.button(t(f"{PAGE}.retract_yes"), type="primary", key="incidents.retract_yes")
        st.button(t(f"{PAGE}.cancel"), key="incidents.retract_no", on_click=desk.do)
    if pressed:
        try:
            retract_incident(desk.store, incident.incident_id, incident.revision, desk.writer, reason)
        except ProblemsFound as found:
            frame.text("bad", "\n".join(problem.message(t) for problem in found.problems))
        else:
            desk.done(t(f"{PAGE}.retracted", title=incident.title))


def retracted(desk: Desk, gone: Sequence[IncidentRevision]) -> None:
    """What was taken out of the log, folded away: who did it, when and why."""
    if gone:
        with st.expander(desk.t(f"{PAGE}.retracted_ones", count=desk.words.number(len(gone)))):
            lines = [f"{days_text(desk.words, each.incident)} · {each.incident.title}" for each in gone]
            told = [f"{line}\n{_revision(desk, each)}" for line, each in zip(lines, gone, strict=True)]
            items = "".join(f'<li dir="auto">{escape(line)}</li>' for line in told)
            st.html(f'<ul class="ev-history">{items}</ul>')
