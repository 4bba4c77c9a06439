"""Small tables of ratings, written as a line for each coder and a sign for each unit."""

import numpy as np
from numpy.typing import NDArray

from monitoring.agreement.alpha import MISSING


def ratings(*coders: str) -> NDArray[np.int64]:
    """A table (units, coders) from lines of digits or letters; a dot is a missing rating.

    Digits keep their value as the category's number (0 is a category), letters are numbered from a.
    """
    signs = "0123456789" if "".join(coders).replace(".", "").isdigit() else "abcdefghij"
    return np.array([[MISSING if sign == "." else signs.index(sign) for sign in line] for line in coders]).T
