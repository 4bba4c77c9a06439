"""The filters of every page of results: one bar, kept when the page changes. One medium at a time: units never mix."""

from datetime import date
from typing import Any

import streamlit as st

from coding.mission.model import Mission
from coding.vocabulary import Medium, Role, Speech
from monitoring.selection import ALL_FORMATS, Denominator, Incumbents, Selection
from monitoring.words import Words

KEPT: dict[str, Any] = {"persist_state": "session"}


def chosen_selection(words: Words, denominator: bool) -> Selection:
    """Draw the bar and read it."""
    mission, t = words.mission, words.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        media = media_of(mission)
        medium = st.segmented_control(
            t("app.filter.medium"), media, default=media[0], required=True, key=f"{mission.id}.medium",
            format_func=lambda value: words.named("medium", value), **KEPT,
        )  # fmt: skip
        incumbents = _switch(words, "incumbents", [part.value for part in Incumbents])
        counted = (
            _switch(words, "denominator", [part.value for part in Denominator]) if denominator else Denominator.SUBJECT
        )
        with st.popover(t("app.filter.title")):
            rest = _rest(words, str(medium))
    return Selection(
        media=(Medium(str(medium)),), incumbents=Incumbents(incumbents), denominator=Denominator(counted), **rest
    )


def media_of(mission: Mission) -> list[str]:
    """The media of the mission, those with a monitored outlet first."""
    monitored = [outlet.medium.value for outlet in mission.outlets if outlet.monitored]
    return list(dict.fromkeys([*monitored, *(outlet.medium.value for outlet in mission.outlets)]))


def _switch(words: Words, name: str, values: list[str]) -> str:
    t = words.t
    return str(
        st.segmented_control(
            t(f"app.filter.{name}"), values, default=values[0], required=True, key=f"{words.mission.id}.{name}",
            format_func=lambda value: t(f"app.filter.{value}"), **KEPT,
        )
    )  # fmt: skip


def _rest(words: Words, medium: str) -> dict[str, Any]:
    """What stands in the popover: days, outlets, formats, roles, speech, subjects."""
    mission, t = words.mission, words.t
    start, end = _days(words)
    outlets = [outlet.name for outlet in mission.outlets if outlet.medium.value == medium]
    formats = _several(
        words, "formats", "format", [*ALL_FORMATS, *(part.name for part in mission.formats)], "editorial"
    )
    chosen = {
        "start": start,
        "end": end,
        "outlets": _several(words, "outlets", "outlet", outlets, scope=medium),
        "formats": _of_one_unit(words, medium, formats),
        "roles": tuple(Role(value) for value in _several(words, "roles", "role", list(Role))),
        "speech": tuple(Speech(value) for value in _several(words, "speech", "speech", list(Speech))),
        "subjects": _several(words, "subjects", "subject", [subject.name for subject in mission.subjects]),
    }
    st.button(t("app.filter.clear"), on_click=clear, args=(mission.id,))
    return chosen


def _of_one_unit(words: Words, medium: str, picked: tuple[str, ...]) -> tuple[str, ...]:
    """The formats picked; those counted in another unit than the medium are left out of a mixture, and named."""
    mission = words.mission
    asked = ALL_FORMATS if set(ALL_FORMATS) & set(picked) else picked
    names = Selection(formats=asked).formats_in(mission) if asked else ()
    own = {outlet.unit for outlet in mission.outlets if outlet.medium.value == medium}
    apart = tuple(f.name for f in mission.formats if f.name in names and f.unit and f.unit not in own)
    if not apart or len(apart) == len(names):
        return asked
    st.text(words.t("app.filter.other_unit", names=words.listed("format", apart)))
    return tuple(name for name in names if name not in apart)


def _several(
    words: Words, name: str, column: str, values: list[Any], empty: str = "every", scope: str = ""
) -> tuple[str, ...]:
    """A choice of any number; none is no restriction."""
    shown = {str(value): words.named(column, str(value)) for value in values}
    shown |= {value: words.t("app.filter.all_formats") for value in ALL_FORMATS if value in shown}
    picked = st.multiselect(
        words.t(f"app.filter.{name}"),
        list(shown),
        format_func=shown.__getitem__,
        key=f"{words.mission.id}.{scope}.{name}",
        placeholder=words.t(f"app.filter.{empty}"),
        **KEPT,
    )
    return tuple(picked)


def _days(words: Words) -> tuple[date | None, date | None]:
    """First and last day; none where the whole mission is chosen."""
    periods = {period.name: period for period in words.mission.periods}
    first, last = words.span(Selection())
    chosen = ""
    if len(periods) > 1:
        shown = {"": words.t("app.filter.every_period")} | {name: name for name in periods}
        chosen = str(
            st.selectbox(
                words.t("app.filter.period"),
                list(shown),
                format_func=shown.__getitem__,
                key=f"{words.mission.id}.period",
                **KEPT,
            )
        )
    if chosen:
        first, last = periods[chosen].start, periods[chosen].end
    picked = st.date_input(
        words.t("app.filter.days"), (first, last), min_value=first, max_value=last, format="YYYY-MM-DD",
        key=f"{words.mission.id}.{chosen}.days", **KEPT,
    )  # fmt: skip
    ends = picked if isinstance(picked, tuple) else (picked,)
    if not chosen and ends == (first, last):
        return None, None
    return (ends[0], ends[-1]) if ends else (first, last)


def clear(mission_id: str) -> None:
    """Forget every choice in the bar."""
    for key in [key for key in st.session_state if str(key).startswith(f"{mission_id}.")]:
        del st.session_state[key]
