"""A page that is behind the store says as of when; one that is not says nothing."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from coding.mission.loader import load
from coding.store import Store
from coding.store.places import sqlite_url
from monitoring import coverage
from tests.missions import segment
from tests.pages.conftest import told


def test_a_page_behind_the_store_says_as_of_when(
    page: Callable[..., AppTest], small_folder: Path, tmp_path: Path, monkeypatch: object
) -> None:
    held = load(small_folder)
    store = Store(sqlite_url(tmp_path / "store.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "made for a test")
    store.add(held.segments, "test")
    now = [100.0]
    monkeypatch.setattr(coverage, "monotonic", lambda: now[0])  # type: ignore[attr-defined]
    app = page("share", tmp_path / "store.sqlite")
    assert "As of" not in told(app)
    store.add([segment(9, start=1200, end=1300)], "coder")
    shown = coverage.shown_coverage(store)
    waiting = told(app.run())
    assert f"As of {shown.as_of.astimezone(held.mission.zone):%H:%M:%S}" in waiting
    now[0] += 3600
    assert "As of" not in told(app.run())
