"""Words whose tone is known beforehand, for the languages that have such a list, and what they say about a target.

A list for another language is one more line in LEXICONS. With 1,000 labels the English list lifts the linear backend
by some seven points of macro-F1; a language without one works without it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version

LEXICONS = {"en": ("vaderSentiment", "vader_lexicon.txt")}
"""language -> package and file: a word, a tab and its mean rating (-4 to 4) in each line. vaderSentiment is MIT."""

# fmt: off
NEGATIONS = {
    "en": frozenset((
        "aint", "ain't", "aren't", "barely", "can't", "cannot", "couldn't", "didn't", "doesn't", "don't", "hardly",
        "isn't", "lack", "lacks", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "shouldn't",
        "wasn't", "weren't", "without", "won't", "wouldn't",
    ))
}
# fmt: on
"""language -> words that turn a rating about when they stand up to three words before."""

TURNED = -0.74  # how much of a rating is left after a negation (Hutto and Gilbert 2014)
REACH = 3  # words
FEATURES = 14  # how many numbers `towards` gives


@cache
def lexicon_of(language: str) -> str:
    """The list used for a language and its version, for the record of a model; "" where none is installed."""
    if language not in LEXICONS:
        return ""
    package, _ = LEXICONS[language]
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""


@cache
def ratings(language: str) -> Mapping[str, float]:
    """word -> rating, of a language that has a list."""
    package, name = LEXICONS[language]
    text = (resources.files(package) / name).read_text(encoding="utf-8")
    return {word: float(rest.split("\t")[0]) for word, _, rest in (line.partition("\t") for line in text.splitlines())}


def towards(words: Sequence[str], target: Sequence[int], others: Sequence[int], language: str) -> list[float]:
    """FEATURES numbers: the ratings of a text by their distance from the target, as signed square roots.

    `target` and `others` are the places of mentions among `words`; without a target all distances are 0.
    """
    found = [(place, rating) for place, rating in enumerate(_rated(words, language)) if rating]
    sums = [0.0] * FEATURES
    for place, rating in found:
        away = min((abs(place - one) for one in target), default=0)
        from_other = min((abs(place - one) for one in others), default=len(words))
        nearby, before = 1 / (1 + away / 8), bool(target) and place < target[0]
        added = (
            rating,
            rating * (away <= 3),
            rating * (away <= 8),
            rating / (1 + away / 3),
            rating * before / (1 + away / 6),
            rating * (not before) / (1 + away / 6),
            max(rating, 0) * nearby,
            min(rating, 0) * nearby,
            max(rating, 0),
            min(rating, 0),
            rating * (away < from_other) * nearby,
            rating * (from_other < away) * nearby,
        )
        sums[: len(added)] = [total + one for total, one in zip(sums, added, strict=False)]
    sums[-2:] = max((rating for _, rating in found), default=0.0), min((rating for _, rating in found), default=0.0)
    return [(abs(total) ** 0.5) * (1 if total > 0 else -1) for total in sums]


def _rated(words: Sequence[str], language: str) -> list[float]:
    """The rating of every word, turned about behind a negation."""
    known, negations = ratings(language), NEGATIONS.get(language, frozenset())
    rated = [known.get(word, 0.0) for word in words]
    for place, rating in enumerate(rated):
        if rating and not negations.isdisjoint(words[max(0, place - REACH) : place]):
            rated[place] = TURNED * rating
    return rated
