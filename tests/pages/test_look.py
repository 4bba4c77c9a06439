"""Colours follow the light or dark theme, and the server starts with what it imported out of the collector's way."""

import asyncio
import gc
import re
from pathlib import Path

import pytest

from coding.people.accounts import PEOPLE_VARIABLE
from coding.store.places import DATA_VARIABLE

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "app.py", *ROOT.glob("coding/pages/*.py"), *ROOT.glob("monitoring/pages/*.py")])
ANY_THEME = {"#ffffff", "#0006"}
"""The paper under a chart, and a shadow."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_takes_its_colours_from_the_look(page: Path) -> None:
    """A colour written into a page is right in one theme only."""
    written = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", page.read_text(encoding="utf-8")))
    assert written <= ANY_THEME


def test_every_colour_of_the_look_is_used_and_every_used_one_is_there() -> None:
    look = (ROOT / "coding" / "pages" / "look.css").read_text(encoding="utf-8")
    named = set(re.findall(r"(--ev-[a-z-]+):", look))
    used = set(re.findall(r"var\((--ev-[a-z-]+)\)", look + "".join(page.read_text(encoding="utf-8") for page in PAGES)))
    assert used == named


def test_the_server_freezes_what_it_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.delenv(PEOPLE_VARIABLE, raising=False)
    import app

    async def started() -> int:
        async with app.lifespan(app.app):
            return gc.get_freeze_count()

    try:
        assert asyncio.run(started()) > 10_000
    finally:
        gc.unfreeze()
