"""The small mission in a store, a mapping for a monitor's sheet, and files in the regulator's shape."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coding.exchange.importer import ImportRefused, import_file
from coding.exchange.mapping import FileMapping, mapping_from
from coding.mission.loader import load
from coding.store import Store
from coding.store.places import sqlite_url
from tests.missions import write_mission

HEADER = "Station,Day,Show,Who,Start,End,Tone,Kind"
GOOD = "Channel A,12/03/2025,News,Blues,0:00:10,0:00:40,pos,news"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    held = load(write_mission(tmp_path / "mission"))
    made = Store(sqlite_url(tmp_path / "store.sqlite"))
    made.put_mission(held.mission, held.airings, "test", "made for a test")
    return made


@pytest.fixture
def sheet_tree() -> dict[str, object]:
    return {
        "title": "a monitor's sheet",
        "time_as": "h:mm:ss",
        "file": {"date_order": "dmy"},
        "columns": {
            "outlet": "Station",
            "date": "Day",
            "programme": "Show",
            "subject": "Who",
            "start_ms": "Start",
            "end_ms": "End",
            "tone": "Tone",
            "format": "Kind",
        },
        "values": {"Tone": {"pos": "positive", "neg": "negative"}},
        "constants": {"role": "contestant", "speech": "none", "coder": "coder-7"},
    }


@pytest.fixture
def sheet(sheet_tree: dict[str, object]) -> FileMapping:
    return mapping_from(sheet_tree)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A sheet with these rows as a file, UTF-8 with a header unless said otherwise."""

    def make(*rows: str, header: str = HEADER, encoding: str = "utf-8", name: str = "sheet.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{row}\n" for row in (header, *rows)).encode(encoding))
        return path

    return make


@pytest.fixture
def refused(store: Store, sheet: FileMapping) -> Callable[..., list[str]]:
    """Imports a file that must be refused; gives the problems' texts, after nothing was found changed."""

    def attempt(path: Path, mapping: FileMapping = sheet) -> list[str]:
        before = (store.fingerprint(), store.segments(), store.airings())
        with pytest.raises(ImportRefused) as caught:
            import_file(path, mapping, store, "test")
        assert (store.fingerprint(), store.segments(), store.airings()) == before
        assert caught.value.report.stored == 0
        return [problem.text() for problem in caught.value.report.rejected]

    return attempt
