"""The page Agreement as a reader sees it: every part in every language, names and letters, what is said of little."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coding.double_coding.codings import Codings
from coding.store.places import open_mission
from coding.vocabulary import PersonRole
from monitoring.agreement.drift_weeks import WEEKS
from monitoring.agreement.measures import report
from monitoring.pages import agreement_drift, agreement_state
from tests.monitoring.agreement.coded_twice import write_coded_twice
from tests.pages.conftest import chart, lines, told

ROOT = Path(__file__).parents[2]
PARTS = ("codes", "where", "confusion", "time", "spread", "drift", "plan")
NAMES = ("<i>ann", "ben", "cem")
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three coders of every airing, one with a name that is markup."""
    return write_coded_twice(tmp_path_factory.mktemp("missions") / "twice", NAMES)


@pytest.fixture
def opened(twice: Path, signed_in: Callable[[str], None]) -> Open:
    """Runs the page by itself, without the menu and the pages before it."""

    def run(part: str = "codes", language: str = "en", role: str = PersonRole.ANALYST, where: Path = twice) -> AppTest:
        signed_in(role)
        script = f"import runpy\nrunpy.run_path({str(ROOT / 'monitoring' / 'pages' / 'agreement.py')!r})"
        app = AppTest.from_string(script, default_timeout=60)
        app.session_state["language"], app.session_state["where"] = language, str(where)
        app.session_state["agreement.part"] = part
        return app.run()

    return run


def everything(app: AppTest) -> str:
    """All words of the page, those of its charts included."""
    charts = [json.dumps(json.loads(each.proto.spec), ensure_ascii=False) for each in app.get("vega_lite_chart")]
    return "\n".join([told(app), *charts, *(each.value for each in app.info)])


def cells(app: AppTest) -> str:
    """The words of the page without its markup."""
    return html.unescape(re.sub(r"<[^>]+>", "|", told(app)))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_part_in_every_language(opened: Open, language: str) -> None:
    app = opened(language=language, role=PersonRole.SUPERVISOR)
    for part in PARTS:
        app.session_state["agreement.part"] = part
        app.run()
        assert not app.exception
        assert not app.error
        assert "made for a test" in told(app)
        assert not re.search(r"\b(page|agreement|chart|sentence|word)\.\w+\.", everything(app)), part
        assert "<i>ann" not in told(app), "a name is text, whatever it holds"


def test_codes_stand_beside_their_thresholds_and_their_material(opened: Open) -> None:
    app = opened()
    assert "Too little to judge agreement on tone: 27 passages on 3 outlet-days by 3 coders" in lines(app, "text")
    assert "made for a test" in lines(app, "subtitle")
    drawn = json.dumps(chart(app))
    assert "chart.agreement" not in drawn
    words = cells(app)
    assert re.search(r"\|Subject\|+100\.0\s%\|+1\.000 †\|+–\|+27\|+3\|+3\|+Too little material to judge\.", words)
    assert "share at least half of the shorter one" in words
    assert "Krippendorff asks for at least 0.800" in words


def test_the_mark_of_little_material_is_explained_where_no_chart_does(opened: Open) -> None:
    for part in ("time", "spread"):
        assert " †|" in cells(opened(part))
        assert "|†: too little material to be read as a finding" in cells(opened(part)), part


def test_an_undefined_alpha_is_words(opened: Open, tmp_path: Path) -> None:
    app = opened(where=write_coded_twice(tmp_path / "same", same=True))
    assert "Alpha of tone is undefined: all said the same of 27 passages" in lines(app, "text")
    assert "Undefined: all said the same, so the material cannot show" in cells(app)


def test_supervisors_see_names_and_analysts_letters(opened: Open) -> None:
    app = opened("spread", role=PersonRole.SUPERVISOR)
    assert "|ben|" in cells(app)
    assert "Coder A" not in cells(app)
    app = opened("spread")
    assert "|Coder A" in cells(app)
    assert not any(name in html.unescape(everything(app)) for name in ("ann", "ben", "cem"))


def test_two_coders_are_not_told_apart_before_analysts(opened: Open, tmp_path: Path) -> None:
    pair = write_coded_twice(tmp_path / "pair")
    for part in ("where", "drift"):
        assert "where at least 3 coders took part" in cells(opened(part, where=pair))
    shown = opened("where", where=pair)
    splits = [str(option).lower() for option in shown.button_group[1].options]
    assert any("week" in option for option in splits)
    assert not any("coder" in option for option in splits)
    assert "agreement.pair" not in {each.key for each in opened("confusion", where=pair).selectbox}
    named = opened("confusion", where=pair, role=PersonRole.SUPERVISOR).selectbox(key="agreement.pair")
    assert named.options == ["All coders", "ann × ben"]


def test_exchanged_codes_are_named_and_counted(opened: Open) -> None:
    app = opened("confusion")
    assert "«positive» and «neutral», in 18 of 18 passages" in lines(app, "text").replace(
        "«neutral» and «positive»", "«positive» and «neutral»"
    )
    assert re.search(r"\|neutral\|+positive\|+18\|+100\s%", cells(app))


def test_a_marked_week_is_said_with_its_passages(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    week = ("cem", "2025-03-10", 27, 3, -0.4, 0.01, -0.41, -0.6, -0.2, True, "others")
    monkeypatch.setattr(agreement_drift, "drift_weeks", lambda *_: pd.DataFrame([week], columns=list(WEEKS)))
    agreement_state._shelf.clear()
    app = opened("drift", role=PersonRole.SUPERVISOR)
    words = cells(app)
    assert "In the week of 10 March the tones of cem lay 0.40 below the others' on the same 27 passages" in words
    assert "look at the passages together" in words
    assert re.search(r"\|Channel A\|+12 March\|+0:\d\d:00\|+\w+ Party\|+neutral\|+positive, positive\|", words)
    agreement_state._shelf.clear()


def test_little_says_that_drift_cannot_be_told_and_the_plan_what_it_assumes(opened: Open) -> None:
    assert "nothing can be said about drift yet" in opened("drift").info[0].value
    plan = cells(opened("plan"))
    assert "assumed is an alpha of 0.7" in plan
    assert "So far 3 airings are coded twice." in plan
    assert re.search(r"\|Channel A\|+10 March\|", plan)


def test_nothing_coded_twice_says_what_to_do(opened: Open, small_folder: Path) -> None:
    said = opened(where=small_folder).info[0].value
    assert "No airing has two finished codings yet" in said
    assert "A supervisor gives airings" in said
    assert "on the page Assign" in opened(where=small_folder, role=PersonRole.SUPERVISOR).info[0].value


def test_a_coder_does_not_see_it(opened: Open) -> None:
    assert "This page is not for your role" in opened(role=PersonRole.CODER).error[0].value


def test_it_stands_in_the_menu(page: Callable[..., AppTest]) -> None:
    app = page("agreement")
    assert not app.exception
    assert "How alike do coders code?" in told(app)


def test_one_state_is_computed_once(opened: Open, monkeypatch: pytest.MonkeyPatch, twice: Path) -> None:
    agreement_state._shelf.clear()
    asked: list[Any] = []

    def counting(codings: Codings, table: pd.DataFrame) -> pd.DataFrame:
        asked.append(codings.fingerprint)
        return report(codings, table)

    monkeypatch.setattr(agreement_state, "report", counting)
    first, again = told(opened()), told(opened())
    assert first == again
    assert asked == [open_mission(str(twice)).fingerprint()]
