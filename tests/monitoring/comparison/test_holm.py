"""Holm's correction: a published example, its laws, and what was not tested."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitoring.comparison.holm import corrected


def test_the_example_of_the_method() -> None:
    """Four hypotheses as in the usual textbook case: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02."""
    assert np.allclose(corrected(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])


def test_what_was_not_tested_is_not_counted() -> None:
    found = corrected(np.array([0.02, np.nan, 0.03]))
    assert np.allclose(found, [0.04, np.nan, 0.04], equal_nan=True)
    assert np.isnan(corrected(np.array([np.nan]))).all()
    assert corrected(np.array([])).size == 0


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=30))
def test_laws(values: list[float]) -> None:
    p = np.array(values)
    found = corrected(p)
    assert (found >= p).all()
    assert (found <= np.minimum(p * len(p), 1) + 1e-12).all(), "never more than Bonferroni's"
    order = np.argsort(p, kind="stable")
    assert (np.diff(found[order]) >= 0).all(), "the order stays"
    back = np.random.default_rng(1).permutation(len(p))
    assert np.allclose(corrected(p[back]), found[back])


def test_one_alone_is_not_corrected() -> None:
    assert corrected(np.array([0.03])).tolist() == [0.03]
