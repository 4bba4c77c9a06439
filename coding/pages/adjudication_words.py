"""What the coders said of a passage, side by side, and what was decided, in words and as text."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Any

import streamlit as st

from coding.double_coding.disagreements import BOUNDS, CODES, FOUND, Disagreement, Word
from coding.languages import DEFAULT, Translate
from coding.mission.clock import duration_text
from coding.mission.model import Mission
from coding.pages import frame, work_words
from coding.segment import Segment
from coding.store.decisions import CODES as OWN_CODES
from coding.store.decisions import NOTHING, Decision
from coding.vocabulary import Unit

ORDER = ("first", "second", "third")
STYLE = """<style>
.ev-two { border-collapse: collapse; width: 100%; font-size: .93rem; margin: 0; table-layout: fixed; }
.ev-two th, .ev-two td { text-align: start; vertical-align: top; padding: .32rem .6rem; border: 0; border-bottom: 1px solid var(--ev-line); overflow-wrap: anywhere; }
.ev-two thead th { background: var(--ev-panel); font-weight: 650; }
.ev-two thead th small { display: block; font-weight: 400; color: var(--ev-quiet); }
.ev-two tbody th { width: 7.2rem; font-weight: 400; color: var(--ev-quiet); white-space: nowrap; }
.ev-two col.ev-codes { width: 8.4rem; }
.ev-two .ev-differs td { background: var(--ev-notice); color: var(--ev-notice-ink); font-weight: 650; }
.ev-two .ev-differs th { color: var(--ev-notice-ink); background: var(--ev-notice); font-weight: 650; }
.ev-two .ev-differs th::before { content: "≠ "; }
.ev-two td { font-variant-numeric: tabular-nums; }
.ev-two .ev-none { color: var(--ev-quiet); font-style: italic; font-weight: 400; }
.ev-two .ev-differs .ev-none { color: var(--ev-notice-ink); font-weight: 650; font-style: normal; }
.ev-two .ev-holds { border-inline-start: 3px solid var(--ev-good-edge); }
.ev-two small { color: var(--ev-quiet); font-weight: 400; }
</style>"""  # noqa: E501


def blind_order(passage: Disagreement) -> list[Word]:
    """The codings of a passage in an order that says nothing of whose they are, and is another in each passage."""
    return sorted(passage.words, key=lambda word: sha256(f"{passage.name} {word.coder}".encode()).hexdigest())


def coding_name(t: Translate, number: int, short: bool = False) -> str:
    """What a coding is called as long as nobody's name is shown."""
    if number >= len(ORDER):
        return t("page.adjudication.nth", number=number + 1)
    return t(f"page.adjudication.{'short_' if short else ''}{ORDER[number]}")


def subject(mission: Mission, name: str) -> str:
    """A subject in the language of the session."""
    language = str(st.session_state.get("language", DEFAULT))
    names: Mapping[str, str] = next((each.names for each in mission.subjects if each.name == name), {})
    return names.get(language, name)


def code(t: Translate, mission: Mission, name: str, value: str) -> str:
    """A code as a person reads it."""
    if not value:
        return t("word.no_value")
    if name == "subject":
        return subject(mission, value)
    return t(f"word.{name}.{value}") if name in ("role", "speech") else value


def place(t: Translate, said: Mapping[str, Any], unit: Unit) -> str:
    """Where it is: from when to when and how long, or the page and how much of it."""
    if said.get("start_ms") is not None:
        start, end = int(said["start_ms"]), int(said["end_ms"])
        times = f"{_clock(start)}–{_clock(end)}"
        return t("page.adjudication.time", times=times, length=_clock(end - start))
    amount = work_words.amount(t, int(said.get("amount") or 0), unit)
    if said.get("page") is None:
        return amount
    return t("page.adjudication.on_page", page=said["page"], amount=amount)


def _clock(milliseconds: int) -> str:
    """To a tenth of a second where it is no whole one."""
    return duration_text(milliseconds // 1000 * 1000) + (f".{milliseconds // 100 % 10}" if milliseconds % 1000 else "")


def unit_of(opened: frame.Opened, passage: Disagreement) -> Unit:
    """What amounts of the passage are counted in."""
    airing = opened.store.airing(passage.airing_id)
    units = {outlet.name: outlet.unit for outlet in opened.mission.outlets}
    own = {part.name: part.unit for part in opened.mission.formats if part.unit}
    said = next(word.format for word in passage.words if word.found)
    return own.get(said) or (units[airing.outlet] if airing else Unit.MS)


def compared(
    opened: frame.Opened,
    passage: Disagreement,
    words: Sequence[Word],
    heads: Sequence[tuple[str, str]],
    own: Mapping[str, Segment],
) -> str:
    """The codings in columns, what differs marked by a sign and a background; with what was decided, beside them."""
    t, unit = opened.t, unit_of(opened, passage)
    decided = passage.last if passage.last is not None and not passage.open else None
    columns = [_cell(head, small) for head, small in heads]
    if decided is not None:
        columns.append(_cell(t("page.adjudication.holds"), "", "ev-holds"))
    rows = [_row(t("page.adjudication.place"), {FOUND, BOUNDS} & set(passage.differs), [
        _place(t, word, unit) for word in words
    ], _held(t, decided, lambda codes: place(t, codes, unit)))]  # fmt: skip
    for name in CODES:
        cells = [escape(code(t, opened.mission, name, getattr(word, name))) if word.found else "" for word in words]
        held = _held(t, decided, lambda codes, name=name: code(t, opened.mission, name, str(codes[name])))
        if any(getattr(word, name) for word in words) or (decided and decided.codes.get(name)):
            rows.append(_row(t(f"desk.field.{name}"), name in passage.differs, cells, held))
    for name in ("text", "note"):
        cells = [
            escape(" / ".join(filter(None, (getattr(own[p.segment_id], name) for p in word.pieces)))) for word in words
        ]
        if any(cells):
            rows.append(_row(t(f"desk.field.{name}"), False, cells, "" if decided is None else "<td></td>"))
    head = f"<thead><tr><th></th>{''.join(columns)}</tr></thead>"
    columns_wide = '<colgroup><col class="ev-codes"></colgroup>'
    return f'{STYLE}<table class="ev-two">{columns_wide}{head}<tbody>{"".join(rows)}</tbody></table>'


def _cell(head: str, small: str, style: str = "") -> str:
    beside = f"<small>{escape(small)}</small>" if small else ""
    return f'<th scope="col" class="{style}"><span dir="auto">{escape(head)}</span>{beside}</th>'


def _place(t: Translate, word: Word, unit: Unit) -> str:
    if not word.found:
        return f'<span class="ev-none">{escape(t("page.adjudication.not_found"))}</span>'
    told = escape(place(t, vars(word), unit))
    if len(word.pieces) > 1:
        told += f"<br><small>{escape(t('page.adjudication.pieces', count=len(word.pieces)))}</small>"
    return told


def _held(t: Translate, decided: Decision | None, told: Any) -> str:
    if decided is None:
        return ""
    words = (
        escape(told(decided.codes))
        if decided.codes
        else f'<span class="ev-none">{escape(t("decision.nothing"))}</span>'
    )
    return f'<td class="ev-holds" dir="auto">{words}</td>'


def _row(name: str, differs: object, cells: Sequence[str], held: str) -> str:
    style = ' class="ev-differs"' if differs else ""
    return (
        f'<tr{style}><th scope="row">{escape(name)}</th>'
        + "".join(f'<td dir="auto">{cell}</td>' for cell in cells)
        + f"{held}</tr>"
    )


def decided_words(opened: frame.Opened, made: Decision, names: Mapping[str, str]) -> str:
    """Who decided what, when and why; `names` is what the codings are called on this screen."""
    t = opened.t
    if made.kept:
        what = t("decision.kept", coder=names.get(made.kept, t("word.no_value")))
    elif made.outcome == OWN_CODES:
        chosen = (code(t, opened.mission, name, str(made.codes.get(name, ""))) for name in ("subject", "tone"))
        what = t("decision.codes", codes=", ".join(chosen))
    else:
        what = t("decision.nothing" if made.outcome == NOTHING else "decision.taken_back")
    when = work_words.saved(t, opened.mission, made.recorded_at)
    told = t("page.adjudication.decided", who=made.recorded_by, when=when, what=what)
    return f"{told} {t('page.adjudication.because', reason=made.reason)}" if made.reason else told
