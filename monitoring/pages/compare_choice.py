"""What is compared with what: the widgets of the page Compare, read as one comparison."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from coding.vocabulary import Ownership
from monitoring.comparison.asked import STATE as STATE_OWNED
from monitoring.comparison.asked import (
    Comparison,
    Kind,
    Quantity,
    before_and_after,
    between_contestants,
    between_outlets,
    between_periods,
    by_ownership,
    outlets_of,
    week_of,
)
from monitoring.pages import frame
from monitoring.pages.filters import KEPT


def chosen_comparison(view: frame.View) -> Comparison | None:
    """Draw the choices and read them; None where they make no comparison, and then it is said why."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare.kinds"):
        kind = Kind(_switch(view, "kind", [each.value for each in Kind]))
        groups = () if kind == Kind.CONTESTANTS else _groups(view)
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare.choice"):
        quantity = Quantity(_switch(view, "quantity", [each.value for each in Quantity]))
        asked = CHOICES[kind](view, quantity)
    return replace(asked, groups=groups) if asked else None


def _switch(view: frame.View, name: str, values: list[str]) -> str:
    t = view.words.t
    return str(
        st.segmented_control(
            t(f"page.compare.{name}"), values, default=values[0], required=True, key=_key(view, name),
            format_func=lambda value: t(f"page.compare.{name}_{value}"), **KEPT,
        )
    )  # fmt: skip


def _key(view: frame.View, name: str) -> str:
    return f"compare.{view.words.mission.id}.{name}"


def _two(view: frame.View, name: str, column: str, values: list[str]) -> tuple[str, str]:
    """A choice for each side: the first and the second at first."""
    words = view.words
    picked = [
        st.selectbox(
            words.t(f"page.compare.side_{side}"), values, index=place, key=_key(view, f"{name}.{side}"),
            format_func=lambda value: words.named(column, value), **KEPT,
        )
        for place, side in enumerate(("a", "b"))
    ]  # fmt: skip
    return str(picked[0]), str(picked[1])


def _none(view: frame.View, key: str) -> Comparison | None:
    """No comparison, and why."""
    st.info(view.words.t(f"page.compare.{key}"))
    return None


def _outlets(view: frame.View, quantity: Quantity) -> Comparison | None:
    chosen = view.selection
    values = [
        outlet.name
        for outlet in view.words.mission.outlets
        if outlet.monitored and outlet.medium in chosen.media and (not chosen.outlets or outlet.name in chosen.outlets)
    ]
    if len(values) < 2:
        return _none(view, "one_outlet")
    a, b = _two(view, f"outlets.{chosen.media[0]}", "outlet", values)
    return _none(view, "same") if a == b else between_outlets(quantity, a, b, chosen)


def _ownership(view: frame.View, quantity: Quantity) -> Comparison | None:
    mission, chosen = view.words.mission, view.selection
    if not all(outlets_of(mission, chosen, owners) for owners in (STATE_OWNED, (Ownership.PRIVATE,))):
        return _none(view, "one_ownership")
    return by_ownership(quantity, mission, chosen)


def _span(view: frame.View) -> tuple[date, date]:
    return view.words.span(view.selection)


def _before(view: frame.View, quantity: Quantity) -> Comparison | None:
    first, last = _span(view)
    if first == last:
        return _none(view, "few_dates")
    middle = first + (last - first + timedelta(days=1)) / 2
    picked: Any = st.date_input(
        view.words.t("page.compare.day"), middle, min_value=first + timedelta(days=1), max_value=last,
        format="YYYY-MM-DD", key=_key(view, f"day.{first}.{last}"), **KEPT,
    )  # fmt: skip
    return before_and_after(quantity, picked, view.selection)


def _periods(view: frame.View, quantity: Quantity) -> Comparison | None:
    first, last = _span(view)
    if first == last:
        return _none(view, "few_dates")
    start, end = week_of(first), week_of(last)
    offered = (_inside(start, first, last), _inside(end, first, last))
    picked: list[Any] = [
        st.date_input(
            view.words.t(f"page.compare.days_{side}"), days, min_value=first, max_value=last, format="YYYY-MM-DD",
            key=_key(view, f"days.{side}.{first}.{last}"), **KEPT,
        )
        for side, days in zip(("a", "b"), offered, strict=True)
    ]  # fmt: skip
    if any(len(days) != 2 for days in picked):
        return _none(view, "open_days")
    return between_periods(quantity, picked[0], picked[1], view.selection)


def _inside(days: tuple[date, date], first: date, last: date) -> tuple[date, date]:
    return max(days[0], first), min(days[1], last)


def _contestants(view: frame.View, quantity: Quantity) -> Comparison | None:
    values = _names(view)
    if len(values) < 2:
        return _none(view, "same")
    a, b = _two(view, "contestants", "group", values)
    return _none(view, "same") if a == b else between_contestants(quantity, a, b, view.selection)


def _names(view: frame.View) -> list[str]:
    mission = view.words.mission
    return [subject.name for subject in mission.contestants] + [group.name for group in mission.groups]


def _groups(view: frame.View) -> tuple[str, ...]:
    words = view.words
    shown = {name: words.named("group", name) for name in _names(view)}
    picked = st.multiselect(
        words.t("page.compare.groups"), list(shown), format_func=shown.__getitem__, key=_key(view, "groups"),
        placeholder=words.t("page.compare.groups_all"), **KEPT,
    )  # fmt: skip
    return tuple(picked)


CHOICES = {
    Kind.OUTLETS: _outlets,
    Kind.OWNERSHIP: _ownership,
    Kind.BEFORE: _before,
    Kind.PERIODS: _periods,
    Kind.CONTESTANTS: _contestants,
}
