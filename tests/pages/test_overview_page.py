"""The findings on the page Overview: what is carried is told with its numbers, what is not is told with the reason."""

import csv
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.languages import languages, translator
from coding.segment import FIELDS, Segment
from monitoring.findings import KINDS
from tests.missions import AIRINGS_HEADER, SUBJECTS, segment, write_mission
from tests.pages.conftest import ROOT, told

Page = Callable[..., AppTest]
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
KIND, OPEN = "overview.findings.kind", "overview.findings.open"


def _with(segments: list[Segment], folder: Path, **files: str) -> Path:
    write_mission(folder, **files)
    with (folder / "segments.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(each.model_dump(mode="json") for each in segments)
    return folder


@pytest.mark.parametrize("language", languages())
def test_every_kind_is_offered_and_told_in_every_language(page: Page, language: str) -> None:
    app = page("overview", SAMPLE, language=language)
    t = translator(language)
    assert t("page.overview.findings") in told(app)
    for kind in KINDS:
        app.session_state[KIND] = kind.name
        app.run()
        assert not app.exception
        assert t("page.overview.findings_none") not in [info.value for info in app.info]
        opened = [button for button in app.button if button.label == t("page.overview.findings_open")]
        assert opened


def test_one_press_opens_the_numbers_and_the_sentence_to_quote(page: Page) -> None:
    app = page("overview", SAMPLE)
    before = len(app.dataframe)
    app.button(key="overview.findings.shares:outlet=TV Khabar").click().run()
    assert not app.exception
    numbers = app.dataframe[before - 1].value if len(app.dataframe) == before else app.dataframe[1].value
    assert {"Nur Otan", "Ak Zhol", "ANSDP"} <= set(numbers["Group"])
    assert (numbers["Outlet"] == "TV Khabar").all()
    quoted = app.code[0].value
    assert quoted.startswith("Nur Otan received 20 per cent of the political coverage on TV Khabar")
    assert quoted.endswith("(synthetic segments)")
    app.button(key="overview.findings.shares:outlet=TV Khabar").click().run()
    assert not app.code


def test_filters_of_the_page_hold_for_the_findings(page: Page) -> None:
    app = page("overview", SAMPLE, **{"kazakhstan-2007..formats": ["news"], "kazakhstan-2007.tv.outlets": ["KTK"]})
    assert "political news coverage on KTK" in told(app)
    assert "TV Khabar" not in told(app)


def test_thin_material_carries_no_finding_and_says_why(page: Page) -> None:
    app = page("overview")
    assert not app.exception
    assert any("carries no finding of this kind" in info.value for info in app.info)
    assert "fewer than 20 segments" in told(app)


def test_some_subjects_only_carry_none(page: Page) -> None:
    app = page("overview", SAMPLE, **{"kazakhstan-2007..subjects": ["Ak Zhol"]})
    assert any("Findings compare all of them" in info.value for info in app.info)
    assert "received" not in "".join(part for part in told(app).split("ev-sentence")[1:])


def test_names_in_findings_reach_the_screen_as_text(page: Page, tmp_path: Path) -> None:
    hostile = "<img src=x> **Red**"
    app = page("overview", mission=write_mission(tmp_path / "hostile", subjects=SUBJECTS.replace("Red Party", hostile)))
    assert not app.exception
    assert "<img" not in told(app)


def test_the_page_is_quick_once_it_was_drawn(page: Page) -> None:
    app = page("overview", SAMPLE)
    took = []
    for _ in range(3):
        start = time.perf_counter()
        app.run()
        took.append(time.perf_counter() - start)
    assert min(took) < 0.6, "the frame of the tests doubles what a reader waits"


def test_one_contestant_is_not_set_against_itself(page: Page, tmp_path: Path) -> None:
    kept = [line for line in SUBJECTS.splitlines(keepends=True) if not line.startswith(("Red", "Green", "Ana"))]
    segments = [segment(n, start=30 * n, end=30 * n + 30) for n in range(1, 31)]
    app = page("overview", _with(segments, tmp_path / "alone", subjects="".join(kept)))
    assert not app.exception
    assert "Blue Party received" not in told(app)
    assert "sets two contestants against each other" in app.info[0].value


def test_imported_totals_leave_the_rest_of_the_page(page: Page, tmp_path: Path) -> None:
    """Totals are of no week and of no airing; each kind of finding says what it says of other thin material."""
    totals = [f"{name},{outlet},2025-03-10,2025-03-31,aggregate,,,,,,,,,,yes,\n"
              for name, outlet in (("t-a", "Channel A"), ("t-b", "Channel B"))]  # fmt: skip
    segments = [segment(1, "t-a", amount=600_000, tone=""), segment(2, "t-b", "Red Party", amount=300_000, tone="")]
    app = page("overview", _with(segments, tmp_path / "totals", airings=AIRINGS_HEADER + "".join(totals)))
    for kind in KINDS:
        app.session_state[KIND] = kind.name
        app.run()
        assert not app.exception, kind.name
        assert not app.error, kind.name
        assert "totals are not known by week" in app.info[0].value
        assert "carries no finding of this kind" in app.info[1].value
    assert "imported totals name no airings" in told(app)
