"""The key map: shipped as data, changed by the mission, and what is wrong with a change."""

import re
from collections import Counter
from pathlib import Path

import pytest

from coding.desk.keys import key_map, problems, shipped
from coding.exchange.folder import export_folder
from coding.languages import catalogue
from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import sqlite_url
from tests.missions import MISSION, write_mission


def test_the_shipped_map_uses_known_keys_and_none_twice() -> None:
    every = {action: keys for group in shipped().values() for action, keys in group.items()}
    assert list(problems(every)) == []
    assert max(Counter(key for keys in every.values() for key in keys.split()).values()) == 1


def test_every_action_has_a_name_for_the_help_sheet() -> None:
    words = catalogue("en")
    for group, actions in shipped().items():
        assert words[f"desk.group.{group}"]
        own = [action for action in actions if not re.match(r"(subject|tone)_\d", action)]  # named by the mission
        assert all(words[f"desk.action.{action}"] for action in own)


def test_a_mission_changes_a_key_or_takes_it_away() -> None:
    changed = key_map({"in": "F2 KeyQ", "out": ""})
    assert (changed["mark"]["in"], changed["mark"]["out"], changed["mark"]["loop"]) == (["F2", "KeyQ"], [], ["KeyP"])


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"jump": "KeyQ"}, "desk.unknown_action"),
        ({"in": "Q"}, "desk.unknown_key"),
        ({"in": "Shift+Ctrl+KeyQ"}, "desk.unknown_key"),
        ({"in": "KeyO"}, "desk.key_taken"),
    ],
)
def test_a_wrong_change_is_told(changed: dict[str, str], key: str) -> None:
    assert [problem.key for problem in problems(changed)] == [key]


def test_two_keys_may_be_swapped() -> None:
    assert list(problems({"in": "KeyO", "out": "KeyI"})) == []


def test_the_mission_folder_carries_the_changes_there_and_back(tmp_path: Path) -> None:
    folder = write_mission(tmp_path / "mission", mission=MISSION + '\n[keys]\nin = "KeyQ"\n')
    held = load(folder)
    assert held.mission.keys == {"in": "KeyQ"}
    store = Store(sqlite_url(tmp_path / "store.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "")
    export_folder(store, tmp_path / "written")
    assert load(tmp_path / "written").mission.keys == {"in": "KeyQ"}


def test_a_wrong_key_in_the_folder_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write_mission(tmp_path / "mission", mission=MISSION + '\n[keys]\nin = "Q"\n')
    with pytest.raises(ProblemsFound) as found:
        load(folder)
    line = len((MISSION + "\n[keys]\n").splitlines()) + 1
    assert [(p.line, p.column) for p in found.value.problems] == [(line, "keys.in")]
