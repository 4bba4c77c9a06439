"""What a person reads: per cent, amounts, days and names in one interface language. Numbers stay numbers elsewhere."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from coding.exchange.cells import guarded
from coding.languages import DEFAULT, catalogue, translator
from coding.mission.clock import duration_text
from coding.mission.model import Mission, Outlet, Subject
from coding.vocabulary import Unit
from monitoring.selection import ALL_FORMATS, Selection

NAMED_IN_CATALOGUE = ("medium", "ownership", "unit", "role", "speech", "stage", "kind")
MM2_IN_CM2 = 100


def slug(text: str) -> str:
    """Text for a file name: lower-case letters and digits of any script, hyphens between.

    >>> slug("synthetic segments")
    'synthetic-segments'
    """
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")


def clock(milliseconds: int) -> str:
    """A length as h:mm:ss, to the nearest second.

    >>> clock(3_723_400)
    '1:02:03'
    """
    seconds = (int(milliseconds) + 500) // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class Words:
    """The texts of one mission in one interface language; `t` fills messages of the catalogue."""

    def __init__(self, mission: Mission, language: str = DEFAULT) -> None:
        self.mission, self.language, self.t = mission, language, translator(language)
        self._keys = catalogue(DEFAULT)
        people = self._distinct(mission.subjects)
        self._names: dict[str, Mapping[str, str]] = {
            "outlet": self._distinct(mission.outlets),
            **dict.fromkeys(("group", "subject", "affiliation"), people),
        }

    def _distinct(self, all_named: Sequence[Outlet | Subject]) -> dict[str, str]:
        """Shown names; where two would read the same, both keep the mission's own."""
        shown = {named.name: self._name(named) for named in all_named}
        count = Counter(shown.values())
        return {name: text if count[text] == 1 else name for name, text in shown.items()}

    def _name(self, named: Outlet | Subject) -> str:
        """The name in the reader's language; English keeps a mission's own short name where it is in Latin script."""
        if self.language == DEFAULT and named.name.isascii():
            return named.name
        return named.names.get(self.language, named.name)

    # numbers

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with the language's own marks."""
        marks = {",": self.t("word.thousands_mark"), ".": self.t("word.decimal_mark")}
        return re.sub(r"[,.]", lambda found: marks[found.group()], f"{value:,.{decimals}f}")

    def percent(self, value: float, decimals: int = 0, key: str = "word.percent") -> str:
        """A fraction as per cent, spelt out for a sentence; a little is never written as nothing."""
        if pd.isna(value):
            return self.t("word.no_value")
        least = 10.0**-decimals
        if 0 < value * 100 < least / 2:
            return self.t(key, number="<" + self.number(least, decimals))
        return self.t(key, number=self.number(value * 100, decimals))

    def percent_sign(self, value: float, decimals: int = 0) -> str:
        """A fraction as per cent, short: for labels and tables."""
        return self.percent(value, decimals, "word.percent_sign")

    def percents(self, low: float, high: float) -> str:
        """A range of fractions; one per cent where both read the same."""
        first, last = self.percent(low), self.percent(high)
        return first if first == last else self.t("word.range", low=self.number(low * 100), high=last)

    def amount(self, amount: float, unit: str) -> str:
        """An amount of `unit`: h:mm:ss, below a second with its milliseconds (it is not nothing), cm2 or lines."""
        if pd.isna(amount):
            return self.t("word.no_value")
        if unit == Unit.MS:
            return duration_text(int(amount)) if 0 < amount < 1000 else clock(int(amount))
        size = amount / MM2_IN_CM2 if unit == Unit.MM2 else amount
        return self.t(f"word.amount.{unit}", number=self.number(size))

    def value(self, value: float, kind: str) -> str:
        """A metric's value by what it is: fraction, balance, count or hours."""
        if pd.isna(value):
            return self.t("word.no_value")
        if kind == "fraction":
            return self.percent_sign(value, 1)
        if kind == "balance":
            return self.balance(value)
        return self.number(value, 1 if kind in ("hours", "number") else 0)

    def balance(self, value: float) -> str:
        """A tone balance with its sign, a true minus included."""
        sign = "+" if value >= 0.005 else "−" if value <= -0.005 else "±"
        return sign + self.number(math.fabs(value), 2)

    # days

    def day(self, day: date | str) -> str:
        """A day and its month."""
        known = date.fromisoformat(day) if isinstance(day, str) else day
        return self.t("word.day", day=known.day, month=self.t(f"word.month.m{known.month}"))

    def days(self, start: date, end: date) -> str:
        """From one day to another, both inside, with the year."""
        return self.t("word.days", start=self.day(start), end=self.day(end), year=end.year)

    # names

    def named(self, column: str, value: str) -> str:
        """How a value of a result's column is shown."""
        if column in ("date", "week"):
            return self.day(value)
        if column in NAMED_IN_CATALOGUE and f"word.{column}.{value}" in self._keys:
            return self.t(f"word.{column}.{value}")
        shown = self._names.get(column, {}).get(value, value)
        return self.term(shown)

    def term(self, name: str) -> str:
        """A tone, format or group under the field's common name in this language; a mission's own name stays."""
        key = f"word.term.{slug(name)}"
        return self.t(key) if key in self._keys else name

    def listed(self, column: str, values: Any) -> str:
        """Names in one line."""
        return ", ".join(self.named(column, str(value)) for value in values)

    # what was counted

    def basis(self, selection: Selection, unit: str) -> str:
        """The denominator in words."""
        return self.t(f"word.basis.{selection.denominator}_{unit}")

    def reading(self, selection: Selection) -> str:
        """Under which reading office-holders were counted, and whether slots were pooled with editorial content."""
        told = self.t(f"word.incumbents.{selection.incumbents}")
        return f"{told}; {self.t('word.pooled')}" if selection.pools_slots(self.mission) else told

    def counted(self, selection: Selection, formats: bool = True) -> list[str]:
        """What was counted, part by part: formats, days, and every filter that is set."""
        names = selection.formats_in(self.mission)
        kind = "all" if selection.formats == ALL_FORMATS else "chosen" if selection.formats else "editorial"
        parts = [self.t(f"word.formats.{kind}", names=self.listed("format", names))] if formats else []
        parts.append(self.days(*self.span(selection)))
        filters: dict[str, tuple[Any, ...]] = {
            "outlet": selection.outlets, "role": selection.roles, "speech": selection.speech,
            "subject": selection.subjects,
        }  # fmt: skip
        parts += [self.t(f"word.only.{c}", names=self.listed(c, chosen)) for c, chosen in filters.items() if chosen]
        return parts

    def span(self, selection: Selection) -> tuple[date, date]:
        """The first and last day of the selection inside the mission's periods."""
        first = min(period.start for period in self.mission.periods)
        last = max(period.end for period in self.mission.periods)
        return selection.start or first, selection.end or last

    def with_notice(self, sentence: str) -> str:
        """A sentence that can be quoted alone: the mission's notice stands in it."""
        return f"{sentence} ({self.mission.notice})" if self.mission.notice else sentence

    def file_name(self, name: str, suffix: str = "csv") -> str:
        """The name of a download, with the notice in it."""
        return f"{'-'.join(part for part in (name, slug(self.mission.notice)) if part)}.{suffix}"

    def csv(self, result: pd.DataFrame) -> bytes:
        """A result as CSV: its exact columns and integers, and the notice in a column of its own.

        A text that a spreadsheet would take for a formula gets an apostrophe in front.
        """
        noted = result.assign(notice=self.mission.notice) if self.mission.notice else result
        texts = [name for name in noted.columns if not pd.api.types.is_numeric_dtype(noted[name])]
        return noted.assign(**{n: noted[n].map(guarded) for n in texts}).to_csv(index=False).encode("utf-8")

    def label_lines(self, text: str, width: int) -> str:
        """A name in at most two lines of about `width` letters, parted by a newline; its middle goes first."""
        words = text.split()
        first, rest = _fitting(words, width)
        if not rest or len(" ".join(rest)) <= width:
            return "\n".join(filter(None, (" ".join(first), " ".join(rest))))
        ending, _ = _fitting(rest[::-1], width - 2)
        return " ".join(first) + "\n… " + " ".join(ending[::-1])


def _fitting(words: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    """The words that fit into `width` letters (one at least), and those left."""
    taken = 1
    while taken < len(words) and len(" ".join(words[: taken + 1])) <= width:
        taken += 1
    return list(words[:taken]), list(words[taken:])
