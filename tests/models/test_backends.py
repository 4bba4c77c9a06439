"""The list of backends: every file is on it, and each says what its folder may hold."""

from pathlib import Path

import pytest

from models import backends
from models.refusal import Refused


def test_every_backend_file_is_listed() -> None:
    files = {path.stem for path in Path(backends.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == set(backends.BACKENDS)


@pytest.mark.parametrize("name", backends.BACKENDS)
def test_every_backend_says_what_its_folder_may_hold(name: str) -> None:
    files = backends.files_of(name)
    assert files
    assert not any(pattern in ("*", "*.*") for pattern in files)


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(Refused, match="“pickle” is not one of linear"):
        backends.files_of("pickle")
