"""The page Balance: every benchmark side by side, own numbers, what it rests on, and nothing where nothing is due."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.languages import languages, translator
from tests.missions import MISSION, SUBJECTS, write_mission
from tests.pages.conftest import ROOT, chart, lines, told

Page = Callable[..., AppTest]
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
EVERY = ("equal", "votes", "seats", "candidates registered")


@pytest.mark.parametrize("language", languages())
def test_opens_on_the_sample_in_every_language(page: Page, language: str) -> None:
    app = page("balance", mission=SAMPLE, language=language)
    assert not app.exception
    assert not app.error
    assert "synthetic segments" in told(app)
    assert "synthetic segments" in lines(app, "subtitle")
    assert translator(language)("page.balance.title") in told(app)


def test_all_benchmarks_stand_side_by_side_and_none_is_chosen(page: Page) -> None:
    app = page("balance", mission=SAMPLE)
    title = lines(app, "text")
    assert [title.count(f"By “{name}”") for name in EVERY] == [1, 1, 1, 1]
    assert app.dataframe[0].value["benchmark"].unique().tolist() == list(EVERY)
    assert {"outlet", "benchmark", "group"} <= set(app.dataframe[0].value.columns)
    assert {"row", "column"} <= set(chart(app)["facet"])


def test_the_title_is_the_widest_clear_gap_of_the_table(page: Page) -> None:
    app = page("balance", mission=SAMPLE)
    found = app.dataframe[0].value
    votes = found[(found["benchmark"] == "votes") & ((found["low"] > 0) | (found["high"] < 0))]
    widest = votes.iloc[int(votes["value"].abs().to_numpy().argmax())]
    gap, share, due = (f"{abs(widest[name]) * 100:.1f}" for name in ("value", "share", "due"))
    told_gap = f"By “votes”: {widest['group']} on {widest['outlet']}, {gap} points less than due"
    assert told_gap in lines(app, "text"), "with a decimal, since 24 less 88 is not 65"
    assert f"({share}\xa0%, due {due}\xa0%)" in lines(app, "text")


def test_a_reader_may_narrow_to_one(page: Page) -> None:
    app = page("balance", mission=SAMPLE, **{"kazakhstan-2007.benchmark": "votes"})
    assert app.dataframe[0].value["benchmark"].unique().tolist() == ["votes"]
    assert "By “equal”" not in lines(app, "text")
    assert "row" not in chart(app)["facet"]


def test_a_mission_without_benchmarks_is_measured_by_equal_shares(page: Page) -> None:
    app = page("balance")
    assert not app.exception
    found = app.dataframe[0].value
    assert found["benchmark"].unique().tolist() == ["equal"]
    on_a = found[found["outlet"] == "Channel A"].set_index("group")["value"]
    assert on_a.to_dict() == pytest.approx(
        {"Blue Party": 800 / 900 - 1 / 3, "Red Party": 1 / 9 - 1 / 3, "Green Party": -1 / 3}
    )
    assert "each contestant the same" in lines(app, "subtitle")
    assert "†" in lines(app, "subtitle")
    assert "Too little material" in lines(app, "text")


def test_a_mission_without_contestants_says_what_to_do(page: Page, tmp_path: Path) -> None:
    nobody = SUBJECTS.replace("party,1,", "party,,").replace("party,2,", "party,,").replace("party,3,", "party,,")
    nobody = nobody.replace("Blue Party,2025-03-10", ",").replace("Blue Party,,2025-03-14", ",,")
    nobody = nobody.replace("Ana Turncoat,,,Red Party,2025-03-15,,,,,,\n", "")
    folder = write_mission(tmp_path / "nobody", subjects=nobody)
    (folder / "segments.csv").write_text(
        "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
        "00000000-0000-0000-0000-000000000001,a-0312,0,60000,Blue Party,neutral,news,c,2025-04-01T10:00:00Z\n"
    )
    app = page("balance", mission=folder)
    assert not app.exception
    assert "Nobody stands on the ballot" in app.info[0].value


def test_an_empty_mission_says_what_to_do(page: Page, tmp_path: Path) -> None:
    app = page("balance", mission=write_mission(tmp_path / "empty"))
    assert not app.exception
    assert "import them on the page Import" in app.info[0].value


def test_who_has_no_number_is_named(page: Page, tmp_path: Path) -> None:
    some = '\n[[benchmarks]]\nname = "votes"\nsource = "counted by hand"\n[benchmarks.weights]\n"Blue Party" = 3\n"Red Party" = 1\n'
    app = page("balance", mission=_with_segments(tmp_path / "some", MISSION + some))
    assert "votes has no number for Green Party: taken as nothing due." in lines(app, "subtitle")
    assert "votes: counted by hand" in lines(app, "subtitle")
    assert app.dataframe[0].value["benchmark"].unique().tolist() == ["equal", "votes"]


def test_own_numbers_stand_beside_the_others_and_can_be_removed(page: Page) -> None:
    app = page("balance")
    app.number_input(key="own_benchmark.Blue Party").set_value(3.0)
    app.number_input(key="own_benchmark.Red Party").set_value(1.0)
    app.text_input(key="own_benchmark.name").set_value("last time")
    _submit(app)
    assert not app.exception
    found = app.dataframe[0].value
    assert found["benchmark"].unique().tolist() == ["equal", "last time"]
    own = found[(found["benchmark"] == "last time") & (found["outlet"] == "Channel A")].set_index("group")
    assert own["due"].to_dict() == {"Blue Party": 0.75, "Red Party": 0.25, "Green Party": 0.0}
    assert "entered by the user" in lines(app, "subtitle")
    assert '"Blue Party" = 3.0' in app.code[0].value
    app.button(key="own_benchmark.remove.last time").click().run()
    assert app.dataframe[0].value["benchmark"].unique().tolist() == ["equal"]


def test_own_numbers_that_cannot_be_used_are_refused_in_words(page: Page) -> None:
    app = page("balance")
    app.text_input(key="own_benchmark.name").set_value("equal")
    _submit(app)
    assert not app.exception
    assert any("already a benchmark «equal»" in each.value for each in app.text)
    assert app.dataframe[0].value["benchmark"].unique().tolist() == ["equal"]


def test_named_subjects_choose_rows_and_keep_what_all_contestants_got(page: Page) -> None:
    app = page("balance", **{"small..subjects": ["Blue Party"]})
    found = app.dataframe[0].value
    assert found["group"].unique().tolist() == ["Blue Party"]
    assert found.set_index("outlet")["value"]["Channel A"] == pytest.approx(800 / 900 - 1 / 3)
    assert "Only some contestants are shown: Blue Party" in lines(app, "text")


def test_the_reading_of_incumbents_changes_gaps(page: Page) -> None:
    party = page("balance", small__incumbents="party").dataframe[0].value
    value = party[(party["outlet"] == "Channel A") & (party["group"] == "Blue Party")]["value"].item()
    assert value == pytest.approx(1400 / 1500 - 1 / 3)


def test_every_figure_of_the_distances_is_defined_beneath(page: Page) -> None:
    app = page("balance", mission=SAMPLE)
    words = told(app)
    for name in ("To change hands:", "By chance:", "Gini:", "Effective number:", "Gap:", "Intervals of 95 %"):
        assert name in words
    assert len(app.dataframe[1].value) == 5 * len(EVERY)


def _with_segments(folder: Path, mission: str) -> Path:
    made = write_mission(folder, mission=mission)
    (made / "segments.csv").write_text(
        "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
        "00000000-0000-0000-0000-000000000001,a-0312,0,60000,Blue Party,neutral,news,c,2025-04-01T10:00:00Z\n"
    )
    return made


def _submit(app: AppTest) -> None:
    name = translator("en")("page.balance.own_add")
    next(button for button in app.button if button.label == name).click().run()
