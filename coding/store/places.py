"""Where stores live, and how a folder or a URL becomes one."""

import hashlib
import os
from pathlib import Path

from platformdirs import user_data_dir

from coding.mission.loader import load
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.engine import HEAD, open_engine

DATA_VARIABLE = "EVENHAND_DATA"
FILES = ("mission.toml", "outlets.csv", "subjects.csv", "airings.csv", "segments.csv")


def data_dir() -> Path:
    """The one folder for stores and caches: EVENHAND_DATA, else the platform's own place for a user's data."""
    return Path(os.environ.get(DATA_VARIABLE) or user_data_dir("evenhand", appauthor=False))


def stores() -> dict[str, str]:
    """Name and URL of every store in the data directory."""
    return {path.stem: sqlite_url(path) for path in sorted((data_dir() / "stores").glob("*.sqlite"))}


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite:///{path.resolve().as_posix()}"


def is_url(where: str) -> bool:
    """Whether this names a store (a URL, or an SQLite file) and not a mission folder."""
    return "://" in where or where.endswith(".sqlite")


def open_mission(where: str | Path) -> Store:
    """The store behind a URL or an `.sqlite` file, or a folder read into a cache that can be thrown away.

    Raises ProblemsFound for a folder with problems, or a store that is not there.
    """
    named = str(where)
    if "://" in named:
        return Store(named)
    if named.endswith(".sqlite"):
        if not Path(named).is_file():
            raise ProblemsFound([Problem("no_store", named)])
        return Store(sqlite_url(Path(named)))
    return _cached(Path(where))


def _cached(folder: Path) -> Store:
    """The store of a folder's present content, made when it is not there yet."""
    cache = data_dir() / "cache" / f"{folder.resolve().name}-{folder_digest(folder)[:16]}.sqlite"
    if not cache.is_file():
        held = load(folder)
        cache.parent.mkdir(parents=True, exist_ok=True)
        made = cache.with_suffix(f".{os.getpid()}.making")
        made.unlink(missing_ok=True)
        store = Store(sqlite_url(made), open_engine(sqlite_url(made)))
        store.put_mission(held.mission, held.airings, "folder", f"read from {folder.name}")
        store.add(held.segments, "folder", {"folder": folder.name})
        store.engine.dispose()
        made.replace(cache)
    return Store(sqlite_url(cache))


def folder_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a mission folder's files."""
    digest = hashlib.sha256(HEAD.encode())
    for name in FILES:
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()
