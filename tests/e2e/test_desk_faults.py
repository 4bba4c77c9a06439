"""Nothing coded at the desk is lost, stored twice or misreported: each fault of the benchmark, in short.

Each function of `benchmarks.faults` raises where something is not as it must be: the words of the desk, the state of
each line, the browser's own database, and every row and audit entry of the store.
"""

from collections.abc import Iterator
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from playwright.sync_api import Playwright, sync_playwright

from benchmarks.faults.closing import browser_killed, mission_gone, tab_closed, two_tabs
from benchmarks.faults.disk import can_mount, disk_failing, disk_full
from benchmarks.faults.killing import server_killed
from benchmarks.faults.network import network_cut, reply_dropped
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.people import signed_out
from tests.e2e.serving import require_chromium


@pytest.fixture
def chromium() -> Iterator[Playwright]:
    require_chromium()
    with sync_playwright() as playwright:
        yield playwright


def clean(outcome: Outcome) -> bool:
    """Every acknowledged operation once in the store."""
    return (outcome.lost, outcome.duplicated) == (0, 0) and outcome.acknowledged > 0


@pytest.mark.parametrize(("kills", "whole"), [(8, False), (2, True)], ids=["routes", "app"])
def test_the_server_is_killed_while_a_client_saves(tmp_path: Path, kills: int, whole: bool) -> None:
    outcome = server_killed(tmp_path, kills, whole)
    assert clean(outcome)
    assert outcome.figures["failed_requests"] >= kills


@pytest.mark.browser
def test_the_coder_goes_on_while_the_network_is_cut(tmp_path: Path, chromium: Playwright) -> None:
    outcome = network_cut(chromium, tmp_path, seconds=15, pace=1, silent=0)
    assert clean(outcome)
    assert outcome.figures["overlay"] == 1, "Streamlit's own notice was there, and the keys went on"


@pytest.mark.browser
def test_a_lost_reply_stores_once_and_is_told_as_not_saved(tmp_path: Path, chromium: Playwright) -> None:
    outcome = reply_dropped(chromium, tmp_path, 2)
    assert clean(outcome)
    assert outcome.figures["replies_lost"] >= 2


@pytest.mark.browser
def test_a_killed_browser_still_has_what_was_not_sent_and_the_draft(tmp_path: Path, chromium: Playwright) -> None:
    assert clean(browser_killed(chromium, tmp_path, 1))


@pytest.mark.browser
def test_a_tab_closed_at_the_moment_of_saving_loses_nothing(tmp_path: Path, chromium: Playwright) -> None:
    assert clean(tab_closed(chromium, tmp_path, 4))


@pytest.mark.browser
def test_two_tabs_send_one_queue_once(tmp_path: Path, chromium: Playwright) -> None:
    assert clean(two_tabs(chromium, tmp_path))


@pytest.mark.browser
def test_a_mission_that_is_gone_does_not_hold_up_the_others(tmp_path: Path, chromium: Playwright) -> None:
    assert clean(mission_gone(chromium, tmp_path))


@pytest.mark.browser
def test_a_full_disk_is_told_and_saved_once_when_there_is_room(tmp_path: Path, chromium: Playwright) -> None:
    if not can_mount():
        pytest.skip("a small file system of one's own needs root")
    try:
        outcome = disk_full(chromium, tmp_path)
    except CalledProcessError as error:
        pytest.skip(f"no small file system here: {error}")
    assert clean(outcome)
    assert outcome.figures["status"] == 507


@pytest.mark.browser
def test_a_failing_disk_is_told_and_saved_once_when_it_works(tmp_path: Path, chromium: Playwright) -> None:
    outcome = disk_failing(chromium, tmp_path)
    assert clean(outcome)
    assert outcome.figures["status"] == 500


@pytest.mark.browser
def test_a_queue_waits_for_its_owner_through_a_sign_out_and_another_person(
    tmp_path: Path, chromium: Playwright
) -> None:
    assert clean(signed_out(chromium, tmp_path))
