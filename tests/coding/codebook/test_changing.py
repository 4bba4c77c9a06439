"""Guided changes as pure steps: what follows a name, what is refused, and what is said."""

import pytest

from coding.codebook.changing import Wanted, changed
from coding.codebook.differences import in_words
from coding.languages import languages, translator
from coding.mission.loader import load
from coding.mission.model import Benchmark, Entitlement, Format, Mission, Retired, Subject
from coding.problems import ProblemsFound
from coding.store.codebook_changes import Change
from coding.vocabulary import CodeKind, SubjectKind, Unit
from tests.missions import write_mission

SUBJECT, TOPIC, FORMAT, TONE = CodeKind.SUBJECT, CodeKind.TOPIC, CodeKind.FORMAT, CodeKind.TONE


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    """The small mission with a benchmark and entitlements."""
    held = load(write_mission(tmp_path_factory.mktemp("changing"))).mission
    weights = {"Blue Party": 3.0, "Red Party": 2.0, "Green Party": 1.0}
    granted = [
        Entitlement(contestant=who, outlet="Channel A", format="paid advertising", amount=amount, unit=Unit.MS)
        for who, amount in (("Blue Party", 60), ("Red Party", 40))
    ]
    return held.model_copy(
        update={"benchmarks": (Benchmark(name="votes", weights=weights),), "entitlements": tuple(granted)}
    )


def renamed(mission: Mission, kind: CodeKind, old: str, new: str) -> Mission:
    return changed(mission, Wanted(kind, Change.RENAME, (old,), (new,))).mission


def merged(mission: Mission, kind: CodeKind, old: tuple[str, ...], new: str) -> Mission:
    return changed(mission, Wanted(kind, Change.MERGE, old, (new,))).mission


def subject(mission: Mission, name: str) -> Subject:
    return next(each for each in mission.subjects if each.name == name)


def keys(mission: Mission, wanted: Wanted) -> set[str]:
    return {key.removeprefix("codebook.told.") for key, _ in changed(mission, wanted).told}


def refused(mission: Mission, wanted: Wanted) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        changed(mission, wanted)
    return [problem.key for problem in found.value.problems]


# renaming


def test_everything_that_names_a_subject_follows_its_new_name(mission: Mission) -> None:
    after = renamed(mission, SUBJECT, "Blue Party", "Azure Union")
    assert "Blue Party" not in after.names(SUBJECT)
    assert subject(after, "Azure Union").names["ru"] == "Синяя партия"
    assert [alias.name for alias in subject(after, "Azure Union").aliases] == ["Blues", "The Blues", "Blue Party"]
    assert subject(after, "President").affiliations[0].contestant == "Azure Union"
    assert after.benchmarks[0].weights == {"Azure Union": 3.0, "Red Party": 2.0, "Green Party": 1.0}
    assert [each.contestant for each in after.entitlements] == ["Azure Union", "Red Party"]
    assert [each.ballot for each in after.contestants] == [1, 2, 3]


def test_names_in_other_languages_are_told_where_they_stay(mission: Mission) -> None:
    assert "names" in keys(mission, Wanted(SUBJECT, Change.RENAME, ("Blue Party",), ("Azure Union",)))
    assert "names" not in keys(mission, Wanted(SUBJECT, Change.RENAME, ("Green Party",), ("Verdant Party",)))
    assert "names" in keys(mission, Wanted(SUBJECT, Change.MERGE, ("Red Party", "Green Party"), ("Alliance",)))
    assert "names" not in keys(mission, Wanted(SUBJECT, Change.MERGE, ("Green Party",), ("Red Party",)))


def test_a_subject_in_a_group_follows_and_a_name_and_back_leaves_no_second_self(mission: Mission) -> None:
    after = renamed(mission, SUBJECT, "President", "Head of State")
    assert after.groups[0].subjects == ("Head of State", "Government")
    back = renamed(after, SUBJECT, "Head of State", "President")
    assert [alias.name for alias in subject(back, "President").aliases] == ["Head of State"]
    assert back.groups == mission.groups


def test_topics_formats_and_tone_follow_in_their_places(mission: Mission) -> None:
    assert renamed(mission, TOPIC, "economy", "prices").topics == ("prices", "education")
    after = renamed(mission, FORMAT, "paid advertising", "adverts")
    assert [part.name for part in after.formats] == ["news", "adverts", "free space"]
    assert not after.formats[1].editorial
    assert {each.format for each in after.entitlements} == {"adverts"}
    tones = renamed(mission, TONE, "neutral", "balanced").tone
    assert [(point.name, point.score) for point in tones][2] == ("balanced", 0)


def test_what_a_retired_name_became_follows_too(mission: Mission) -> None:
    gone = Retired(kind=TOPIC, name="economy", into=("prices", "jobs"))
    held = mission.model_copy(update={"topics": ("economy", "prices", "jobs"), "retired": (gone,)})
    assert renamed(held, TOPIC, "jobs", "work").retired[0].into == ("prices", "work")
    assert held.offered(TOPIC) == ("prices", "jobs")


# merging


def test_a_merge_keeps_the_facts_of_the_target_and_says_what_it_drops(mission: Mission) -> None:
    wanted = Wanted(SUBJECT, Change.MERGE, ("Red Party", "Blue Party"), ("Blue Party",))
    assert wanted.old == ("Red Party",), "what keeps its name is not an old one"
    after = changed(mission, wanted).mission
    blue = subject(after, "Blue Party")
    assert (blue.ballot, blue.colour) == (1, "#1f77b4")
    assert {"Red Party", "Reds", "Красная партия", "Blues"} <= {alias.name for alias in blue.aliases}
    assert [part.contestant for part in subject(after, "Ana Turncoat").affiliations] == ["Blue Party", "Blue Party"]
    assert after.benchmarks[0].weights == {"Blue Party": 5.0, "Green Party": 1.0}
    assert [(each.contestant, each.amount) for each in after.entitlements] == [("Blue Party", 100)]
    assert keys(mission, wanted) == {"ballot", "belongs", "colour", "alias", "affiliations", "weights", "entitlement"}


def test_a_merge_into_a_new_name_takes_the_place_of_the_first(mission: Mission) -> None:
    after = merged(mission, SUBJECT, ("Red Party", "Green Party"), "Alliance")
    assert after.names(SUBJECT)[:3] == ("Blue Party", "Alliance", "President")
    assert subject(after, "Alliance").ballot == 2
    assert subject(after, "Alliance").names["ru"] == "Красная партия"


def test_a_place_on_the_ballot_and_in_a_group_is_not_lost(mission: Mission) -> None:
    wanted = Wanted(SUBJECT, Change.MERGE, ("Green Party", "Government"), ("Election Commission",))
    after = changed(mission, wanted).mission
    assert subject(after, "Election Commission").ballot == 3
    assert after.groups[0].subjects == ("President", "Election Commission")
    assert {"ballot_taken", "group", "kind"} <= keys(mission, wanted)


def test_topics_merge_and_formats_only_where_they_are_counted_alike(mission: Mission) -> None:
    assert merged(mission, TOPIC, ("economy", "education"), "society").topics == ("society",)
    alike = mission.model_copy(update={"formats": (*mission.formats, Format(name="bulletin"))})
    after = merged(alike, FORMAT, ("bulletin",), "news")
    assert [part.name for part in after.formats] == ["news", "paid advertising", "free space"]
    for old, key in (("free space", "unit"), ("paid advertising", "editorial")):
        assert refused(mission, Wanted(FORMAT, Change.MERGE, (old,), ("news",))) == [f"codebook.formats_{key}"]


def test_names_with_segments_that_stay_are_kept_retired_and_counted_with_the_target(mission: Mission) -> None:
    wanted = Wanted(SUBJECT, Change.MERGE, ("Red Party", "Green Party"), ("Blue Party",))
    after = changed(mission, wanted, ["Red Party"]).mission
    assert after.retired == (Retired(kind=SUBJECT, name="Red Party", into=("Blue Party",)),)
    assert subject(after, "Red Party").ballot is None
    assert [part.contestant for part in subject(after, "Red Party").affiliations] == ["Blue Party"]
    assert "Green Party" not in after.names(SUBJECT)
    assert "Red Party" not in {alias.name for alias in subject(after, "Blue Party").aliases}


# splitting and adding


def test_a_split_retires_the_old_name_and_the_new_ones_are_like_it(mission: Mission) -> None:
    after = changed(mission, Wanted(SUBJECT, Change.SPLIT, ("Government",), ("Cabinet", "Ministries"))).mission
    assert after.names(SUBJECT)[4:7] == ("Government", "Cabinet", "Ministries")
    assert after.groups[0].subjects == ("President", "Government", "Cabinet", "Ministries")
    assert subject(after, "Cabinet").kind == SubjectKind.BODY
    assert "Government" not in after.offered(SUBJECT)
    ballot = changed(mission, Wanted(SUBJECT, Change.SPLIT, ("Red Party",), ("Reds Left", "Reds Right"))).mission
    assert [(each.name, each.ballot) for each in ballot.contestants][1:] == [
        ("Red Party", 2), ("Green Party", 3), ("Reds Left", 4), ("Reds Right", 5),
    ]  # fmt: skip
    formats = changed(mission, Wanted(FORMAT, Change.SPLIT, ("free space",), ("columns", "pages"))).mission
    assert [(part.unit, part.editorial) for part in formats.formats[-2:]] == [(Unit.LINES, False)] * 2
    topics = changed(mission, Wanted(TOPIC, Change.SPLIT, ("economy",), ("prices", "education"))).mission
    assert topics.topics == ("economy", "prices", "education")


def test_a_former_name_can_come_back_for_somebody_else(mission: Mission) -> None:
    after = renamed(mission, SUBJECT, "Green Party", "Verdant Party")
    new = Subject(name="Green Party", kind=SubjectKind.PARTY, ballot=9)
    wanted = Wanted(SUBJECT, Change.NEW, (), ("Green Party",), (new,))
    assert keys(after, wanted) == {"spelling"}
    again = changed(after, wanted).mission
    assert subject(again, "Verdant Party").aliases == ()
    assert subject(again, "Green Party").ballot == 9


# refusals


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(SUBJECT, Change.RENAME, ("Nobody",), ("X",)), ["unknown_name"]),
        (Wanted(SUBJECT, Change.RENAME, ("Red Party",), ("Blue Party",)), ["codebook.taken_rename"]),
        (Wanted(SUBJECT, Change.RENAME, ("Red Party",), ("The Blues",)), ["alias_of_two"]),
        (Wanted(SUBJECT, Change.RENAME, ("Red Party",), ()), ["codebook.names_rename"]),
        (Wanted(SUBJECT, Change.RENAME, ("Red Party",), ("x" * 201,)), ["too_long"]),
        (Wanted(SUBJECT, Change.MERGE, ("Red Party",), ("Alliance",)), ["codebook.names_merge"]),
        (Wanted(TOPIC, Change.SPLIT, ("economy",), ("prices",)), ["codebook.names_split"]),
        (Wanted(TOPIC, Change.NEW, (), ("economy",)), ["codebook.taken_new"]),
        (Wanted(SUBJECT, Change.NEW, (), ("Blues",)), []),
        (Wanted(TONE, Change.MERGE, ("positive",), ("very positive",)), ["codebook.tone_only_renamed"]),
        (Wanted(TONE, Change.NEW, (), ("mixed",)), ["codebook.tone_only_renamed"]),
        (Wanted(FORMAT, Change.NEW, (), ("all",)), ["format_all"]),
    ],
)
def test_what_cannot_be_is_refused_by_name(mission: Mission, wanted: Wanted, expected: list[str]) -> None:
    if expected:
        assert refused(mission, wanted) == expected
    else:
        assert wanted.new[0] in changed(mission, wanted).mission.names(wanted.kind)


def test_a_retired_name_is_not_changed_again(mission: Mission) -> None:
    after = changed(mission, Wanted(TOPIC, Change.SPLIT, ("economy",), ("prices", "jobs"))).mission
    for wanted in (
        Wanted(TOPIC, Change.RENAME, ("economy",), ("money",)),
        Wanted(TOPIC, Change.MERGE, ("jobs",), ("economy",)),
    ):
        assert refused(after, wanted) == ["codebook.retired_already"]


@pytest.mark.parametrize("language", sorted(languages()))
def test_all_that_is_told_has_words(mission: Mission, language: str) -> None:
    asked = [
        Wanted(SUBJECT, Change.MERGE, ("Red Party", "Government", "President"), ("Blue Party",)),
        Wanted(SUBJECT, Change.SPLIT, ("Red Party",), ("Reds Left", "Blues")),
        Wanted(SUBJECT, Change.SPLIT, ("Government",), ("Cabinet", "Ministries")),
        Wanted(SUBJECT, Change.MERGE, ("Green Party",), ("Election Commission",)),
    ]
    told = [each for wanted in asked for each in changed(mission, wanted, ["Green Party"][: wanted is asked[-1]]).told]
    words = in_words(told, translator(language))
    assert len(words) == len(told) > 15
    assert not any("{" in line or "codebook." in line for line in words)
