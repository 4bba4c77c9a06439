"""The arrays of a model in one safetensors file: numbers under names, nothing that could run."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.refusal import Refused

Arrays = dict[str, NDArray[np.generic]]


def write_numbers(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Writes arrays into a file, its folder made if need be."""
    from safetensors.numpy import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def read_numbers(path: Path) -> Arrays:
    """The arrays of a file by name. Raises Refused when it is missing, cut short or of a kind that numpy lacks."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    if not path.is_file():
        raise Refused(f"{path} is missing; copy the whole folder of the model again.")
    try:
        return dict(load_file(path))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path} cannot be read ({error}); copy the model again.") from error
