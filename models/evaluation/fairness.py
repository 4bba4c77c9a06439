"""Does a suggestion depend on who it is about? The same texts with the names exchanged, asked through `suggest`.

Two exchanges. *Swap*: where a text names at least two contestants (target and bystanders), every mention of each is
replaced by the name of another, in a circle, and the question is about whoever now stands in the target's place.
*Replace*: every mention of the target is replaced by a contestant that the text does not name. What is said of whoever
stands there is the same in both texts, so the suggestion has to be the same. A language of "" is told from each text
anew.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.evaluation.evaluate import beside, opened, whole
from models.target import Span, Target, mentions

if TYPE_CHECKING:
    import pandas as pd

    from models.suggestion import Suggester, Suggestion

SWAP, REPLACE = "swap", "replace"
SWAPS = ".swaps.json"
"""The answer of the check for a version that was trained on a mission: the name of its folder and this, beside it."""
KEPT = 50
"""Changes that are kept in a file; the counts are those of all."""
ASKED_OF = 200
"""Texts that a check of a version draws."""
AT_ONCE = 10
"""Texts between two words of progress; each is asked about once for every contestant."""
Names = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A suggestion that became another one when names were exchanged in row `row` (from 0) of the texts.

    `difference` is the largest change of a probability; 1 where only one of the two has probabilities.
    """

    kind: str
    row: int
    text: str
    target: str
    other_text: str
    other_target: str
    labels: tuple[str, ...]
    other_labels: tuple[str, ...]
    silent: str
    other_silent: str
    difference: float


@dataclass(frozen=True)
class Swaps:
    """What became of the suggestions: `texts` given, in `swapped` and `replaced` pairs compared.

    `changed` counts pairs with other labels (`labels`) or of which one is silent, or silent for another reason
    (`silences`; a pair may be in both), `largest` is the largest change of any probability. `changes` are the pairs
    that changed.
    """

    texts: int
    swapped: int
    replaced: int
    changed: int
    labels: int
    silences: int
    largest: float
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file, with the first of the changes."""
        return asdict(self) | {"changes": [asdict(change) for change in self.changes[:KEPT]]}


@dataclass(frozen=True)
class _Asked:
    """A text with exchanged names, and what is asked of it."""

    kind: str
    row: int
    text: str
    target: Target


def swap(texts: Sequence[str], targets: Sequence[Target], languages: Sequence[str], model: "Suggester | Path") -> Swaps:
    """Exchange the names in every text, ask again, and compare. Raises Refused as `suggest` does.

    The model is asked as if it might speak every language: silence in all of them would be fair, and tell nothing.
    """
    from models.suggestion import suggest

    asked = [
        one
        for row, (text, target, language) in enumerate(zip(texts, targets, languages, strict=True))
        for one in exchanged(row, text, target, language)
    ]
    suggester = replace(opened(model), earned=None)
    before = suggest(texts, targets, languages, suggester)
    after = suggest(
        [one.text for one in asked], [one.target for one in asked], [languages[one.row] for one in asked], suggester
    )
    pairs = [
        _change(one, texts[one.row], targets[one.row], before[one.row], later)
        for one, later in zip(asked, after, strict=True)
    ]
    labels = [pair.labels != pair.other_labels for pair in pairs]
    silences = [pair.silent != pair.other_silent for pair in pairs]
    changes = tuple(pair for pair, *differs in zip(pairs, labels, silences, strict=True) if any(differs))
    return Swaps(
        texts=len(texts),
        swapped=sum(one.kind == SWAP for one in asked),
        replaced=sum(one.kind == REPLACE for one in asked),
        changed=len(changes),
        labels=sum(labels),
        silences=sum(silences),
        largest=max((pair.difference for pair in pairs), default=0.0),
        changes=changes,
    )


def check(
    table: "pd.DataFrame", folder: Path, most: int = ASKED_OF, tell: Callable[[float], None] = lambda share: None
) -> Swaps:
    """Exchange names in texts of a labelled table (at most `most`, evenly drawn), and keep the answer beside a version.

    `table` has the columns that `models.labelled.checked` asks for. `tell` hears before each few texts which share is
    done; what it raises stops the check, and nothing is kept. Raises Refused.
    """
    from models import labelled

    drawn = labelled.checked(table.iloc[:: max(1, -(-len(table) // most))])
    targets, suggester, parts = labelled.targets_of(drawn), opened(folder), []
    for start in range(0, len(drawn), AT_ONCE):
        tell(start / len(drawn))
        few = drawn[start : start + AT_ONCE]
        part = swap(list(few["text"]), targets[start : start + AT_ONCE], list(few["language"]), suggester)
        parts.append(_from_row(start, part))
    found = _together(parts)
    write_swaps(folder, found)
    return found


def _from_row(start: int, part: Swaps) -> Swaps:
    return replace(part, changes=tuple(replace(change, row=change.row + start) for change in part.changes))


def _together(parts: Sequence[Swaps]) -> Swaps:
    """One answer for texts that were asked about a few at a time."""
    counted = ("texts", "swapped", "replaced", "changed", "labels", "silences")
    return Swaps(
        **{name: sum(getattr(part, name) for part in parts) for name in counted},
        largest=max(part.largest for part in parts),
        changes=tuple(change for part in parts for change in part.changes),
    )


def exchanged(row: int, text: str, target: Target, language: str) -> list[_Asked]:
    """The text with its names exchanged, in every way; nothing where it does not name the target.

    >>> [one.text for one in exchanged(0, "Blue attacks Red.", Target("Blue", (), (("Red",),)), "en")]
    ['Red attacks Blue.']
    """
    people: list[Names] = [(target.name, *target.aliases), *filter(None, target.bystanders)]
    where = [mentions(text, _about(people, place), language).target for place in range(len(people))]
    if not where[0]:
        return []
    named = [place for place, spans in enumerate(where) if spans]
    circles = [dict(zip(named, named[turn:] + named[:turn], strict=True)) for turn in range(1, len(named))]
    swaps = [_Asked(SWAP, row, _rewritten(text, where, people, to), _about(people, to[0])) for to in circles]
    unnamed = [place for place in range(1, len(people)) if place not in named]
    others = [{0: place} for place in unnamed]
    return swaps + [_Asked(REPLACE, row, _rewritten(text, where, people, to), _about(people, to[0])) for to in others]


def _about(people: Sequence[Names], place: int) -> Target:
    """The question about one of them, all others beside it."""
    name, *aliases = people[place]
    return Target(name, tuple(aliases), tuple(other for at, other in enumerate(people) if at != place))


def _rewritten(text: str, where: Sequence[Sequence[Span]], people: Sequence[Names], to: dict[int, int]) -> str:
    """The text with every mention of the keys of `to` replaced by the first name of whom they become."""
    spans = sorted((span, people[to[place]][0]) for place in to for span in where[place])
    ends = [*spans, ((len(text), len(text)), "")]
    apart = [one for one, following in pairwise(ends) if one[0][1] <= following[0][0]]
    for (start, end), name in reversed(apart):
        text = text[:start] + name + text[end:]
    return text


def _change(asked: _Asked, text: str, target: Target, before: "Suggestion", after: "Suggestion") -> Change:
    return Change(
        asked.kind,
        asked.row,
        text,
        target.name,
        asked.text,
        asked.target.name,
        before.labels,
        after.labels,
        str(before.silent or ""),
        str(after.silent or ""),
        _difference(before.probabilities, after.probabilities),
    )


def _difference(before: Sequence[float], after: Sequence[float]) -> float:
    if len(before) != len(after):
        return 1.0
    return max((abs(one - other) for one, other in zip(before, after, strict=True)), default=0.0)


def write_swaps(folder: Path, swaps: Swaps) -> Path:
    """Keep the answer beside the folder of a version, whole or not at all."""
    written = json.dumps(swaps.to_json(), ensure_ascii=False, indent=1)
    return whole(beside(folder, SWAPS), lambda path: path.write_text(written, encoding="utf-8"))


def read_swaps(folder: Path) -> Swaps | None:
    """The answer kept for a version; None where it was not checked."""
    path = beside(folder, SWAPS)
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    lists = ("labels", "other_labels")
    changes = (Change(**change | {name: tuple(change[name]) for name in lists}) for change in kept["changes"])
    return Swaps(**kept | {"changes": tuple(changes)})
