"""Uploaded files: written beside the stores under their own name while a page reads them, and removed afterwards."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from coding.store.places import data_dir

LEFT_BEHIND = 24 * 3600
"""Seconds after which a folder that a killed process left is removed."""


class Upload(Protocol):
    """What Streamlit gives for an uploaded file, as far as it is needed here."""

    @property
    def name(self) -> str: ...
    @property
    def file_id(self) -> str: ...
    def getbuffer(self) -> memoryview: ...


@contextmanager
def placed(upload: Upload) -> Iterator[Path]:
    """The upload as a file of its own name in a folder of its own."""
    home = data_dir() / "uploads"
    _swept(home)
    folder = home / uuid4().hex
    folder.mkdir(parents=True)
    try:
        path = folder / safe_name(upload.name)
        path.write_bytes(upload.getbuffer())
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file name that every system takes, with its suffix.

    >>> safe_name("../a:b.csv"), safe_name("неделя 1.xlsx")
    ('a_b.csv', 'неделя 1.xlsx')
    """
    path = Path(re.sub(r'[<>:"|?*\x00-\x1f]', "_", name.replace("\\", "/").rpartition("/")[2]))
    return f"{path.stem.strip(' .')[:60] or 'file'}{path.suffix[:10]}"


def _swept(home: Path) -> None:
    if home.is_dir():
        for folder in home.iterdir():
            if folder.is_dir() and time.time() - folder.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(folder, ignore_errors=True)
