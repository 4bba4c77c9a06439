"""Stores for the tests: the same ones on SQLite and, where a server answers, on PostgreSQL."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher

from coding.mission.loader import load
from coding.people import passwords
from coding.segment import Segment
from coding.store import Store
from coding.store.engine import open_engine
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


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> Iterator[None]:
    """An account of a test takes no time to make; what hashes cost in earnest a test of passwords asks."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file as the migrations leave a new one. To copy it takes a tenth of what they take."""
    file = tmp_path_factory.mktemp("new") / "store.sqlite"
    open_engine(sqlite_url(file)).dispose()
    return file


@pytest.fixture(scope="session")
def new_database() -> Iterator[str]:
    """The name of a store's database as the migrations leave a new one."""
    name = f"evenhand_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as server:
        server.execute(f"CREATE DATABASE {name}")
        open_engine(SERVER.rsplit("/", 1)[0] + f"/{name}").dispose()
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new store's URL: a new file, or a new database that is dropped again; empty but for the small store."""
    small = "small_store" in request.fixturenames
    if request.param == "sqlite":
        if small:
            shutil.copy(request.getfixturevalue("new_file"), tmp_path / "store.sqlite")
        yield sqlite_url(tmp_path / "store.sqlite")
        return
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL server at EVENHAND_TEST_POSTGRESQL")
    name = f"evenhand_{uuid.uuid4().hex}"
    server.execute(
        f"CREATE DATABASE {name}" + (f" TEMPLATE {request.getfixturevalue('new_database')}" if small else "")
    )
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
