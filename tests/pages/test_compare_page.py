"""The page Compare: it opens, answers in its title, states its limits, and says what cannot be compared."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.languages import languages, translator
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.charts import Figure, comparison
from monitoring.comparison.asked import Quantity, between_contestants
from monitoring.comparison.compare import compare
from monitoring.coverage import open_coverage
from monitoring.selection import Selection
from monitoring.words import Words
from tests.missions import SUBJECTS, write_mission
from tests.pages.conftest import ROOT, lines, told

Page = Callable[..., AppTest]
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
KINDS = ("outlets", "ownership", "before", "periods", "contestants")


def opened(page: Page, **chosen: Any) -> AppTest:
    """The page on the sample, with choices made before."""
    return page("compare", mission=SAMPLE, **{f"compare.kazakhstan-2007.{name}": each for name, each in chosen.items()})


@pytest.mark.parametrize("language", languages())
def test_opens_on_the_sample_in_every_language(page: Page, language: str) -> None:
    app = page("compare", mission=SAMPLE, language=language)
    assert not app.exception
    assert not app.error
    assert "synthetic segments" in told(app)
    assert "synthetic segments" in lines(app, "subtitle")
    assert translator(language)("page.compare.limits_ours").split(".")[0] in told(app)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_answer_a_table_and_its_method(page: Page, kind: str) -> None:
    app = opened(page, kind=kind)
    assert not app.exception
    assert lines(app, "text")
    assert len(app.dataframe[0].value) == (6 if kind == "contestants" else 7)
    assert translator()(f"page.compare.method_{kind}", a=2, b=3) in told(app)
    of = 6 if kind == "contestants" else 7
    assert f"Asked in this view: {of}; tested: {of}." in told(app)


def test_the_title_is_the_largest_shown_difference_with_p_behind_it(page: Page) -> None:
    app = opened(page, kind="contestants", quantity="tone")
    title = lines(app, "text")
    assert title.startswith(
        "On Astana TV the tone balance was 0.71 lower for ANSDP (±0.00, 39 segments) than for Nur Otan"
    )
    assert "a strong difference; corrected for 6 comparisons p = 0.001. Shown: 3 of 6" in title
    table = app.dataframe[0].value
    assert table.columns[:4].tolist() == ["name", "effect", "interval", "strength"]
    assert table.columns[-1] == "p_corrected"
    assert table.set_index("name").loc["KTK", "strength"] == "strong"


def test_what_is_shown_is_filled_and_what_is_not_is_hollow() -> None:
    coverage = open_coverage(open_mission(str(SAMPLE)))
    asked = between_contestants(Quantity.TONE, "Nur Otan", "ANSDP", Selection(media=(Medium.TV,)))
    figure = Figure(Words(coverage.mission), "", ())
    spec = comparison(compare(coverage, asked), asked, figure).to_dict()
    rows = {row["place"]: row for row in next(iter(spec["datasets"].values()))}
    assert (rows["KTK"]["fill"], rows["TV Khabar"]["fill"]) == (1.0, 0.0)
    assert rows["KTK"]["text"].startswith("+0.61  strong")
    assert rows["TV Khabar"]["text"].startswith("+0.03  not shown")


def test_asking_for_one_contestant_corrects_for_one(page: Page) -> None:
    app = opened(page, kind="ownership", groups=["ANSDP"])
    assert "Asked in this view: 1; tested: 1." in told(app)
    assert "corrected for" not in lines(app, "text")
    assert "7 points lower on state and public outlets (4 per cent) than on private outlets (11 per cent)" in lines(
        app, "text"
    )


def test_downloads_and_the_switch_of_sides(page: Page) -> None:
    app = opened(page, kind="ownership")
    labels = [each.proto.label for each in app.get("download_button")]
    assert len(labels) == 2
    switch = next(each for each in app.get("button_group") if each.key == "compare.behind")
    assert [option.content for option in switch.proto.options] == ["A: state and public", "B: private"]


def test_the_same_on_both_sides_is_told(page: Page) -> None:
    app = opened(page, kind="contestants", **{"contestants.a": "ANSDP", "contestants.b": "ANSDP"})
    assert not app.exception
    assert [each.value for each in app.info] == ["Choose two different ones."]


def test_where_one_kind_of_ownership_is_filtered_out_it_is_told(page: Page) -> None:
    app = page(
        "compare", mission=SAMPLE,
        **{"compare.kazakhstan-2007.kind": "ownership", "kazakhstan-2007.tv.outlets": ["KTK", "Channel 31"]},
    )  # fmt: skip
    assert not app.exception
    assert "Public and private cannot be compared" in app.info[0].value


def test_overlapping_stretches_are_told_as_text(page: Page) -> None:
    days = (date(2007, 7, 20), date(2007, 8, 5))
    app = opened(page, kind="periods", **{f"days.{side}.2007-07-18.2007-08-16": days for side in ("a", "b")})
    assert not app.exception
    assert "overlap" in app.text[0].value


def test_a_small_mission_is_too_little_and_says_what_it_takes(page: Page) -> None:
    app = page("compare")
    assert not app.exception
    assert "made for a test" in told(app)
    assert lines(app, "text").startswith("Too little to compare: 3 outlet-days on Channel A and 1 on Channel B.")
    assert "8 dates in all, 8 outlet-days on each side, and 20 segments" in lines(app, "text")
    assert set(app.dataframe[0].value["strength"]) == {"too little"}


def test_one_outlet_has_nothing_to_be_compared_with(page: Page) -> None:
    app = page("compare", small__medium="newspaper")
    assert not app.exception
    assert "only one monitored outlet" in app.info[0].value


def test_a_mission_without_contestants_says_what_to_do(page: Page, tmp_path: Path) -> None:
    nobody = SUBJECTS.replace("party,1,", "party,,").replace("party,2,", "party,,").replace("party,3,", "party,,")
    nobody = nobody.replace("Blue Party,2025-03-10", ",").replace("Blue Party,,2025-03-14", ",,")
    nobody = nobody.replace("Ana Turncoat,,,Red Party,2025-03-15,,,,,,\n", "")
    folder = write_mission(tmp_path / "nobody", subjects=nobody)
    (folder / "segments.csv").write_text(
        "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
        "00000000-0000-0000-0000-000000000001,a-0312,0,60000,Blue Party,neutral,news,c,2025-04-01T10:00:00Z\n"
    )
    app = page("compare", mission=folder)
    assert not app.exception
    assert "Nobody stands on the ballot" in app.info[0].value
