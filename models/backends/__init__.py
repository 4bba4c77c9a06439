"""Every backend, one file each. A new backend is a new file and a name in BACKENDS.

A file has FILES, the names a folder of it may hold beside manifest.json (shell patterns; sub folders as `*/...`), and
load(folder, manifest) -> Model. Nothing heavy loads here: a backend's file is imported when a folder asks for it.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from models.refusal import Refused

if TYPE_CHECKING:
    from models.folder import Manifest
    from models.suggestion import Model

BACKENDS = ("linear", "encoder", "transformer", "adapted", "by_language")


def files_of(backend: str) -> tuple[str, ...]:
    """The files a folder of this backend may hold. Raises Refused for an unknown backend."""
    files: tuple[str, ...] = import_module(f"models.backends.{_known(backend)}").FILES
    return files


def load(folder: Path, manifest: "Manifest") -> "Model":
    """The model in a folder whose manifest has been read and checked. Raises Refused."""
    model: Model = import_module(f"models.backends.{_known(manifest.backend)}").load(folder, manifest)
    return model


def _known(backend: str) -> str:
    if backend not in BACKENDS:
        raise Refused(
            f"The backend “{backend}” is not one of {', '.join(BACKENDS)}; the folder was made by something else."
        )
    return backend
