"""Alpha and percent agreement: what missing, alike and lonely values do, and the laws that hold for every table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from monitoring.agreement.alpha import MISSING, Level, alpha, alpha_from, coincidences, percent_from
from tests.monitoring.agreement.tables import ratings

LEVELS = list(Level)
CATEGORIES = 4
tables = arrays(
    np.int64, st.tuples(st.integers(1, 9), st.integers(2, 4)), elements=st.integers(MISSING, CATEGORIES - 1)
)
few = settings(max_examples=40, deadline=None)


def same(one: float, other: float) -> None:
    assert one == pytest.approx(other, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("level", LEVELS)
def test_one_category_only_is_undefined_and_full_agreement(level: Level) -> None:
    table = ratings("1111", "1111")
    assert np.isnan(alpha(table, level, categories=3))
    assert percent_from(coincidences(table, 3))[0] == 1


@pytest.mark.parametrize("level", LEVELS)
def test_perfect_agreement_on_two_categories_is_one(level: Level) -> None:
    assert alpha(ratings("1121", "1121"), level) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_a_category_that_pairs_with_nothing_does_not_make_alpha_defined(level: Level) -> None:
    assert np.isnan(alpha(ratings("112", "11."), level))


@pytest.mark.parametrize("level", LEVELS)
def test_units_with_one_value_count_nowhere(level: Level) -> None:
    table, more = ratings("0120", "0121"), ratings("01203.2", "0121.3.")
    same(alpha(table, level, categories=4), alpha(more, level, categories=4))
    assert coincidences(more, 4).sum() == 8


def test_nothing_at_all() -> None:
    empty = np.zeros((0, 2), dtype=np.int64)
    assert np.isnan(alpha(empty, Level.NOMINAL))
    assert np.isnan(percent_from(coincidences(empty, 3))[0])
    assert np.isnan(alpha(ratings("01.", "..2"), Level.NOMINAL))


def test_the_example_of_the_docstring() -> None:
    table = ratings("001", "011")
    assert coincidences(table, 2)[0].tolist() == [[2, 1], [1, 2]]
    same(alpha(table, Level.NOMINAL), 4 / 9)


@pytest.mark.parametrize("wrong", [[[0, 3]], [[-2, 0]]])
def test_a_rating_that_is_no_category_is_refused(wrong: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="ratings go from 0 to 2"):
        coincidences(np.array(wrong), 3)


@few
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_coders_and_units_changes_nothing(table: np.ndarray, lot: object) -> None:
    rng = np.random.default_rng(lot.randint(0, 2**32))  # type: ignore[attr-defined]
    mixed = np.array([rng.permutation(unit) for unit in table])[rng.permutation(len(table))]
    for level in LEVELS:
        same(alpha(table, level, categories=CATEGORIES), alpha(mixed, level, categories=CATEGORIES))


@few
@given(tables, st.permutations(range(CATEGORIES)))
def test_other_names_change_nothing_nominal(table: np.ndarray, names: list[int]) -> None:
    renamed = np.where(table == MISSING, MISSING, np.array(names)[table])
    same(alpha(table, Level.NOMINAL, categories=CATEGORIES), alpha(renamed, Level.NOMINAL, categories=CATEGORIES))


@few
@given(tables)
def test_turning_the_scale_around_changes_nothing_ordinal(table: np.ndarray) -> None:
    turned = np.where(table == MISSING, MISSING, CATEGORIES - 1 - table)
    for level in (Level.ORDINAL, Level.INTERVAL):
        same(alpha(table, level, categories=CATEGORIES), alpha(turned, level, categories=CATEGORIES))


@few
@given(tables, st.integers(1, 4), st.integers(0, 99))
def test_clusters_add_up_to_all(table: np.ndarray, clusters: int, seed: int) -> None:
    place = np.random.default_rng(seed).integers(0, clusters, len(table))
    parts = coincidences(table, CATEGORIES, place, clusters)
    assert parts.shape == (clusters, CATEGORIES, CATEGORIES)
    assert np.allclose(parts.sum(axis=0), coincidences(table, CATEGORIES)[0])
    assert np.allclose(parts, parts.transpose(0, 2, 1))
    for level in LEVELS:
        same(float(alpha_from(parts.sum(axis=0), level)), alpha(table, level, categories=CATEGORIES))


@few
@given(tables, st.integers(2, 4))
def test_a_weight_is_a_repetition(table: np.ndarray, times: int) -> None:
    repeated = np.concatenate([table] * times)
    for level in LEVELS:
        weighted = float(alpha_from(times * coincidences(table, CATEGORIES)[0], level))
        same(weighted, alpha(repeated, level, categories=CATEGORIES))


@few
@given(tables)
def test_many_columns_with_gaps_are_the_same_units(table: np.ndarray) -> None:
    wide = np.full((len(table), 12), MISSING)
    wide[:, 1 : 1 + 3 * table.shape[1] : 3] = table
    assert np.allclose(coincidences(wide, CATEGORIES), coincidences(table, CATEGORIES))


def test_many_tables_at_once_are_each_their_own() -> None:
    rng = np.random.default_rng(3)
    parts = coincidences(rng.integers(MISSING, 3, (60, 3)), 3, rng.integers(0, 5, 60), 5)
    for level in LEVELS:
        together = alpha_from(parts, level)
        assert together.shape == (5,)
        assert together == pytest.approx([float(alpha_from(part, level)) for part in parts])
