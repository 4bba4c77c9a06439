"""Rules, benchmarks and entitlements in mission.toml: what is wrong is told with its line, what is right comes back."""

from datetime import date
from pathlib import Path

import pytest
import tomli_w

from coding.exchange.folder import export_folder, mission_tree
from coding.mission.editing import mission_from_tables, tables_of
from coding.mission.loader import load
from coding.mission.rules import Ceiling, Equality, Paid, Silence
from coding.mission.template import RULES, write_template
from coding.problems import Problem, ProblemsFound
from coding.store.places import open_mission
from tests.fictitious import BLUE, MISSION, OUTLETS, RED, write_fictitious


def refused(folder: Path, before: str, after: str) -> Problem:
    """The one problem of the mission where a part of mission.toml reads otherwise."""
    assert before in MISSION
    with pytest.raises(ProblemsFound) as found:
        load(write_fictitious(folder, mission=MISSION.replace(before, after, 1)))
    assert len(found.value.problems) == 1, found.value
    return found.value.problems[0]


def line(text: str, within: str = MISSION) -> int:
    """The line on which a text first stands."""
    return within[: within.index(text)].count("\n") + 1


CASES = [
    ('kind = "ceiling"', 'kind = "roof"', "rules.kind", "[[rules]]\nname = \"a third"),
    ('kind = "ceiling"\n', "", "rules.kind", "[[rules]]\nname = \"a third"),
    ("tolerance = 0.2", "tolerance = 1.2", "out_of_range", "tolerance = 0.2"),
    ("tolerance = 0.2", "tolerance = 0.2\nlimit = 3", "unknown_key", "at_least"),
    ('benchmark = "equal"', 'benchmark = "votes"', "unknown_name", 'benchmark = "equal"'),
    ('group = "Palace"', 'group = "Castle"', "unknown_name", 'group = "Palace"'),
    ('mix = { equal = 0.5, seats = 0.5 }', 'mix = { "half equal, half by seats" = 1 }', "rules.mix_of_mix", "mix ="),
    ('mix = { equal = 0.5, seats = 0.5 }\n', "", "rules.benchmark_both", '[[benchmarks]]\nname = "half'),
    ("= 50, \"Red Umbrella Party\" = 30, \"Green Radish Party\" = 20", "= 0", "rules.benchmark_nothing", "[[benchmarks]]\nname = \"seats"),
    ('end = "24:00"\nsource = "decision', 'source = "decision', "rules.granted_half", "[[entitlements]]"),
    ('end = "24:00"\nsource = "decision', 'end = "17:00"\nsource = "decision', "rules.granted_reversed", "[[entitlements]]"),
    ("to = 2021-05-09\nstart = \"18:00\"", "to = 2021-05-04\nstart = \"18:00\"", "rules.days", "[[entitlements]]"),
    ('amount = 600000\nunit = "ms"', 'amount = 600000\nunit = "lines"', "rules.unit_other", 'unit = "ms"\nfrom'),
    ('at_most = 120000\nunit = "ms"', 'at_most = 120000', "rules.unit", '[[rules]]\nname = "paid'),
    ('at_most = 120000\nunit = "ms"', "", "rules.empty", '[[rules]]\nname = "paid'),
    ('formats = ["paid advertising"]\n', "", "rules.formats", '[[rules]]\nname = "paid'),
    ("closes = 2021-05-18T20:00:00", "closes = 2021-05-16T20:00:00", "rules.reversed", '[[rules]]\nname = "silence'),
    ("opens = 2021-05-17T00:00:00", 'opens = "in the morning"', "rules.moment", "opens ="),
    ("opens = 2021-05-17T00:00:00", "opens = 2021-05-17T00:00:00Z", "rules.local", '[[rules]]\nname = "silence'),
    ('name = "all time"', 'name = "speaking time"', "rules.times", '[[rules]]\nname = "equal'),
    ('outlet = "Whistle Radio"', 'outlet = "Lantern TV"', "rules.granted_twice", '[[entitlements]]\ncontestant = "*"\noutlet = "Whistle'),
    ('outlet = "Whistle Radio"', 'outlet = "Lantern TV"\nstart = "47:00"\nend = "48:00"', "rules.granted_twice", '[[entitlements]]\ncontestant = "*"\noutlet = "Whistle'),
    ("at_most = 0.3333", 'at_most = 0.3333\nincumbents = "party"', "rules.set_as_party", 'source = "election law of Teapotia, article 8"'),
    ("opens = 2021-05-17T00:00:00", "opens = 2021-03-28T03:30:00", "rules.clock_change", "opens ="),
    ("closes = 2021-05-18T20:00:00", "closes = 2021-10-31T03:30:00", "rules.clock_change", "closes ="),
    ('name = "18-24"\nstart = "18:00"\nend = "24:00"', 'name = "18-24"\nstart = "30:00"\nend = "34:00"', "slots_overlap", "[[slots]]"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "key", "where"), CASES)
def test_a_problem_names_its_line_and_what_to_write(
    tmp_path: Path, before: str, after: str, key: str, where: str
) -> None:
    problem = refused(tmp_path / "m", before, after)
    assert (problem.key, problem.file, problem.line) == (key, "mission.toml", line(where))
    assert "equality.tolerance" not in problem.text()
    assert problem.message()


def test_one_least_amount_for_two_units_is_refused(tmp_path: Path) -> None:
    paper = OUTLETS + "Spout Daily,newspaper,mm2,private,,,yes\n"
    with pytest.raises(ProblemsFound) as found:
        load(write_fictitious(tmp_path / "both", outlets=paper))
    [problem] = found.value.problems
    assert (problem.key, problem.line) == ("rules.least_units", line("at_least ="))
    assert "mm2, ms" in problem.message()
    said = MISSION.replace("at_least = 60000", 'at_least = 60000\nunit = "ms"')
    assert load(write_fictitious(tmp_path / "said", outlets=paper, mission=said)).mission.rules


def test_grants_that_share_no_moment_of_one_contestant_may_stand_together(tmp_path: Path) -> None:
    own = MISSION.replace('contestant = "*"', f'contestant = "{BLUE}"', 1)
    for name, hours in ((RED, ""), (BLUE, 'start = "24:00"\nend = "26:00"'), (BLUE, "from = 2021-05-10")):
        other = own.replace('contestant = "*"\noutlet = "Whistle Radio"',
                            f'contestant = "{name}"\noutlet = "Lantern TV"\n{hours}')  # fmt: skip
        assert len(load(write_fictitious(tmp_path / f"{name}{len(hours)}", mission=other)).mission.entitlements) == 2


def test_the_unknown_kind_says_which_there_are(tmp_path: Path) -> None:
    assert "equality, ceiling, paid, silence" in refused(tmp_path, 'kind = "paid"', 'kind = "payed"').message()


def test_rules_come_back_from_the_folder_and_the_page(tmp_path: Path) -> None:
    store = open_mission(write_fictitious(tmp_path / "there"))
    export_folder(store, tmp_path / "back")
    mission = load(tmp_path / "back").mission
    assert mission == store.mission()
    assert [type(rule) for rule in mission.rules] == [Equality, Ceiling, Paid, Silence]
    assert mission_from_tables(mission, tables_of(mission, store.airings()))[0] == mission
    assert tomli_w.dumps(mission_tree(mission)) == (tmp_path / "back" / "mission.toml").read_text(encoding="utf-8")


def test_the_examples_of_the_template_fit_its_mission(tmp_path: Path) -> None:
    write_template(tmp_path / "new")
    file = tmp_path / "new" / "mission.toml"
    file.write_text(file.read_text(encoding="utf-8") + RULES, encoding="utf-8")
    mission = load(tmp_path / "new").mission
    assert len(mission.rules) == 4
    assert len(mission.entitlements) == 1


def test_rules_follow_a_renamed_format_and_group(tmp_path: Path) -> None:
    from coding.codebook.changing import Wanted, changed
    from coding.store.codebook_changes import Change
    from coding.vocabulary import CodeKind

    mission = load(write_fictitious(tmp_path)).mission
    after = changed(mission, Wanted(CodeKind.FORMAT, Change.RENAME, ("news",), ("bulletins",))).mission
    assert after.rules[0].formats == ("bulletins",)
    two = (*mission.entitlements, mission.entitlements[0].model_copy(update={"start": date(2021, 5, 10), "end": None}))
    held = mission.model_copy(update={"entitlements": two})
    named = changed(held, Wanted(CodeKind.FORMAT, Change.RENAME, ("free airtime",), ("free slots",))).mission
    assert [each.amount for each in named.entitlements] == [each.amount for each in two]
