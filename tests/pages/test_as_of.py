"""A page that is behind the store says as of when; one that is not says nothing."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from monitoring import coverage
from tests.missions import segment
from tests.pages.conftest import stored, told


def test_a_page_behind_the_store_says_as_of_when(
    page: Callable[..., AppTest], small_folder: Path, tmp_path: Path, monkeypatch: object
) -> None:
    held, store = stored(small_folder, tmp_path)
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
