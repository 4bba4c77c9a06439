"""How a name becomes a store: folders through a cache, URLs, odd names, and two sessions at once."""

import threading
from pathlib import Path

import pytest

from coding.exchange.into import import_folder
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import data_dir, open_mission, sqlite_url
from tests.missions import AIRINGS, OUTLETS, segment, write_mission

HEADER = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
ROW = "00000000-0000-0000-0000-000000000001,a-0312,0,1500000,Blue Party,neutral,news,c,2025-04-01T10:00:00Z\n"


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    return write_mission(tmp_path / "mission", segments=HEADER + ROW)


def test_sessions_that_open_a_new_folder_together_all_see_the_whole_of_it(mission: Path) -> None:
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(len(open_mission(mission).segments()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 6
    assert not list((data_dir() / "cache").glob("*.making"))


@pytest.mark.parametrize("name", ["what?%41 #1", "мисия", "x" * 240])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = write_mission(tmp_path / name, segments=HEADER + ROW)
    assert len(open_mission(folder).segments()) == 1


@pytest.mark.parametrize("where", ["mysql://host/db", "foo://bar"])
def test_a_store_of_an_unknown_kind_is_refused(where: str) -> None:
    with pytest.raises(ProblemsFound, match="is not a store"):
        open_mission(where)


def test_a_mistyped_store_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="no store here"):
        open_mission(sqlite_url(tmp_path / "typo.sqlite"))
    assert not (tmp_path / "typo.sqlite").exists()


@pytest.mark.parametrize("file", ["outlets.csv", "subjects.csv", "airings.csv"])
def test_a_missing_file_is_named(mission: Path, file: str) -> None:
    (mission / file).unlink()
    with pytest.raises(ProblemsFound, match=f"{file}: this file is missing"):
        open_mission(mission)


def test_a_mission_that_recorded_segments_no_longer_fit_is_refused_whole(mission: Path, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    import_folder(mission, url, "test")
    store = Store(url)
    before = store.fingerprint()
    shorter = AIRINGS.replace(
        "2025-03-12,,programme,News,news,,20:30,21:30,20:30:00,21:30:00",
        "2025-03-12,,programme,News,news,,20:30,21:30,20:30:00,20:50:00",
    )
    write_mission(mission, airings=shorter, segments=HEADER)
    with pytest.raises(ProblemsFound, match="past the airing's end"):
        import_folder(mission, url, "test")
    renamed = {
        "outlets": OUTLETS.replace("Channel A", "Channel One"),
        "airings": AIRINGS.split("a-0312")[0],
        "segments": HEADER,
    }
    text = (mission / "mission.toml").read_text(encoding="utf-8").replace("Channel A", "Channel One")
    write_mission(mission, mission=text, **renamed)
    with pytest.raises(ProblemsFound, match="«Channel A» is not known"):
        import_folder(mission, url, "test")
    assert store.fingerprint() == before


def test_a_folder_again_after_a_correction_in_the_store_adds_and_undoes_nothing(mission: Path, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    import_folder(mission, url, "test")
    store = Store(url)
    store.revise(store.segments()[0].model_copy(update={"tone": "negative"}), "supervisor")
    assert "0 segments stored, 1 already there" in import_folder(mission, url, "test")[0]
    assert store.segments()[0].tone == "negative"


def test_a_write_while_coverage_is_read_is_in_neither_numbers_nor_fingerprint(
    mission: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitoring import coverage as module

    url = sqlite_url(tmp_path / "store.sqlite")
    import_folder(mission, url, "test")
    store = Store(url)
    before, plain = store.fingerprint(), module._embedded

    def saved_meanwhile() -> object:
        store.add([segment(9, subject="Red Party", start=0, end=60, coder="c")], "coder")
        return plain()

    monkeypatch.setattr(module, "_embedded", saved_meanwhile)
    held = module.open_coverage(store)
    assert held.fingerprint == before
    assert held.table(held.rows)["subject"].tolist() == ["Blue Party"]
    monkeypatch.setattr(module, "_embedded", plain)
    assert len(module.open_coverage(store).table(module.open_coverage(store).rows)) == 2
