"""Stores for the tests: the same ones on SQLite and, where a server answers, on PostgreSQL."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from coding.mission.loader import load
from coding.segment import Segment
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from tests.missions import write_mission

SERVER = os.environ.get("EVENHAND_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(autouse=True, scope="session")
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the data of the person who runs it."""
    before = os.environ.get(DATA_VARIABLE)
    os.environ[DATA_VARIABLE] = str(tmp_path_factory.mktemp("data"))
    yield
    os.environ.pop(DATA_VARIABLE)
    if before is not None:
        os.environ[DATA_VARIABLE] = before


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty store's URL: a new file, or a new database that is dropped again."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "store.sqlite")
        return
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL server at EVENHAND_TEST_POSTGRESQL")
    name = f"evenhand_{uuid.uuid4().hex}"
    server.execute(f"CREATE DATABASE {name}")
    yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.fixture
def small_store(store_url: str, tmp_path: Path) -> Callable[..., Store]:
    """Makes the store of the small mission with the given segments; keywords replace files of the folder."""

    def make(*segments: Segment, **files: str) -> Store:
        held = load(write_mission(tmp_path / "mission", **files))
        store = Store(store_url)
        store.put_mission(held.mission, held.airings, "test", "made for a test")
        store.add(segments, "test")
        return store

    return make
