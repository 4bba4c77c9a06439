"""How the pages of the coders' work say things: amounts, days and times of an airing, what there is to see of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import streamlit as st

from coding.languages import DEFAULT, Translate
from coding.mission.clock import clock_of, clock_text, duration_text
from coding.mission.model import Airing, Mission
from coding.pages import frame
from coding.vocabulary import AiringKind, RecordingKind, Unit

MM2_IN_CM2 = 100
MINUTE, DAY = 60_000, 86_400_000


def amount(t: Translate, value: int, unit: Unit) -> str:
    """An amount: h:mm:ss, cm2 or lines."""
    if unit == Unit.MS:
        return duration_text(value - value % 1000)
    size = round(value / MM2_IN_CM2) if unit == Unit.MM2 else value
    return t(f"word.amount.{unit}", number=frame.number(t, size))


def amounts(t: Translate, by_unit: Mapping[Unit, int]) -> str:
    """Amounts of several units beside each other; they are never added."""
    return " + ".join(amount(t, by_unit[unit], unit) for unit in Unit if by_unit.get(unit))


def outlet_name(mission: Mission, name: str) -> str:
    """An outlet in the language of the session."""
    language = str(st.session_state.get("language", DEFAULT))
    names = next((outlet.names for outlet in mission.outlets if outlet.name == name), {})
    return names.get(language, name)


def programme(t: Translate, airing: Airing) -> str:
    """The name of the programme, or that it is an issue of a paper."""
    return airing.programme or (t("page.my_work.issue") if airing.kind == AiringKind.ISSUE else "")


def clock(mission: Mission, airing: Airing) -> str:
    """From when to when on the mission's clock, above 24:00 for the night after; empty for a paper."""
    ends = (airing.actual_start, airing.actual_end)
    if None in ends:
        ends = (airing.planned_start, airing.planned_end)
    clocks = [clock_of(end, airing.date, mission.zone) for end in ends if end is not None]
    return "–".join(clock_text((each if each >= 0 else each + DAY) // MINUTE * MINUTE) for each in clocks)


def day(t: Translate, airing: Airing) -> str:
    """The day of an airing in words."""
    named = t("word.day", day=airing.date.day, month=t(f"word.month.m{airing.date.month}"))
    return t("page.my_work.day", day=named, year=airing.date.year)


def saved(t: Translate, mission: Mission, recorded_at: str, seconds: bool = False) -> str:
    """When something was saved, on the mission's clock; the time alone where it was today."""
    if not recorded_at:
        return t("word.no_value")
    local = datetime.fromisoformat(recorded_at).astimezone(mission.zone)
    written = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    today = local.date() == datetime.now(mission.zone).date()
    return written if today else f"{local.date()} {written}"


def material(t: Translate, kinds: Iterable[RecordingKind]) -> str:
    """Whether there is a recording or pictures of pages."""
    found = tuple(kinds)
    pages = found.count(RecordingKind.PAGE)
    if pages:
        return t("page.my_work.pages", count=pages)
    for kind in (RecordingKind.VIDEO, RecordingKind.AUDIO):
        if kind in found:
            return t(f"page.my_work.{kind}")
    return t("page.my_work.no_recording")


def label(t: Translate, mission: Mission, airing: Airing) -> str:
    """An airing in one line: day, clock, outlet, programme."""
    parts = (str(airing.date), clock(mission, airing), outlet_name(mission, airing.outlet), programme(t, airing))
    return " · ".join(part for part in parts if part)
