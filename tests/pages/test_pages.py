"""Every page of results: it opens, carries the notice, answers in its title, and tells what is wrong as text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.languages import languages, translator
from tests.missions import MISSION, SUBJECTS, write_mission
from tests.pages.conftest import PAGES, ROOT, chart, lines, told

Page = Callable[..., AppTest]
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PAGES)
def test_opens_on_the_sample_in_every_language(page: Page, name: str, language: str) -> None:
    app = page(name, mission=SAMPLE, language=language)
    assert not app.exception
    assert not app.error
    assert "synthetic segments" in told(app)
    assert "synthetic segments" in lines(app, "subtitle")
    assert translator(language)(f"page.{name}.title") in told(app)


@pytest.mark.parametrize("name", PAGES)
def test_a_small_mission_opens_and_carries_its_own_notice(page: Page, name: str) -> None:
    app = page(name)
    assert not app.exception
    assert not app.error
    assert "made for a test" in told(app)
    assert "made for a test" in lines(app, "subtitle")


def test_the_title_of_shares_is_the_figure_of_the_table(page: Page) -> None:
    app = page("share", mission=SAMPLE)
    shares = app.dataframe[0].value
    own = shares[shares["group"] == "Nur Otan"]["value"]
    assert f"Nur Otan led the contestants on 5 of 5 outlets, with {own.min():.0%} to".replace("%", "") in lines(
        app, "text"
    )
    assert f"{own.max():.0%}".replace("%", " per cent") in lines(app, "text")


def test_a_subject_without_time_is_a_zero_bar(page: Page) -> None:
    app = page("share")
    shares = app.dataframe[0].value
    green = shares[(shares["group"] == "Green Party") & (shares["outlet"] == "Channel A")]
    assert green[["value", "amount", "segments"]].to_numpy().tolist() == [[0, 0, 0]]


def test_the_reading_of_incumbents_changes_values_and_title(page: Page) -> None:
    apart, party = page("share"), page("share", small__incumbents="party")
    share = [
        app.dataframe[0].value.query("outlet == 'Channel A' and group == 'Blue Party'")["value"].item()
        for app in (apart, party)
    ]
    assert share == [pytest.approx(800 / 1500), pytest.approx(1400 / 1500)]
    sample = [
        lines(page("share", mission=SAMPLE, **{"kazakhstan-2007.incumbents": how}), "text")
        for how in ("institution", "party")
    ]
    assert "counted as institutions" in sample[0]
    assert "counted for their party" in sample[1]


def test_programme_time_is_another_denominator(page: Page) -> None:
    app = page("share", small__denominator="programme")
    blue = app.dataframe[0].value.query("outlet == 'Channel A' and group == 'Blue Party'")
    assert blue["total_amount"].item() > 1_500_000
    assert "programme time" in lines(app, "subtitle")


def test_pooled_slots_are_said_in_the_title(page: Page) -> None:
    app = page("share", mission=SAMPLE, **{"kazakhstan-2007..formats": ["all"]})
    assert "paid and free slots pooled" in lines(app, "text")


def test_little_material_makes_no_claim_and_is_greyed(page: Page) -> None:
    app = page("share")
    assert "Too little material" in lines(app, "text")
    assert "†" in lines(app, "subtitle")


def test_an_unmonitored_medium_says_what_to_do(page: Page) -> None:
    app = page("share", small__medium="radio")
    assert "Radio C" in told(app)
    assert "Nothing of this medium was monitored" in app.info[0].value
    assert not app.get("vega_lite_chart")


def test_a_mission_without_segments_says_what_to_do(page: Page, tmp_path: Path) -> None:
    app = page("overview", mission=write_mission(tmp_path / "empty"))
    assert not app.exception
    assert "import them on the page Import" in app.info[0].value


def test_filters_that_leave_nothing_say_so(page: Page) -> None:
    app = page("tone", **{"small..formats": ["paid advertising"]})
    assert not app.exception
    assert "clear the filters" in app.info[0].value


def test_the_selection_survives_a_change_of_page(page: Page) -> None:
    app = page("share", small__incumbents="party")
    app.switch_page("monitoring/pages/timeline.py").run()
    assert app.session_state["small.incumbents"] == "party"
    assert "for their party" in lines(app, "text") or "Too little" in lines(app, "text")


def test_a_mission_with_problems_is_told_as_text(page: Page, tmp_path: Path) -> None:
    app = page("share", mission=write_mission(tmp_path / "bad", subjects=SUBJECTS.replace("#1f77b4", "<b>*blue*")))
    assert not app.exception
    assert "What to mend" in app.error[0].value
    assert "<b>*blue*" in app.text[0].value
    assert "subjects.csv:2" in app.text[0].value


def test_names_reach_the_screen_as_text_only(page: Page, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)> **bold**"
    written = MISSION.replace('title = "A small mission"', f'title = "{hostile}"')
    app = page("overview", mission=write_mission(tmp_path / "hostile", mission=written))
    assert not app.exception
    assert "<img" not in told(app)
    assert "&lt;img src=x onerror=alert(1)&gt; **bold**" in told(app)


def test_the_language_of_the_address_holds_until_the_picker_changes_it(
    small_folder: Path, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENHAND_MISSION", str(small_folder))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "ru"
    app.run()
    assert "Что отслеживалось" in told(app)
    app.selectbox(key="language_picked").set_value("kk").run()
    assert "Не бақыланды" in told(app)


def test_a_colour_does_not_change_with_a_filter(page: Page) -> None:
    def colours(app: AppTest) -> set[tuple[str, str]]:
        return {
            (row["group"], row["colour"])
            for rows in chart(app).get("datasets", {}).values()
            for row in rows
            if row.get("colour")
        }

    every = page("share", mission=SAMPLE)
    one = page("share", mission=SAMPLE, **{"kazakhstan-2007.tv.outlets": ["KTK"]})
    assert colours(one) <= colours(every)


def test_some_subjects_are_never_said_to_lead(page: Page) -> None:
    """The denominator stays that of all subjects, so a filter must not make anybody the first, or a place thin."""
    app = page("share", SAMPLE, **{"kazakhstan-2007..subjects": ["Ak Zhol"]})
    assert "led the contestants" not in lines(app, "text")
    assert "Only some subjects are shown: Ak Zhol" in lines(app, "text")
    assert "greyed" not in lines(app, "subtitle")
    overview = page("overview", SAMPLE, **{"kazakhstan-2007..subjects": ["Ak Zhol"]})
    assert "Only some subjects are shown: Ak Zhol" in told(overview)


def test_a_finding_that_filters_narrowed_says_so(page: Page) -> None:
    app = page("overview", SAMPLE, **{"kazakhstan-2007..formats": ["free airtime", "paid advertising"]})
    assert "Counted: " in told(app)
    assert "paid advertising" in told(app)


def test_newspapers_with_all_formats_leave_out_what_is_counted_in_lines(page: Page) -> None:
    chosen = {"kazakhstan-2007.medium": "newspaper", "kazakhstan-2007..formats": ["all"]}
    app = page("share", SAMPLE, **chosen)
    assert not app.exception
    assert not app.error
    assert any("free space" in part.value for part in app.text)
