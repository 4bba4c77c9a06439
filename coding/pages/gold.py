"""Training and tests: airings with an agreed coding, who practised on them, and how near they came."""

from collections.abc import Sequence

import streamlit as st

from coding.assigning import hands
from coding.board import Standing, board
from coding.counted_coders import decided_codings
from coding.double_coding.gold import SHOWN, Practised, practised
from coding.mission.model import Airing
from coding.pages import assign_progress, frame, practice_words, work_words
from coding.pages.assign_offer import table
from coding.people.rights import Right
from coding.problems import ProblemsFound
from coding.progress import stage, when
from coding.store.gold import Gold, declare_gold, gold_airings, remove_gold
from coding.store.places import is_url
from coding.vocabulary import PRACTICE, AiringKind, Progress, Purpose

TOLD, TURN = "gold.told", "gold.turn"
LONGEST_NOTE = 500
STYLE = """<style>
.ev-gold .ev-scroll { max-height: 420px; }
.ev-gold .ev-table th, .ev-gold .ev-table td { white-space: normal; padding: .3rem .45rem; overflow-wrap: break-word; }
.ev-gold.ev-differs :is(th, td), .ev-gold.ev-results :is(th, td):is(:nth-child(-n+4), :last-child), .ev-gold.ev-held :is(th, td):is(:nth-child(-n+2), :nth-child(n+5)) { text-align: start; }
</style>"""  # noqa: E501
"""Thirteen columns of results stand beside each other on a small screen, so every cell may wrap, between words only."""


def body(opened: frame.Opened) -> None:
    """The agreed codings, a new one, and the results; then what the last press did."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.gold.folder"))
        return
    st.html(assign_progress.STYLE + STYLE)
    frame.text("note", t("page.gold.about"))
    now, gold = board(opened.store).now(opened.mission), gold_airings(opened.store)
    part = st.segmented_control(
        t("page.gold.part"), ("results", "airings"), default="results", required=True, key="gold.part",
        format_func=lambda name: t(f"page.gold.part_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if part == "airings":
        _held(opened, now, gold)
        _declare(opened, now, gold)
    else:
        _results(opened, now, gold)
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)


def _table(opened: frame.Opened, kind: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns of the page by name; names of codes stand in sentences too, and so begin small in the catalogue."""
    named = [opened.t(f"page.gold.column_{name}") for name in heads]
    shown = table([name[:1].upper() + name[1:] for name in named], rows).replace(" %", "&nbsp;%")
    st.html(f'<div class="ev-gold ev-{kind}">{shown}</div>')


# results


def _results(opened: frame.Opened, now: Standing, gold: Sequence[Gold]) -> None:
    t, mark = opened.t, opened.mission.double_coding.pass_mark
    found = [each for each in practised(opened.store) if each.assignment.airing_id in now.airings]
    if not found:
        frame.text("told", t("page.gold.nobody" if gold else "page.gold.none"))
        return
    frame.text("note", t("page.gold.mark", percent=f"{100 * mark:g}"))
    heads = ("coder", "airing", "purpose", "stage", *SHOWN, "extra", "together", "passed")
    _table(opened, "results", heads, [_result(opened, now, each) for each in found])
    frame.text("note", t("page.gold.simple"))
    done = {f"{each.assignment.coder}\n{each.assignment.airing_id}": each for each in found if each.score}
    if not done:
        return
    chosen = st.selectbox(
        t("page.gold.one"), list(done), index=None, key="gold.one", placeholder=t("page.gold.choose_one"), width=520,
        format_func=lambda key: _named(opened, now, done[key]),
    )  # fmt: skip
    if chosen is not None:
        _one(opened, done[chosen])


def _result(opened: frame.Opened, now: Standing, each: Practised) -> list[str]:
    t, given, score = opened.t, each.assignment, each.score
    how_far = t(f"page.my_work.stage_{stage(given, now.coded_by(given.airing_id, given.coder))}")
    label = work_words.label(t, opened.mission, now.airings[given.airing_id])
    cells = [given.coder, label, t(f"page.assign.purpose_{given.purpose}"), how_far]
    if score is None or not score.exists:
        none = t("page.gold.nothing_agreed") if each.gold is None or score is not None else t("word.no_value")
        return [*cells, *[t("word.no_value")] * (len(SHOWN) + 2), none]
    shares = [practice_words.share(t, score.shares[name]) for name in SHOWN]
    together = t("page.gold.percent", percent=practice_words.per_cent(score.together)) if score.together.of else ""
    passed = t("page.gold.yes" if score.passed(opened.mission.double_coding.pass_mark) else "page.gold.no")
    verdict = passed if given.purpose == Purpose.TEST else t("word.no_value")
    return [*cells, *shares, frame.number(t, score.extra), together, verdict]


def _named(opened: frame.Opened, now: Standing, each: Practised) -> str:
    airing = now.airings[each.assignment.airing_id]
    return f"{each.assignment.coder} · {work_words.label(opened.t, opened.mission, airing)}"


def _one(opened: frame.Opened, each: Practised) -> None:
    """What differs in one result, passage by passage."""
    t, score = opened.t, each.score
    if score is None:
        return
    frame.text("note", practice_words.summary(t, score))
    rows = list(practice_words.differences(t, opened.mission, score))
    if rows:
        _table(opened, "differs", ("place", "subject", "differs"), rows)
    elif score.exists:
        frame.text("good", t("page.gold.alike"))


# agreed codings


def _held(opened: frame.Opened, now: Standing, gold: Sequence[Gold]) -> None:
    """The gold airings, and taking one away with a reason."""
    t = opened.t
    known = {each.airing_id: each for each in gold if each.airing_id in now.airings}
    if not known:
        frame.text("told", t("page.gold.none"))
        return
    heads = ("airing", "agreed_by", "segments", "practised", "note", "by")
    _table(opened, "held", heads, [_gold_row(opened, now, each) for each in known.values()])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            t("page.gold.remove_which"), list(known), index=None, key="gold.remove", width=420,
            placeholder=t("page.gold.choose_airing"),
            format_func=lambda name: work_words.label(t, opened.mission, now.airings[name]),
        )  # fmt: skip
        turn = st.session_state.get(TURN, 0)
        reason = st.text_input(t("page.gold.reason"), key=f"gold.reason.{turn}", max_chars=LONGEST_NOTE)
        pressed = st.button(t("page.gold.remove"), key="gold.remove_go", disabled=name is None)
    if pressed and name is not None:
        try:
            remove_gold(opened.store, name, opened.person.name, reason)
        except ProblemsFound as found:
            frame.text("bad", "\n".join(problem.message(t) for problem in found.problems))
        else:
            _say(t("page.gold.removed"))


def _gold_row(opened: frame.Opened, now: Standing, each: Gold) -> list[str]:
    t = opened.t
    many = sum(held.airing_id == each.airing_id and held.purpose in PRACTICE for held in now.assignments)
    return [
        work_words.label(t, opened.mission, now.airings[each.airing_id]),
        each.coder,
        frame.number(t, now.coded_by(each.airing_id, each.coder).segments),
        frame.number(t, many),
        each.note,
        f"{each.recorded_by} {work_words.saved(t, opened.mission, each.recorded_at)}",
    ]


def _declare(opened: frame.Opened, now: Standing, gold: Sequence[Gold]) -> None:
    """A new gold airing: which, whose coding, and what should be known about it."""
    t, turn = opened.t, st.session_state.get(TURN, 0)
    frame.text("head", t("page.gold.new"), "h2")
    possible = _possible(now, {each.airing_id for each in gold})
    if not possible:
        frame.text("told", t("page.gold.none_possible"))
        return
    outlets = list(dict.fromkeys(airing.outlet for airing in possible))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        outlet = st.selectbox(
            t("page.mission.column.outlet"), outlets, key="gold.outlet", width=240,
            format_func=lambda name: work_words.outlet_name(opened.mission, name),
        )  # fmt: skip
        names = {airing.airing_id: airing for airing in possible if airing.outlet == outlet}
        name = st.selectbox(
            t("page.gold.column_airing"), list(names), index=None, key=f"gold.airing.{outlet}.{turn}", width=420,
            placeholder=t("page.gold.choose_airing"),
            format_func=lambda name: work_words.label(t, opened.mission, names[name]),
        )  # fmt: skip
        coder = st.selectbox(
            t("page.gold.column_agreed_by"), _whose(opened, now, name), key=f"gold.coder.{name}", width=240
        )
    note = st.text_input(t("page.gold.column_note"), key=f"gold.note.{turn}", max_chars=LONGEST_NOTE)
    if st.button(t("page.gold.declare"), type="primary", key="gold.declare", disabled=not (name and coder)):
        try:
            declare_gold(opened.store, str(name), str(coder), opened.person.name, note.strip())
        except ProblemsFound as found:
            frame.text("bad", "\n".join(problem.message(t) for problem in found.problems))
        else:
            _say(t("page.gold.declared"))


def _possible(now: Standing, gold: set[str]) -> list[Airing]:
    """Airings that somebody coded, and that nobody has in hand any more; in the order of days."""
    busy = {
        each.airing_id for each in now.assignments if each.purpose not in PRACTICE and each.progress != Progress.DONE
    }
    coded = {pair[0] for pair, said in now.coded.items() if said.segments and not now.practised(*pair)}
    names = coded - busy - gold
    found = [now.airings[name] for name in names if name in now.airings]
    return sorted((airing for airing in found if airing.kind != AiringKind.AGGREGATE), key=when)


def _whose(opened: frame.Opened, now: Standing, airing_id: str | None) -> list[str]:
    """Whose coding there is: the one in which disagreements were decided first, then that of the first coder."""
    if airing_id is None:
        return []
    decided = decided_codings(opened.store, opened.store.moment()).get(airing_id, "")
    held = hands(now)[airing_id]
    coded = [coder for coder in (decided, *held.first, *held.second) if now.coded_by(airing_id, coder).segments]
    return list(dict.fromkeys(coded))


def _say(words: str) -> None:
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[TOLD] = ("good", words)
    st.rerun()


frame.show("gold", body, Right.SUPERVISE)
