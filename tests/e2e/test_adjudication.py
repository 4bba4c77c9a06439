"""Two coders, one airing, three disagreements: decided by keys in a real browser, and the published share follows."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.faults.desks import until
from coding.desk.operations import applied
from coding.languages import translator
from coding.people.rights import Person
from coding.segment import Segment
from coding.store.decisions import decisions
from coding.vocabulary import PersonRole
from tests.e2e.desks import Place, place
from tests.e2e.serving import WAIT, drawn, require_chromium, running, sign_in
from tests.missions import segment

pytestmark = pytest.mark.browser
AIRING, SECONDS = "b-0312", 130
AGREED = [("Blue Party", 0, 20, "neutral"), ("Red Party", 105, 125, "neutral")]
SAID = {
    "ana": [*AGREED, ("Blue Party", 30, 50, "positive"), ("Blue Party", 60, 80, "neutral")],
    "berik": [*AGREED, ("Blue Party", 30, 50, "negative"), ("Red Party", 60, 80, "neutral"), ("Green Party", 90, 100, "neutral")],
}  # fmt: skip
BEFORE = {"Blue Party": 60_000, "Red Party": 20_000, "Green Party": 0}
"""Milliseconds of the first coder, whose coding counts."""
AFTER = {"Blue Party": 40_000, "Red Party": 40_000, "Green Party": 10_000}
"""The second coder's word on all three: 20 s of Blue are Red's, and 10 s of Green are there."""


def said(coder: str) -> list[Segment]:
    first = 1 if coder == "ana" else 101
    return [
        segment(first + number, AIRING, subject, start, end, tone=tone, coder=coder)
        for number, (subject, start, end, tone) in enumerate(SAID[coder])
    ]


def code(made: Place, coder: str) -> None:
    """What the desk sends: the segments, and that the airing is done."""
    messages: list[Any] = [{"kind": "add", "segment": each.model_dump(mode="json")} for each in said(coder)]
    messages.append({"kind": "done", "airing_id": AIRING, "coder": coder})
    answers = applied(made.store, Person(coder, PersonRole.CODER), messages, translator())
    assert [answer["outcome"] for answer in answers] == ["stored"] * len(messages)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A running app; both coders are done with the airing."""
    require_chromium()
    made = place(tmp_path_factory.mktemp("data"), SECONDS)
    for coder in SAID:
        code(made, coder)
    with running(made.folder, made.store.url) as address:
        yield made, address


def opened(browser: Browser, wrong: list[str]) -> Page:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(WAIT)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page


def published(page: Page, address: str) -> dict[str, int]:
    """Milliseconds of each party, from the table that the analyst downloads from the page Share."""
    page.goto(f"{address}/share?lang=en")
    drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the table (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    amounts: dict[str, int] = dict.fromkeys(BEFORE, 0)
    for row in csv.DictReader(text.splitlines()):
        if row["group"] in amounts:
            amounts[row["group"]] += int(row["amount"])
    return amounts


def key_of(page: Page, wanted: str) -> str:
    """The key of the coding that says this, read off the screen: the order is drawn anew for each passage."""
    cells = page.locator(".ev-two .ev-differs").first.locator("td").all_inner_texts()
    return str(next(number for number, cell in enumerate(cells, 1) if wanted in cell))


def passage(page: Page, number: int) -> None:
    """Until this passage is on the screen."""
    page.get_by_text(f"Passage {number} of 3").wait_for()
    drawn(page)


def video(page: Page, told: str) -> Any:
    """What the recording's element says of itself, once it is loaded."""
    player = page.locator(".ev-player video[src]")
    until(lambda: player.evaluate("(video) => video.readyState >= 1"), lambda: "a recording that does not come")
    return player.evaluate(f"(video) => video.{told}")


def press(page: Page, keys: Sequence[str]) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_three_disagreements_by_keys_move_the_share_by_exactly_those_segments(
    browser: Browser, site: tuple[Place, str]
) -> None:
    made, address = site
    wrong: list[str] = []
    analyst = opened(browser, wrong)
    sign_in(analyst.context, address, made.folder, PersonRole.ANALYST)
    assert published(analyst, address) == BEFORE

    page = opened(browser, wrong)
    made.sign_in(page, address, "supervisor")
    page.goto(f"{address}/adjudication?lang=en")
    passage(page, 1)
    assert video(page, "currentTime") == pytest.approx(27, abs=0.1), "three seconds before the passage"
    press(page, ["Space"])
    until(lambda: not video(page, "paused"), lambda: "a recording that does not play")
    press(page, ["Space", "KeyJ"])
    passage(page, 2)
    assert video(page, "currentTime") == pytest.approx(57, abs=0.1)
    press(page, ["ArrowLeft"])
    passage(page, 1)
    press(page, [f"Digit{key_of(page, 'negative')}"])
    passage(page, 2)
    press(page, ["KeyU"])  # taken back, and decided again
    passage(page, 1)
    press(page, [f"Digit{key_of(page, 'negative')}"])
    passage(page, 2)
    press(page, [f"Digit{key_of(page, 'Red Party')}"])
    passage(page, 3)
    page.get_by_test_id("stMain").get_by_role("combobox").last.click()
    page.get_by_role("option").first.click()
    drawn(page)  # a list that keeps the focus would take the key for the beginning of a search
    until(lambda: page.evaluate("() => document.activeElement === document.body"), lambda: "a list that keeps the keys")
    press(page, [f"Digit{key_of(page, '0:01:30')}"])
    page.get_by_text("All disagreements of all airings are decided").wait_for()
    expect(page.get_by_text("3 of 3 decided").first).to_be_visible()

    assert [each.kept for each in decisions(made.store)] == ["berik", "", "berik", "berik", "berik"]
    # a page of results may stay a few seconds behind what is saved
    until(lambda: published(analyst, address) == AFTER, lambda: f"the share stays at {published(analyst, address)}")
    assert sorted(each.tone for each in made.store.segments([AIRING]) if each.coder == "ana") == [
        "negative",
        *["neutral"] * 4,
    ]
    assert wrong == []
