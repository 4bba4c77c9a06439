"""Every backend, one file each. A new backend is a new file and a name in BACKENDS.

A file has FILES, the names a folder of it may hold beside manifest.json (shell patterns; sub folders as `*/...`), and
load(folder, manifest) -> Model, which has been tried. Nothing heavy loads here: a backend's file is imported when a
folder asks for it.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from models.refusal import Refused
from models.target import Target

if TYPE_CHECKING:
    from models.folder import Manifest
    from models.suggestion import Model

AnyModel = TypeVar("AnyModel", bound="Model")
BACKENDS = ("linear", "encoder", "transformer", "adapted", "by_language")
NAMED = "Zed"
TRIED = (f"{NAMED} is here.", f"{NAMED} is here{', and so are all' * 200}.")
"""The second is longer than any model reads at once."""
ANY = ("en", "kk", "ru")
"""In what a model is tried that names no language."""
MOST_TRIED = 20


def files_of(backend: str) -> tuple[str, ...]:
    """The files a folder of this backend may hold. Raises Refused for an unknown backend."""
    files: tuple[str, ...] = import_module(f"models.backends.{_known(backend)}").FILES
    return files


def load(folder: Path, manifest: "Manifest") -> "Model":
    """The model in a folder whose manifest has been read and checked. Raises Refused."""
    model: Model = import_module(f"models.backends.{_known(manifest.backend)}").load(folder, manifest)
    return model


def tried(folder: Path, model: AnyModel) -> AnyModel:
    """A model that has answered a short text and a long one in its languages.

    Raises Refused, here and not in the middle of work, where it does not answer, or not with numbers on its scale.
    """
    import numpy as np

    asked = [(text, its) for its in sorted(model.languages)[:MOST_TRIED] or ANY for text in TRIED]
    texts, languages = [text for text, _ in asked], [its for _, its in asked]
    try:
        with np.errstate(all="ignore"):
            said = model.probabilities(texts, [Target(NAMED)] * len(asked), languages)
    except Refused:
        raise
    except Exception as error:  # the libraries raise classes of their own
        raise Refused(f"The model in {folder} does not answer ({str(error)[:200]}); copy it again.") from error
    if said.shape != (len(asked), model.scale.size):
        raise Refused(f"The model in {folder} does not answer on its scale of {model.scale.size}; copy it again.")
    if not np.isfinite(said).all():
        raise Refused(f"The model in {folder} answers with no number; train or copy it again.")
    return model


def _known(backend: str) -> str:
    if backend not in BACKENDS:
        raise Refused(
            f"The backend “{backend}” is not one of {', '.join(BACKENDS)}; the folder was made by something else."
        )
    return backend
