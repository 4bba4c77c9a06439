"""My work: the airings in the hands of whoever is signed in, what is done of each, and the way to the desk."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from math import ceil

import streamlit as st

from coding.desk.component import unsaved
from coding.double_coding.gold import Score, practised
from coding.pages import frame, practice_words, work_words
from coding.people.rights import Right
from coding.progress import Stage, Work, left_by_unit, own_work
from coding.store.places import is_demo, is_url
from coding.vocabulary import PRACTICE, Purpose, Unit

AT_MOST = 25
"""Airings on the screen at a time."""
DESK = "coding/pages/desk.py"
STYLE = """<style>
.ev-sum { font-size: 1.05rem; margin: 0; }
.ev-work { border-top: 1px solid var(--ev-line); padding: .55rem 0 .35rem; margin: 0; line-height: 1.45; }
.ev-work h2 { font-size: 1rem; font-weight: 650; margin: 0; padding: 0; overflow-wrap: anywhere; }
.ev-work p { margin: 0; font-size: .9rem; color: var(--ev-quiet); }
.ev-work b { font-weight: 600; color: var(--ev-ink); font-variant-numeric: tabular-nums; }
.ev-stage { display: inline-block; font-size: .78rem; font-weight: 600; border-radius: 3px; padding: 0 .45rem; margin-inline-start: .5rem; border: 1px solid; vertical-align: 1px; }
.ev-stage.returned { color: var(--ev-bad-ink); background: var(--ev-bad); border-color: var(--ev-bad-edge); }
.ev-stage.begun { color: var(--ev-told-ink); background: var(--ev-told); border-color: var(--ev-accent); }
.ev-stage.open { color: var(--ev-quiet); background: var(--ev-panel); border-color: var(--ev-quiet); }
.ev-stage.done { color: var(--ev-good-ink); background: var(--ev-good); border-color: var(--ev-good-edge); }
.ev-work .ev-said { background: var(--ev-bad); border-inline-start: 4px solid var(--ev-bad-edge); color: var(--ev-bad-ink); padding: .35rem .7rem; margin: .35rem 0; font-size: .95rem; white-space: pre-line; overflow-wrap: anywhere; }
.ev-work.ev-compared { border: 0; border-inline-start: 4px solid var(--ev-accent); padding: .2rem .7rem; }
.ev-work.ev-compared ul { margin: .2rem 0 0 1.1rem; padding: 0; font-size: .9rem; }
.ev-work .ev-bar { height: 4px; background: var(--ev-line); max-width: 420px; margin-top: .3rem; }
.ev-work .ev-bar i { display: block; height: 4px; background: var(--ev-accent); }
</style>"""  # noqa: E501


def body(opened: frame.Opened) -> None:
    """What there is to do, in a sentence, then airing by airing."""
    t = opened.t
    if not is_url(opened.where):
        frame.text("told", t("page.my_work.only_store"))
        return
    unsaved(opened.person.name, str(st.session_state.get("language", "")))
    works = own_work(opened.store, opened.mission, opened.person.name)
    if not works:
        frame.text("told", t("page.my_work.empty_demo" if opened.person.demo else "page.my_work.empty"))
        return
    st.html(STYLE)
    frame.text("sum", _headline(opened, works))
    if is_demo(opened.where):
        frame.text("note", t("page.my_work.demo"))
    shown = _chosen(opened, works)
    if not shown:
        frame.text("told", t("page.my_work.all_done"))
    pages = ceil(len(shown) / AT_MOST)
    page = st.pagination(pages, key=f"my_work.page.{pages}") if pages > 1 else 1
    scores = _scores(opened, works)
    for number, work in enumerate(shown[(page - 1) * AT_MOST : page * AT_MOST]):
        _row(opened, work, scores.get(work.airing.airing_id), first=not number)


def _scores(opened: frame.Opened, works: Sequence[Work]) -> dict[str, Score]:
    """How near the own training came to the agreed codings, where it is done; a test is the supervisor's to tell."""
    if not any(work.assignment.purpose == Purpose.TRAINING and work.stage == Stage.DONE for work in works):
        return {}
    held = practised(opened.store, opened.person.name)
    training = (each for each in held if each.assignment.purpose == Purpose.TRAINING)
    return {each.assignment.airing_id: each.score for each in training if each.score is not None}


def _headline(opened: frame.Opened, works: Sequence[Work]) -> str:
    t, stages = opened.t, Counter(work.stage for work in works)
    values = {
        "open": stages[Stage.OPEN] + stages[Stage.BEGUN],
        "returned": stages[Stage.RETURNED],
        "done": stages[Stage.DONE],
    }
    left = left_by_unit(works)
    told = [t("page.my_work.minutes", count=frame.number(t, ceil(left[Unit.MS] / 60_000)))] if Unit.MS in left else []
    told += [work_words.amount(t, left[unit], unit) for unit in (Unit.MM2, Unit.LINES) if unit in left]
    counts = t("page.my_work.counts", **values)
    return t("page.my_work.counts_left", counts=counts, left=" + ".join(told)) if told else f"{counts}."


def _chosen(opened: frame.Opened, works: Sequence[Work]) -> list[Work]:
    """Those to do, or those that are done, or all."""
    t = opened.t
    choice = st.segmented_control(
        t("page.my_work.show"), ("to_do", "done", "all"), default="to_do", required=True, key="my_work.show",
        format_func=lambda name: t(f"page.my_work.show_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if choice == "all":
        return list(works)
    return [work for work in works if (work.stage == Stage.DONE) == (choice == "done")]


def _row(opened: frame.Opened, work: Work, score: Score | None, first: bool) -> None:
    """One airing with its button; that of the first stands out, as what to do next."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(_told(opened, work))
        pressed = st.button(
            opened.t("page.my_work.open"), key=f"my_work.open.{work.airing.airing_id}",
            type="primary" if first and work.stage != Stage.DONE else "secondary",
        )  # fmt: skip
    if score is not None:
        st.html(_compared(opened, score))
    if pressed:
        st.session_state["desk.airing"] = work.airing.airing_id
        st.switch_page(DESK)


def _told(opened: frame.Opened, work: Work) -> str:
    """An airing as escaped HTML; nothing of what anybody else did in it, nor why it was given."""
    t, mission, airing = opened.t, opened.mission, work.airing
    name = " · ".join(filter(None, (work_words.outlet_name(mission, airing.outlet), work_words.programme(t, airing))))
    length = work_words.amount(t, work.length, work.unit) if work.length else ""
    facts = (
        work_words.day(t, airing),
        work_words.clock(mission, airing),
        length,
        work_words.material(t, work.material),
    )
    stage = f'<span class="ev-stage {work.stage}">{escape(t(f"page.my_work.stage_{work.stage}"))}</span>'
    done = min(100, 100 * work.coded.amount // work.length) if work.length else 0
    bar = f'<div class="ev-bar" aria-hidden="true"><i style="width:{done}%"></i></div>' if done else ""
    return (
        f'<div class="ev-work"><h2><span dir="auto">{escape(name)}</span>{stage}</h2>'
        f"<p>{escape(' · '.join(filter(None, facts)))}</p>{_practice(opened, work)}{_note(opened, work)}"
        f"<p>{_own(opened, work)}</p>{bar}</div>"
    )


def _practice(opened: frame.Opened, work: Work) -> str:
    """That an airing is for training or a test; of a coding in earnest nothing is said, be it the first or a second."""
    if work.assignment.purpose not in PRACTICE:
        return ""
    return f"<p>{escape(opened.t(f'page.my_work.{work.assignment.purpose}'))}</p>"


def _compared(opened: frame.Opened, score: Score) -> str:
    """How the own training coding compares with the agreed one, passage by passage."""
    t = opened.t
    rows = "".join(
        f'<li dir="auto">{escape(place)} · <b>{escape(subject)}</b>: {escape(what)}</li>'
        for place, subject, what in practice_words.differences(t, opened.mission, score)
    )
    told = escape(practice_words.summary(t, score))
    return f'<div class="ev-work ev-compared"><p>{told}</p><ul>{rows}</ul></div>'


def _note(opened: frame.Opened, work: Work) -> str:
    """What the supervisor said when returning it; notes of any other kind are not for coders."""
    if work.stage != Stage.RETURNED:
        return ""
    t, given = opened.t, work.assignment
    when = work_words.saved(t, opened.mission, given.recorded_at)
    said = t("page.my_work.said", who=given.recorded_by, when=when, note=given.note or t("word.no_value"))
    return f'<p class="ev-said" dir="auto">{escape(said)}</p>'


def _own(opened: frame.Opened, work: Work) -> str:
    """The own segments, how much of the airing they cover, and when the last was saved."""
    t, coded = opened.t, work.coded
    if not coded.segments:
        return escape(t("page.my_work.nothing_yet"))
    covered = work_words.amount(t, coded.amount, work.unit)
    if work.length:
        covered = t("page.my_work.covered", amount=covered, length=work_words.amount(t, work.length, work.unit))
    saved = work_words.saved(t, opened.mission, coded.saved_at)
    told = t("page.my_work.own", segments=frame.number(t, coded.segments), covered=covered, saved=saved)
    return f"<b>{escape(told)}</b>"


frame.show("my_work", body, Right.CODE)
