"""Numbers, days and names as a person reads them; sentences and charts that keep to their rules."""

from pathlib import Path

import pandas as pd
import pytest

from coding.mission.loader import load
from coding.mission.model import Mission
from monitoring.answers import finding_of_the_week, leader_sentence, thin
from monitoring.charts import CHARTS
from monitoring.charts.theme import NEUTRALS, group_colours, tone_colours
from monitoring.selection import ALL_FORMATS, Incumbents, Selection
from monitoring.words import Words, clock
from tests.missions import write_mission

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    return load(write_mission(tmp_path_factory.mktemp("words") / "small")).mission


def shares(week: str, outlet: str, segments: int = 30, **values: float) -> list[dict[str, object]]:
    """Rows of a share by week, outlet and group; values by the first word of a party's name."""
    return [
        {
            "week": week, "outlet": outlet, "group": f"{name} Party", "value": value, "amount": round(value * 3_600_000),
            "total_amount": 3_600_000, "unit": "ms", "segments": segments, "airings": 1,
        }
        for name, value in values.items()
    ]  # fmt: skip


def test_numbers(mission: Mission) -> None:
    english, russian = Words(mission), Words(mission, "ru")
    assert english.percent(0.196) == "20 per cent"
    assert english.percent(0.001) == "<1 per cent"
    assert english.percent(0) == "0 per cent"
    assert english.percent(float("nan")) == "–"
    assert russian.percent_sign(0.1234, 1) == "12,3\u00a0%"
    assert english.amount(123_456, "mm2") == "1,235 cm²"
    assert english.amount(250, "lines") == "250 lines"
    assert english.balance(-0.25) == "−0.25"
    assert clock(3_599_500) == "1:00:00"


def test_names(mission: Mission) -> None:
    assert Words(mission, "ru").named("group", "Blue Party") == "Синяя партия"
    assert Words(mission, "ru").named("group", "Green Party") == "Green Party"
    assert Words(mission).named("group", "Blue Party") == "Blue Party"
    long = Words(mission).label_lines("Казахстанская социал-демократическая партия «Ауыл»", 25)
    assert long == "Казахстанская\n… партия «Ауыл»"


def test_two_subjects_of_one_name_stay_two(mission: Mission) -> None:
    renamed = [
        subject.model_copy(update={"names": {"ru": "Партия"}}) if subject.ballot in (1, 2) else subject
        for subject in mission.subjects
    ]
    words = Words(mission.model_copy(update={"subjects": tuple(renamed)}), "ru")
    assert [words.named("group", name) for name in ("Blue Party", "Red Party")] == ["Blue Party", "Red Party"]


def test_a_download_keeps_integers_and_carries_no_formula(mission: Mission) -> None:
    written = Words(mission).csv(pd.DataFrame({"group": ["=1+1", "Blue"], "amount": [61_000, 0]})).decode()
    assert written == "group,amount,notice\n'=1+1,61000,made for a test\nBlue,0,made for a test\n"
    assert Words(mission).file_name("share") == "share-made-for-a-test.csv"


def test_the_finding_takes_the_widest_gap_of_the_last_week_with_enough_material(mission: Mission) -> None:
    rows = [
        *shares("2025-03-03", "Channel A", Blue=0.9, Red=0.0),
        *shares("2025-03-10", "Channel A", Blue=0.5, Red=0.2),
        *shares("2025-03-10", "Channel B", Blue=0.1, Red=0.6),
        *shares("2025-03-17", "Channel A", segments=1, Blue=1.0, Red=0.0),
    ]
    told = widest_gap_of(rows, mission)
    assert told.startswith("In the week of 10 March, Red Party received 60 per cent")
    assert "on Channel B (0:36:00 of 1:00:00, 60 segments), Blue Party 10 per cent (0:06:00)" in told
    assert told.endswith("(made for a test)")


def widest_gap_of(rows: list[dict[str, object]], mission: Mission) -> str:
    return finding_of_the_week(pd.DataFrame(rows), Selection(), Words(mission)) or ""


def test_no_sentence_without_material(mission: Mission) -> None:
    rows = shares("2025-03-10", "Channel A", segments=1, Blue=1.0, Red=0.0)
    assert widest_gap_of(rows, mission) == ""
    assert "Too little material" in leader_sentence(pd.DataFrame(rows), Selection(), Words(mission), "outlet")


def test_the_leader_is_named_with_reading_and_pooling(mission: Mission) -> None:
    rows = pd.DataFrame([*shares("w", "Channel A", Blue=0.5, Red=0.5), *shares("w", "Channel B", Blue=0.4, Red=0.3)])
    asked = Selection(incumbents=Incumbents.PARTY, formats=ALL_FORMATS)
    told = leader_sentence(rows, asked, Words(mission), "outlet")
    assert told.startswith("Blue Party led the contestants on 2 of 2 outlets, with 40 to 50 per cent of the time")
    assert "counted for their party; paid and free slots pooled" in told


def test_a_zero_among_much_is_firm_and_a_share_of_little_is_not() -> None:
    rows = pd.DataFrame([*shares("w", "Channel A", segments=0, Green=0.0), *shares("w", "Channel A", Blue=1.0)])
    assert thin(rows, ["outlet"], 20).tolist() == [False, False]
    assert thin(rows, ["outlet"], 31).tolist() == [True, True]


def test_colours_are_the_missions_or_a_grey_by_place(mission: Mission) -> None:
    colours = group_colours(mission)
    assert colours["Blue Party"] == "#1f77b4"
    assert colours["President"] in NEUTRALS
    assert set(tone_colours(mission).values()) >= {"#0072b2", "#8C8C8C", "#d55e00"}


def test_every_chart_file_is_listed() -> None:
    files = {path.stem for path in (ROOT / "monitoring" / "charts").glob("*.py")} - {"__init__", "theme"}
    assert files == {chart.__name__ for chart in CHARTS}
