"""`python -m monitoring calendar`: what was planned, monitored and coded; what is missing; how far it could move."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from coding.problems import Problem, ProblemsFound
from monitoring.command_options import (
    FirstDay,
    FormatNames,
    LastDay,
    MediaNames,
    OutletNames,
    RoleNames,
    SpeechNames,
    SubjectNames,
    option,
    selected,
)
from monitoring.selection import ALL_FORMATS, Denominator, Incumbents, Selection

if TYPE_CHECKING:
    import pandas as pd

    from monitoring.coverage import Coverage
    from monitoring.words import Words

told = translator()
EMPTY = "·"
"""The mark of a day on which nothing was planned, where a line of marks must have one for each day."""


def calendar(
    mission: MissionPlace,
    bounds: Annotated[bool, option("--bounds", "calendar.option_bounds")] = False,
    balance: Annotated[bool, option("--balance", "calendar.option_balance")] = False,
    holes: Annotated[bool, option("--holes", "calendar.option_holes")] = False,
    outlet: OutletNames = [],  # noqa: B006  typer copies it
    medium: MediaNames = [],  # noqa: B006
    format_: FormatNames = [],  # noqa: B006
    role: RoleNames = [],  # noqa: B006
    speech: SpeechNames = [],  # noqa: B006
    subject: SubjectNames = [],  # noqa: B006
    start: FirstDay = None,
    end: LastDay = None,
    incumbents: Annotated[Incumbents, option("--incumbents", "option.incumbents")] = Incumbents.INSTITUTION,
    denominator: Annotated[Denominator, option("--denominator", "option.denominator")] = Denominator.SUBJECT,
    csv: Annotated[str, option("--csv", "calendar.option_csv")] = "",
) -> None:
    """The calendar by outlet and day; with --holes the missing airings, with --bounds how far they could move."""
    selection = selected(
        start=start,
        end=end,
        outlet=outlet,
        medium=medium,
        format_=format_,
        roles=tuple(role),
        speech=tuple(speech),
        subject=subject,
        incumbents=incumbents,
        denominator=denominator,
    )
    with guarded():
        _check(bounds, balance, holes, selection)
        _answer(mission, "balance" if balance else "bounds" if bounds else "holes" if holes else "", selection, csv)


def _check(bounds: bool, balance: bool, holes: bool, selection: Selection) -> None:
    """Raises ProblemsFound where what was asked does not go together."""
    found = [Problem("calendar_both")] if bounds and holes else []
    found += [Problem("calendar_balance")] if balance and not bounds else []
    if not bounds:
        asked = {"--format": selection.formats, "--role": selection.roles, "--speech": selection.speech}
        asked["--subject"] = selection.subjects
        found += [Problem("not_of_airings", value=name) for name, values in asked.items() if values]
    if found:
        raise ProblemsFound(found)


def _answer(place: str, asked: str, selection: Selection, csv: str) -> None:
    from coding.store.places import open_mission
    from monitoring.coverage import open_coverage
    from monitoring.output import hand_over
    from monitoring.words import Words

    coverage = open_coverage(open_mission(place))
    found = _table(coverage, asked, selection)
    words = Words(coverage.mission)
    if csv:
        hand_over(csv, found, _described(asked or "calendar", coverage, selection))
    else:
        typer.echo(_printed(found, asked, words, coverage, selection))


def _table(coverage: "Coverage", asked: str, selection: Selection) -> "pd.DataFrame":
    """What was asked for: outlet-days, missing airings, or bounds."""
    if asked in ("bounds", "balance"):
        from monitoring.completeness import bounds

        return (bounds.bounds_of_balance if asked == "balance" else bounds.bounds)(coverage, selection)
    if asked:
        from monitoring.completeness.airings import airings_of
        from monitoring.completeness.missing import lacking

        return lacking(airings_of(coverage, selection))
    from monitoring.completeness.calendar import calendar as outlet_days

    return outlet_days(coverage, selection)


def _described(name: str, coverage: "Coverage", selection: Selection) -> dict[str, Any]:
    """What stands beside the CSV: mission, selection, and the formats that were counted."""
    from monitoring.output import described_report

    of_segments = name in ("bounds", "balance")
    formats = selection.formats_in(coverage.mission) if of_segments else ALL_FORMATS
    return described_report(name, coverage.mission, coverage.fingerprint, selection, formats=formats)


def _printed(found: "pd.DataFrame", asked: str, words: "Words", coverage: "Coverage", selection: Selection) -> str:
    """The answer and a table for people."""
    head = words.with_notice(words.mission.title)
    if found.empty:
        none = {"holes": "page.calendar.holes_none"}.get(asked, "command.nothing")
        return "\n".join([head, words.t(none)])
    if asked in ("bounds", "balance"):
        return "\n".join([head, *_printed_bounds(found, asked == "balance", words, selection)])
    if asked:
        from monitoring.completeness.words import HOLE, shown_airings

        shown = shown_airings(found, words)[list(HOLE)]
        return "\n".join([head, "", _as_text(shown, words), "", words.t("page.calendar.holes_note")])
    return "\n".join([head, *_printed_days(found, words)])


def _printed_bounds(found: "pd.DataFrame", balance: bool, words: "Words", selection: Selection) -> list[str]:
    from monitoring.completeness.words import shown_bounds

    note = words.t("page.calendar.bounds_balance_note" if balance else "page.calendar.bounds_note")
    counted = "; ".join([*words.counted(selection), words.reading(selection)])
    units = dict.fromkeys(found["unit"])
    basis = [] if balance else [words.t("page.calendar.bounds_basis", basis=words.basis(selection, u)) for u in units]
    return [counted, *basis, "", _as_text(shown_bounds(found, words, balance), words), "", note]


def _printed_days(days: "pd.DataFrame", words: "Words") -> list[str]:
    """The sums of each outlet, and below a line of marks for each: one for a day."""
    from monitoring.completeness.calendar import State
    from monitoring.completeness.words import MARKS, answer, gaps, shown_outlets

    lines = [line for _, some in days.groupby("unit", sort=False) for line in (answer(some, words), gaps(some, words))]
    lines = [*filter(None, lines), "", _as_text(shown_outlets(days, words), words), ""]
    one = days["state"].map({str(state): mark or EMPTY for state, mark in MARKS.items()})
    numbers = days["missing_airings"].clip(upper=9).astype(str)
    signs = days.assign(mark=one.mask(days["state"] == State.PARTLY, numbers))
    width = max(len(words.named("outlet", name)) for name in signs["outlet"])
    for name, some in signs.groupby("outlet", sort=False):
        lines.append(f"{words.named('outlet', str(name)):<{width}}  {''.join(some['mark'])}")
    seen = [state for state in State if (days["state"] == state).any()]
    span = words.days(*(datetime.fromisoformat(day).date() for day in (days["date"].min(), days["date"].max())))
    named = {State.NONE: EMPTY, State.PARTLY: "1…9"}
    names = [f"{named.get(state, MARKS[state])} {words.t(f'calendar.state.{state}')}" for state in seen]
    return [*lines, "", span, *names]


def _as_text(shown: "pd.DataFrame", words: "Words") -> str:
    from monitoring.completeness.words import heading

    return shown.rename(columns={name: heading(name, words) for name in shown.columns}).to_string(index=False)
