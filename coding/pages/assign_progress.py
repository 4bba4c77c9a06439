"""The progress part of Assign: a live table of the coders, one coder's airings, and what can be done about them."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st
from sqlalchemy.exc import OperationalError

from coding.board import CoderProgress, Standing, board, by_coder
from coding.pages import frame, work_words
from coding.problems import ProblemsFound
from coding.progress import Stage, extent, stage, when
from coding.store.assignments import Assignment, change
from coding.vocabulary import Progress, Unit

TOLD, ASKED, WHOM = "assign.told", "assign.asked", "assign.whom"
EVERY = "5s"
LONGEST_NOTE = 500
ACTIONS = {"return": Progress.RETURNED, "reopen": Progress.ASSIGNED, "withdraw": Progress.WITHDRAWN}
IN_WORDS, WORDS = ("airing", "purpose", "stage", "note"), ' class="ev-words"'
STYLE = """<style>
.ev-scroll { max-height: 250px; overflow: auto; }
.ev-table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: 0; font-variant-numeric: tabular-nums; }
.ev-narrow { width: auto; min-width: 420px; }
.ev-table th, .ev-table td { text-align: end; padding: .3rem .7rem; border: 0; border-bottom: 1px solid var(--ev-line); white-space: nowrap; }
.ev-table th { background: var(--ev-panel); font-weight: 600; position: sticky; top: 0; white-space: normal; vertical-align: bottom; }
.ev-table th:first-child, .ev-table td:first-child, .ev-table .ev-words { text-align: start; white-space: normal; overflow-wrap: anywhere; }
.ev-table .ev-want { color: var(--ev-bad-edge); font-weight: 650; }
.ev-table .ev-share { display: inline-block; width: 84px; height: 7px; background: var(--ev-line); margin-inline-end: .5rem; }
.ev-table .ev-share i { display: block; height: 7px; background: var(--ev-good-edge); }
.ev-table small { color: var(--ev-quiet); }
</style>"""  # noqa: E501


def progress(opened: frame.Opened, now: Standing, coders: Sequence[str]) -> None:
    """Everybody's progress, live; then one coder, live too, and what can be changed there."""
    t = opened.t
    rows = by_coder(now, opened.mission, coders)
    _live(opened, lambda: _everybody(opened, coders))
    frame.text("note", t("page.assign.about_covered"))
    names = [row.coder for row in rows if row.assigned]
    if not names:
        frame.text("told", t("page.assign.nothing_given"))
        return
    if st.session_state.get(WHOM) not in names:
        st.session_state.pop(WHOM, None)
    coder = st.selectbox(
        t("page.assign.whom"), names, index=None, key=WHOM, placeholder=t("page.assign.choose_whom"), width=420,
        on_change=_leave, format_func=lambda name: name if name in coders else t("page.assign.unknown", name=name),
    )  # fmt: skip
    if coder is not None:
        _live(opened, lambda: _one(opened, coder))
        _actions(opened, now, coder)


@st.fragment(run_every=EVERY)
def _live(opened: frame.Opened, table: Callable[[], str]) -> None:
    """A table that is drawn anew by itself; a store that is busy or gone is told in its place."""
    try:
        st.html(STYLE + table())
    except OperationalError:
        frame.text("told", opened.t("page.assign.busy"))
    except ProblemsFound as found:
        frame.text("bad", "\n".join(problem.message(opened.t) for problem in found.problems))


def _everybody(opened: frame.Opened, coders: Sequence[str]) -> str:
    rows = by_coder(board(opened.store).now(opened.mission), opened.mission, coders)
    units = [unit for unit in Unit if any(row.lengths.get(unit) for row in rows)]
    heads = ["coder", "assigned", "open", "begun", "returned", "done", *(f"covered_{unit}" for unit in units)]
    heads += ["segments", "saved"]
    body = "".join(_coder_row(opened, row, units, row.coder in coders) for row in rows)
    return _table(opened, heads, body)


def _coder_row(opened: frame.Opened, row: CoderProgress, units: Sequence[Unit], known: bool) -> str:
    t = opened.t
    name = escape(row.coder) + ("" if known else f" <small>{escape(t('page.assign.no_account'))}</small>")
    counts = {each: frame.number(t, count) for each, count in row.stages.items()}
    share = 100 * row.stages[Stage.DONE] // row.assigned if row.assigned else 0
    bar = f'<span class="ev-share" aria-hidden="true"><i style="width:{share}%"></i></span>'
    returned = f'<span class="ev-want">{counts[Stage.RETURNED]}</span>' if row.stages[Stage.RETURNED] else "0"
    covered = [_covered(opened, row.amounts.get(unit, 0), row.lengths.get(unit, 0), unit) for unit in units]
    saved = escape(work_words.saved(t, opened.mission, row.saved_at, seconds=True))
    cells = [frame.number(t, row.assigned), counts[Stage.OPEN], counts[Stage.BEGUN], returned, bar + counts[Stage.DONE]]
    cells += [*covered, frame.number(t, row.segments), saved]
    return f'<tr><td dir="auto">{name}</td>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _one(opened: frame.Opened, coder: str) -> str:
    """The airings of one coder, the newest state of each."""
    t, mission = opened.t, opened.mission
    now = board(opened.store).now(mission)
    units = {outlet.name: outlet.unit for outlet in mission.outlets}
    body = ""
    for each in _held(now, coder):
        airing, coded = now.airings[each.airing_id], now.coded_by(each.airing_id, coder)
        unit = units[airing.outlet]
        purpose, how_far = t(f"page.assign.purpose_{each.purpose}"), t(f"page.my_work.stage_{stage(each, coded)}")
        words = (work_words.label(t, mission, airing), purpose, how_far, each.note)
        cells = "".join(f'<td{WORDS} dir="auto">{escape(word)}</td>' for word in words)
        covered = _covered(opened, coded.amount, extent(airing), unit)
        saved = escape(work_words.saved(t, mission, coded.saved_at, seconds=True))
        body += f"<tr>{cells}<td>{covered}</td><td>{frame.number(t, coded.segments)}</td><td>{saved}</td></tr>"
    heads = ("airing", "purpose", "stage", "note", "covered", "segments", "saved")
    return _table(opened, heads, body)


def _covered(opened: frame.Opened, covered: int, whole: int, unit: Unit) -> str:
    """How much lies under segments, of how much; nothing where there is nothing to code."""
    if not whole and not covered:
        return escape(opened.t("word.no_value"))
    part, length = (escape(work_words.amount(opened.t, each, unit)) for each in (covered, whole))
    return f"{part} <small>/ {length}</small>"


def _table(opened: frame.Opened, heads: Sequence[str], body: str) -> str:
    cells = [
        f"<th{WORDS if name in IN_WORDS else ''}>{escape(opened.t(f'page.assign.column_{name}'))}</th>"
        for name in heads
    ]
    return f'<div class="ev-scroll" tabindex="0"><table class="ev-table"><tr>{"".join(cells)}</tr>{body}</table></div>'


def _held(now: Standing, coder: str) -> list[Assignment]:
    held = [each for each in now.assignments if each.coder == coder and each.airing_id in now.airings]
    return sorted(held, key=lambda each: when(now.airings[each.airing_id]))


# what can be changed


def _actions(opened: frame.Opened, now: Standing, coder: str) -> None:
    """Some airings of the coder, and: return with a note, take done back, take the airing away. Asked first."""
    t, held = opened.t, {each.airing_id: each for each in _held(now, coder)}
    key = f"assign.some.{coder}"
    st.session_state[key] = [name for name in st.session_state.get(key, []) if name in held]
    not_begun = [name for name, each in held.items() if stage(each, now.coded_by(name, coder)) == Stage.OPEN]

    def all_not_begun() -> None:
        st.session_state[key] = not_begun

    with st.container(horizontal=True, vertical_alignment="bottom"):
        some = st.multiselect(
            t("page.assign.some"), list(held), key=key, placeholder=t("page.assign.choose_some"), on_change=_leave,
            format_func=lambda name: work_words.label(t, opened.mission, now.airings[name]),
        )  # fmt: skip
        label = t("page.assign.all_open", count=len(not_begun))
        st.button(label, key="assign.all_open", on_click=all_not_begun, disabled=not not_begun)
    done = bool(some) and all(held[name].progress == Progress.DONE for name in some)
    possible = {"return": bool(some), "reopen": done, "withdraw": bool(some)}
    with st.container(horizontal=True):
        for action, allowed in possible.items():
            _ask(opened, action, coder, tuple(some), allowed)
    asked = st.session_state.get(ASKED)
    if asked and asked[1:] == (coder, tuple(some)):
        _confirm(opened, *asked)


def _ask(opened: frame.Opened, action: str, coder: str, airing_ids: tuple[str, ...], allowed: bool) -> None:
    def asked() -> None:
        st.session_state[ASKED] = (action, coder, airing_ids)

    words = opened.t(f"page.assign.{action}_go")
    st.button(words, key=f"assign.ask.{action}", on_click=asked, disabled=not allowed)


def _leave() -> None:
    st.session_state.pop(ASKED, None)


def _confirm(opened: frame.Opened, action: str, coder: str, airing_ids: tuple[str, ...]) -> None:
    t = opened.t
    frame.text("told", t(f"page.assign.ask_{action}", coder=coder, count=len(airing_ids)))
    note = ""
    if action == "return":
        note = st.text_area(t("page.assign.note"), key="assign.note", max_chars=LONGEST_NOTE, height=80).strip()
    with st.container(horizontal=True):
        words = t(f"page.assign.yes_{action}")
        yes = st.button(words, type="primary", key="assign.yes")
        st.button(t("page.assign.no"), key="assign.no", on_click=_leave)
    if not yes:
        return
    if action == "return" and not note:
        frame.text("bad", t("page.assign.note_missing"))
        return
    _leave()
    st.session_state[TOLD] = _changed(opened, action, coder, airing_ids, note)
    st.rerun()


def _changed(opened: frame.Opened, action: str, coder: str, airing_ids: Sequence[str], note: str) -> tuple[str, str]:
    """Do it for each airing; what somebody else took away meanwhile is said, the others are changed."""
    t, changed, gone = opened.t, 0, []
    for airing_id in airing_ids:
        try:
            changed += change(opened.store, airing_id, coder, ACTIONS[action], opened.person.name, note)
        except ProblemsFound:
            gone.append(airing_id)
    lines = [t(f"page.assign.{action}_done", coder=coder, count=changed)]
    lines += [t("problem.work.gone", value=airing_id, coder=coder) for airing_id in gone]
    return "bad" if gone else "good", "\n".join(lines)
