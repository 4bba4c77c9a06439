"""What changed between versions, in words that every interface language has; and the command that prints them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from coding.__main__ import app
from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.codebook.differences import KIND_OF, PLAIN, POLICIES, TABLES, differences, in_words, versions
from coding.languages import catalogue, languages, translator
from coding.mission.loader import load
from coding.mission.model import Affiliation, Benchmark, Entitlement, Format, Mission, Outlet, Retired, Subject
from coding.mission.rules import Ceiling, Equality, Paid, Silence
from coding.store import Store
from coding.store.codebook_changes import Change
from coding.vocabulary import CodeKind
from tests.missions import segment, write_mission

ENGLISH = translator("en")


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    return load(write_mission(tmp_path_factory.mktemp("differences"))).mission


def told(before: Mission, after: Mission) -> list[str]:
    return in_words(differences(before, after), ENGLISH)


def test_names_that_came_and_went_fields_that_changed_and_an_order(mission: Mission) -> None:
    assert told(mission, mission) == []
    window = mission.windows[0].model_copy(update={"start_clock": 17 * 3_600_000 + 1_800_000})
    after = mission.model_copy(
        update={
            "title": "Another title",
            "topics": ("education", "economy", "health"),
            "formats": (*mission.formats[:2], Format(name="debate")),
            "windows": (window, *mission.windows[1:]),
            "suggestions": mission.suggestions.model_copy(update={"withheld": 0.5}),
            "keys": {"play": "KeyZ"},
        }
    )
    assert told(mission, after) == [
        "Topics: added health.",
        "Topics: in another order.",
        "Formats: added debate.",
        "Formats: removed free space.",
        "Windows: early prime time (start: 18:00 → 17:30).",
        "Mission, title: A small mission → Another title.",
        "Suggestions: share without a suggestion: 0.15 → 0.5.",
        "Keys of the desk: – → play: KeyZ.",
    ]


def test_every_field_of_a_mission_has_words(mission: Mission) -> None:
    held = [part for table in TABLES for part in getattr(mission, table) if isinstance(part, BaseModel)]
    parts: set[type[BaseModel]] = {type(part) for part in held} | {
        Affiliation, Benchmark, Ceiling, Entitlement, Equality, Format, Outlet, Paid, Retired, Silence, Subject,
    }  # fmt: skip
    fields = {name for part in parts for name in part.model_fields}
    fields |= {name for policy in POLICIES[:2] for name in type(getattr(mission, policy)).model_fields} | {*PLAIN}
    wanted = {f"codebook.field.{name}" for name in fields - {"name"}} | {f"codebook.table.{name}" for name in TABLES}
    wanted |= {f"codebook.table.{name}" for name in POLICIES} | {f"codebook.kind.{kind}" for kind in CodeKind}
    for language in languages():
        assert wanted - set(catalogue(language)) == set()
    seen = {*TABLES, *PLAIN, *POLICIES, "id"}
    assert set(Mission.model_fields) == seen, "a new part of a mission would change in silence"
    assert set(KIND_OF) <= set(TABLES)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_versions_tell_a_renaming_as_one(small_store: Callable[..., Store]) -> None:
    store = small_store(segment(1, start=0, end=5))
    applied(store, Wanted(CodeKind.SUBJECT, Change.RENAME, ("Blue Party",), ("Azure Union",)), "boss", "new statutes")
    applied(store, Wanted(CodeKind.TOPIC, Change.SPLIT, ("economy",), ("prices", "jobs")), "boss", "too broad")
    third, second, first = versions(store)
    assert (first.number, first.differences, first.recorded_by) == (1, (), "test")
    assert in_words(second.differences, ENGLISH) == [
        "Subject: Blue Party is now called Azure Union.",
    ]
    assert in_words(third.differences, ENGLISH) == [
        "Topic: economy split up into prices, jobs.",
        "Retired names: added economy.",
    ]
    assert (third.number, third.reason) == (3, "too broad")


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_command_prints_versions_and_what_waits(tmp_path: Path, small_store: Callable[..., Store]) -> None:
    store = small_store(segment(1, start=0, end=5, topic="economy", text="Bread"))
    applied(store, Wanted(CodeKind.TOPIC, Change.SPLIT, ("economy",), ("prices", "jobs")), "boss", "too broad")
    printed = CliRunner().invoke(app, ["codebook", store.url])
    assert printed.exit_code == 0
    assert "Topic: economy split up into prices, jobs." in printed.stdout
    assert printed.stdout.index("Version 2") < printed.stdout.index("Version 1")
    listed = CliRunner().invoke(app, ["codebook", store.url, "--recode"])
    assert "0 of 1 recoded, 1 left. It became: prices, jobs." in listed.stdout
    assert "a-0312 · coder-1 · 0:00:00 · Bread" in listed.stdout
    folder = CliRunner().invoke(app, ["codebook", str(write_mission(tmp_path / "folder")), "--recode"])
    assert "nothing waits to be recoded" in folder.stdout
