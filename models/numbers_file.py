"""The arrays of a model in one safetensors file: numbers under names, nothing that could run."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.refusal import Refused

LARGEST = 1e9
"""No number of a trained model comes near this; beyond it, and at NaN, an answer would be none."""
Arrays = dict[str, NDArray[np.generic]]


def write_numbers(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Writes arrays into a file, its folder made if need be."""
    from safetensors.numpy import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def read_numbers(path: Path) -> Arrays:
    """The arrays of a file by name.

    Raises Refused when it is missing, cut short or of a kind that numpy lacks, or holds what is no number or too large.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    if not path.is_file():
        raise Refused(f"{path} is missing; copy the whole folder of the model again.")
    try:
        arrays = dict(load_file(path))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path} cannot be read ({error}); copy the model again.") from error
    for name, array in arrays.items():
        if not (np.abs(array.astype(np.float64)) <= LARGEST).all():
            raise Refused(f"{path} holds numbers that no training gives ({name}); train the model again.")
    return arrays
