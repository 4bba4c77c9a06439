"""Where stores live, and how a folder or a URL becomes one."""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

from platformdirs import user_data_dir
from sqlalchemy import URL, make_url

from coding import __version__
from coding.mission.loader import MissionFolder, load
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.engine import HEAD, open_engine
from coding.store.incidents import add_incidents

DATA_VARIABLE = "EVENHAND_DATA"
_making = Lock()
MISSION_VARIABLE = "EVENHAND_MISSION"
SAMPLE = Path(__file__).parents[2] / "sample_data" / "kazakhstan_2007"
FILES = ("mission.toml", "outlets.csv", "subjects.csv", "airings.csv", "segments.csv", "incidents.csv")


def data_dir() -> Path:
    """The one folder for stores and caches: EVENHAND_DATA, else the platform's own place for a user's data."""
    return Path(os.environ.get(DATA_VARIABLE) or user_data_dir("evenhand", appauthor=False))


def stores() -> dict[str, str]:
    """Name and URL of every store in the data directory."""
    return {path.stem: sqlite_url(path) for path in sorted((data_dir() / "stores").glob("*.sqlite"))}


@lru_cache
def demo_url(folder: Path) -> str:
    """The URL of the sample mission's own store, which can be written to and thrown away; `coding.demo` makes it."""
    name = f"{SAMPLE.name}-{folder_digest(SAMPLE)[:16]}.sqlite"
    return sqlite_url(folder / "demo" / name)


def is_demo(where: str) -> bool:
    """Whether this is the sample mission's own store."""
    return where == demo_url(data_dir())


def named_mission() -> str:
    """The mission that EVENHAND_MISSION names, where it is another one than the sample; else empty."""
    named = os.environ.get(MISSION_VARIABLE, "")
    return "" if not named or (not is_url(named) and Path(named).resolve() == SAMPLE) else named


def real_mission_exists() -> bool:
    """Whether somebody's own mission is here: then nobody gets in without an account."""
    return bool(named_mission() or stores())


def place_key(where: str) -> str:
    """A short name of a place for addresses, since a URL may carry a password."""
    return hashlib.sha256(where.encode()).hexdigest()[:16]


def place_of(key: str) -> str | None:
    """The place with this key among those that the app offers."""
    offered = [named_mission(), demo_url(data_dir()), *stores().values()]
    return next((where for where in offered if where and place_key(where) == key), None)


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file, whatever signs its name has."""
    return URL.create("sqlite", database=path.resolve().as_posix()).render_as_string()


def is_url(where: str) -> bool:
    """Whether this names a store (a URL, or an SQLite file) and not a mission folder."""
    return "://" in where or where.endswith(".sqlite")


def open_mission(where: str | Path) -> Store:
    """The store behind a URL or an `.sqlite` file, or a folder read into a cache that can be thrown away.

    Raises ProblemsFound for a folder with problems, or a store that is not there.
    """
    named = str(where)
    if not is_url(named):
        return _cached(Path(where))
    store_file = file_of(named)
    if store_file is not None and not store_file.is_file():
        raise ProblemsFound([Problem("no_store", named)])
    return Store(store_url(named))


def store_url(where: str) -> str:
    """The URL of a store that is named by URL or `.sqlite` file. Raises ProblemsFound for any other kind of URL."""
    if "://" not in where:
        return sqlite_url(Path(where))
    if not where.startswith(("sqlite:///", "postgresql://")):
        raise ProblemsFound([Problem("bad_url", value=where)])
    return where


def file_of(where: str) -> Path | None:
    """The SQLite file behind a name or URL; None for a server."""
    url = make_url(store_url(where))
    return Path(url.database or "") if url.drivername == "sqlite" else None


def _cached(folder: Path) -> Store:
    """The store of a folder's present content, made when it is not there yet."""
    with _making:
        while True:
            digest = folder_digest(folder)
            cache = data_dir() / "cache" / f"{folder.resolve().name[:60]}-{digest[:16]}.sqlite"
            if cache.is_file():
                return Store(sqlite_url(cache))
            held = load(folder)
            if folder_digest(folder) == digest:  # else somebody wrote while it was read: read again
                make_store(cache, held, folder.name)


def make_store(file: Path, held: MissionFolder, name: str, finish: Callable[[Store], None] | None = None) -> None:
    """Write a store beside its place and move it there whole, so that nobody opens half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{uuid4().hex}.making")
    store = Store(sqlite_url(made), open_engine(sqlite_url(made)))
    try:
        store.put_mission(held.mission, held.airings, "folder", f"read from {name}")
        store.add(held.segments, "folder", {"folder": name})
        add_incidents(store, held.incidents, "folder")
        if finish:
            finish(store)
        store.engine.dispose()
        made.replace(file)
    finally:
        store.engine.dispose()
        made.unlink(missing_ok=True)


def folder_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a mission folder's files, and the version that reads them."""
    digest = hashlib.sha256(f"{__version__} {HEAD}".encode())
    for name in FILES:
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()
