"""Alpha against tables and figures that were published, each to the last digit that was printed."""

import krippendorff
import numpy as np
import pytest

from monitoring.agreement.alpha import MISSING, Level, alpha, coincidences, percent_from
from tests.monitoring.agreement.tables import ratings

# Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. https://repository.upenn.edu/asc_papers/43
MEG_AND_OWEN = ("0100000010", "1110010000")
"""Section A: binary data, two observers, ten units, none missing."""
BEN_AND_GERRY = ("aabbdcccedda", "babbbccceddd")
"""Section B: nominal data, two observers, twelve units, none missing."""
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""Sections C and D: four observers, twelve units, missing data; categories 1 to 5."""

# Krippendorff, K. (1980). Content Analysis: An Introduction to Its Methodology, p. 139: three coders, nine units
THREE_CODERS = ("112412132", "122442232", "122442332")

# Krippendorff, K. (2004). Content Analysis, 2nd edition, p. 227: two coders, twelve units
TWO_CODERS = ("aabbbbbccccc", "abbbbbcccccc")

# Hayes, A. F., and Krippendorff, K. (2007). Answering the Call for a Standard Reliability Measure for Coding Data.
# Communication Methods and Measures 1(1), 77-89, Table 1: five observers, forty news articles, tone from 0 to 3
NEWS_TONE = (
    "112.001122.01311211000201001111223222221",
    "1130000.21102311121000302102111122222221",
    "203000222100221123001.30.1012202.2232.21",
    ".13....0.10022...31.103021122..122...12.",
    "2..0001.2....3112..0.0..2.0..20.2.2222.1",
)

PUBLISHED = [
    ("Krippendorff 2011, A", MEG_AND_OWEN, Level.NOMINAL, "0.095"),
    ("Krippendorff 2011, B", BEN_AND_GERRY, Level.NOMINAL, "0.692"),
    ("Krippendorff 2011, C", FOUR_OBSERVERS, Level.NOMINAL, "0.743"),
    ("Krippendorff 2011, D", FOUR_OBSERVERS, Level.ORDINAL, "0.815"),
    ("Krippendorff 2011, D", FOUR_OBSERVERS, Level.INTERVAL, "0.849"),
    ("Krippendorff 2011, D", FOUR_OBSERVERS, Level.RATIO, "0.797"),
    ("Krippendorff 1980, p. 139", THREE_CODERS, Level.NOMINAL, "0.642"),
    ("Krippendorff 2004, p. 227", TWO_CODERS, Level.NOMINAL, "0.734"),
    ("Hayes and Krippendorff 2007, p. 84", NEWS_TONE, Level.ORDINAL, "0.7598"),
]


@pytest.mark.parametrize(("source", "table", "level", "printed"), PUBLISHED, ids=lambda each: str(each)[:40])
def test_published_alpha(source: str, table: tuple[str, ...], level: Level, printed: str) -> None:
    digits = len(printed.split(".")[1])
    assert f"{alpha(ratings(*table), level):.{digits}f}" == printed


def test_published_coincidences() -> None:
    """Krippendorff 2011, section C: the observed coincidence matrix, 40 values that pair."""
    table = coincidences(ratings(*FOUR_OBSERVERS), 6)[0]
    assert table[0].sum() == 0
    expected = [
        [7, 4 / 3, 1 / 3, 1 / 3, 0],
        [4 / 3, 10, 4 / 3, 1 / 3, 0],
        [1 / 3, 4 / 3, 8, 1 / 3, 0],
        [1 / 3, 1 / 3, 1 / 3, 4, 0],
        [0, 0, 0, 0, 3],
    ]
    assert table[1:, 1:] == pytest.approx(np.array(expected))
    assert table.sum() == pytest.approx(40)


def test_missing_is_no_category() -> None:
    """The four observers once more, with the missing ones coded as a sixth category: the wrong figure is another."""
    table = ratings(*FOUR_OBSERVERS)
    wrong = np.where(table == MISSING, 0, table)
    assert alpha(table, Level.NOMINAL) == pytest.approx(0.743, abs=0.0005)
    assert alpha(wrong, Level.NOMINAL) < 0.65


def test_published_percent_agreement() -> None:
    """Krippendorff 2011, A: the observers agree on six of ten units."""
    assert percent_from(coincidences(ratings(*MEG_AND_OWEN), 2))[0] == pytest.approx(0.6)


def random_table(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ratings with gaps and the values of the categories: up to 12 units, 5 coders, 5 categories."""
    units, coders, categories = rng.integers(1, 13), rng.integers(2, 6), rng.integers(2, 6)
    table = rng.integers(0, categories, (units, coders))
    if rng.random() < 0.5:
        table = np.where(rng.random(table.shape) < 0.7, table[:, :1], table)
    table[rng.random(table.shape) < rng.choice([0, 0.2, 0.5, 0.8])] = MISSING
    return table, np.sort(rng.choice(np.arange(9), categories, replace=False)).astype(float)


def test_a_thousand_random_tables_agree_with_the_package() -> None:
    """To 1e-9, at all four levels; where alpha is undefined the package raises or says NaN, and we say NaN.

    The package raises ValueError where no unit has two values or fewer than two values occur at all, and divides 0 by 0
    where all values that pair are the same. All of this is one thing, no disagreement could have been expected, so it
    is one answer here; a report of a thousand groups must not stop at the one that has a single passage.
    """
    rng = np.random.default_rng(2011)
    defined = undefined = 0
    for _ in range(1000):
        table, values = random_table(rng)
        named = np.where(table == MISSING, np.nan, values[np.maximum(table, 0)]).T
        for level in Level:
            ours = alpha(table, level, values.tolist(), len(values))
            try:
                with np.errstate(invalid="ignore"):
                    theirs = krippendorff.alpha(reliability_data=named, level_of_measurement=level.value)
            except ValueError:
                theirs = np.nan
            assert ours == pytest.approx(theirs, abs=1e-9, nan_ok=True)
            defined, undefined = defined + (not np.isnan(theirs)), undefined + bool(np.isnan(theirs))
    assert defined > 2000
    assert undefined > 100
