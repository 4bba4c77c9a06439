"""The browser that most tests of screens share; each test opens a context of its own in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.serving import WAIT, launched, require_chromium

expect.set_options(timeout=WAIT)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, once for a file of tests."""
    require_chromium()
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()
