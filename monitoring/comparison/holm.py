"""Holm's correction: p-values of several comparisons asked at once, so that one chance finding is not told as one.

Source: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def corrected(p: Floats) -> Floats:
    """The corrected p-values (comparisons,), in the order given; NaN (not tested) stays and is not counted.

    The k-th smallest of n is multiplied by n - k + 1, never below a smaller one's and at most 1.

        p          0.01  0.04  0.03
        corrected  0.03  0.06  0.06
    """
    given = np.asarray(p, dtype=float)
    found = np.full(given.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(given))
    order = tested[np.argsort(given[tested], kind="stable")]
    times = np.arange(len(order), 0, -1)
    found[order] = np.minimum(np.maximum.accumulate(given[order] * times), 1.0)
    return found
