"""Names as a file writes them, against every spelling that the mission knows. Nothing is resolved by likeness."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from itertools import combinations
from unicodedata import combining, normalize

from coding.mission.aliases import Alias
from coding.mission.model import Mission
from coding.vocabulary import matching_key

ALIKE = 0.9
"""Likeness (difflib's ratio) above which two names are shown to a person as perhaps one."""


@dataclass(frozen=True)
class Spellings:
    """Spelling -> canonical name, for subjects or for outlets. Case, spacing and Unicode form do not matter."""

    known: dict[str, str]
    dated: dict[str, list[tuple[Alias, str]]] = field(default_factory=dict)
    """Spellings of several subjects, each on its own days."""
    _near: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_subjects(cls, mission: Mission) -> "Spellings":
        """Names, names in other languages and aliases of the subjects.

        The days of an alias count where it means one subject on some days and another on others. One that only ever
        means one subject is that subject on any day: a file writes who was Prime Minister in the spring also in June.
        """
        forms: dict[str, list[tuple[Alias, str]]] = defaultdict(list)
        for subject in mission.subjects:
            for form in subject.forms:
                forms[matching_key(form.name)].append((form, subject.name))
        several = {key: held for key, held in forms.items() if len({name for _, name in held}) > 1}
        return cls({key: held[0][1] for key, held in forms.items() if key not in several}, several)

    @classmethod
    def of_outlets(cls, mission: Mission) -> "Spellings":
        """Names of the outlets, in every language given."""
        spelled = ((outlet.name, (outlet.name, *outlet.names.values())) for outlet in mission.outlets)
        return cls({matching_key(spelling): name for name, spellings in spelled for spelling in spellings})

    def name(self, written: str, day: date | None = None) -> str | None:
        """The canonical name, or None where nobody is spelled so (on that day, for a spelling of several)."""
        key = matching_key(written)
        held = self.dated.get(key, []) if day else []
        return self.known.get(key) or next((name for form, name in held if day and form.holds(day)), None)

    def of_several(self, written: str) -> str:
        """The subjects that a spelling means on different days, as a list to read; empty where it is of one at most."""
        return ", ".join(dict.fromkeys(name for _, name in self.dated.get(matching_key(written), ())))

    def nearest(self, written: str) -> str:
        """The canonical names that come nearest, for a suggestion; empty where none is near."""
        key = matching_key(written)
        if key not in self._near:
            close = get_close_matches(key, self.known, n=3, cutoff=0.6)
            self._near[key] = ", ".join(dict.fromkeys(self.known[spelling] for spelling in close))
        return self._near[key]

    def some(self, most: int = 12) -> str:
        """The known names, as a list to read."""
        names = sorted(set(self.known.values()))
        return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def look_alikes(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names that may be one: the same letters without accents, case, signs and order of words, or nearly.

    >>> list(look_alikes(["ASSELINEAU FRANCOIS", "François Asselineau", "LE PEN MARINE"]))
    [('ASSELINEAU FRANCOIS', 'François Asselineau')]
    """
    reduced = {name: " ".join(sorted(_letters(name))) for name in names}
    for one, two in combinations(names, 2):
        first, second = reduced[one], reduced[two]
        if first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() > ALIKE:
            yield one, two


def _letters(name: str) -> Iterable[str]:
    plain = "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()
