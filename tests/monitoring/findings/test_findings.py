"""Findings: every number is that of a result, none is made on thin material, and nothing depends on names or chance."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from coding.languages import languages
from coding.mission.model import Mission
from coding.store import Store
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.coverage import Coverage, open_coverage
from monitoring.evidence import number_behind
from monitoring.findings import KINDS
from monitoring.findings.finding import Found
from monitoring.findings.findings import TABLE, as_text, findings, table
from monitoring.findings.material import Material, material_of
from monitoring.findings.telling import basis, sentence, statement, unmade
from monitoring.metrics import METRICS
from monitoring.selection import ALL_FORMATS, Denominator, Incumbents, Selection
from monitoring.words import Words
from tests.missions import SUBJECTS, segment
from tests.monitoring.findings.made import busy

ROOT = Path(__file__).parent.parent.parent.parent
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
TELEVISION = Selection(media=(Medium.TV,), formats=("news",))
SELECTIONS = {
    "news": TELEVISION,
    "papers": Selection(media=(Medium.NEWSPAPER,)),
    "party": Selection(media=(Medium.TV,), incumbents=Incumbents.PARTY),
    "everything": Selection(),
    "programme": Selection(media=(Medium.TV,), denominator=Denominator.PROGRAMME),
}


@lru_cache
def sample() -> tuple[Store, Coverage]:
    store = open_mission(SAMPLE)
    return store, open_coverage(store)


def material(selection: Selection) -> Material:
    store, coverage = sample()
    return material_of(coverage, selection, store)


@lru_cache
def found_in(name: str) -> Found:
    return findings(material(SELECTIONS[name]))


def words_of(language: str = "en", mission: Mission | None = None) -> Words:
    return Words(mission or sample()[1].mission, language)


def test_every_kind_file_is_listed() -> None:
    files = {path.stem for path in (ROOT / "monitoring" / "findings" / "kinds").glob("*.py")} - {"__init__"}
    assert files == {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_states_its_rule_and_an_example(kind: object) -> None:
    file = ROOT / "monitoring" / "findings" / "kinds" / f"{kind.name}.py"  # type: ignore[attr-defined]
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert text is not None
    assert "Rule:" in text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_finds_something_in_the_sample_and_tells_it_in_every_language(kind: object) -> None:
    name = kind.name  # type: ignore[attr-defined]
    made = [finding for finding in found_in("news").made if finding.kind == name]
    assert made
    for language in languages():
        words = words_of(language)
        said = [statement(finding, words) for finding in made]
        assert len(set(said)) == len(said)
        assert all("{" not in text and text.endswith(".") for text in said)


@pytest.mark.parametrize("name", SELECTIONS)
def test_keys_are_stable_and_unique(name: str) -> None:
    found = found_in(name)
    assert len({finding.key for finding in found.made}) == len(found.made)
    assert findings(material(SELECTIONS[name])) == found


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_number_is_that_of_its_metric(name: str) -> None:
    kinds = {metric.name: metric for metric in METRICS}
    checked = 0
    for finding in found_in(name).made:
        for row in finding.rows:
            if row.metric not in kinds or row.part in ("told", "a", "b"):
                continue
            columns = tuple(column for column, _ in row.picked if column != "tone")
            result = kinds[row.metric].compute(sample()[1], row.selection, columns)
            for column, value in row.picked:
                result = result[result[column] == value]
            assert result["value"].item() == pytest.approx(row.value, nan_ok=True)
            assert (result["amount"].item(), result["segments"].item()) == (row.amount, row.segments)
            checked += 1
    assert checked > 20


@pytest.mark.parametrize("name", ["news", "papers", "party"])
def test_every_number_leads_to_its_segments(name: str) -> None:
    _, coverage = sample()
    for finding in found_in(name).made:
        for row in finding.rows:
            if row.metric != "rules":
                assert number_behind(coverage, row.selection, dict(row.picked)) == row.segments


def test_what_is_told_has_an_interval_and_enough_segments() -> None:
    for name in SELECTIONS:
        for finding in found_in(name).made:
            for row in finding.part("named", "told", "most", "negative", "positive", "best", "worst", "quantity"):
                assert row.width is not None
                assert row.low is not None and row.high is not None
                assert row.low <= row.value <= row.high


def test_a_filter_on_outlets_leaves_an_outlet_its_sentence() -> None:
    alone = findings(material(replace(TELEVISION, outlets=("KTK",))), ("shares",)).made
    (whole,) = [one for one in found_in("news").made if one.key == "shares:outlet=KTK"]
    assert [statement(one, words_of()) for one in alone] == [statement(whole, words_of())]


def test_few_days_carry_no_sentence_and_the_reason_is_said() -> None:
    short = replace(TELEVISION, start=date(2007, 7, 18), end=date(2007, 7, 19))
    found = findings(material(short), ("shares", "tone", "counting", "institutions"))
    assert found.made == ()
    assert {one.reason for one in found.unmade} <= {"no_interval", "thin", "wide"}
    assert {dict(one.place)["outlet"] for one in found.unmade} == {
        "TV Kazakhstan", "TV Khabar", "Astana TV", "Channel 31", "KTK",
    }  # fmt: skip
    lines = unmade(found, words_of())
    assert lines
    assert any("KTK" in line for line in lines)


def test_fewer_segments_than_the_minimum_carry_no_sentence(small_store: Callable[..., Store]) -> None:
    store = small_store(segment(1, start=0, end=60), segment(2, start=60, end=90, subject="Red Party"))
    coverage = open_coverage(store)
    found = findings(material_of(coverage, Selection(media=(Medium.TV,)), store))
    assert found.made == ()
    assert {one.reason for one in found.unmade if one.kind == "shares"} == {"thin"}
    assert as_text(found, words_of(mission=coverage.mission)) == ""


def test_some_subjects_only_carry_no_finding() -> None:
    assert findings(material(replace(TELEVISION, subjects=("Nur Otan",)))) == Found()


def test_a_mission_without_segments_has_no_finding(small_store: Callable[..., Store]) -> None:
    store = small_store()
    assert findings(material_of(open_coverage(store), Selection(), store)).made == ()


def test_pooled_slots_and_the_reading_are_said() -> None:
    pooled = Selection(media=(Medium.TV,), formats=ALL_FORMATS, incumbents=Incumbents.PARTY)
    found = findings(material(pooled), ("shares",))
    said = sentence(found.made[0], words_of())
    assert "pooled with editorial content" in said
    assert "counted for their party" in said


def test_programme_time_is_named_as_the_denominator() -> None:
    shares = [one for one in found_in("programme").made if one.kind == "shares"]
    assert "programme time" in basis(shares[0], words_of())


def test_swapped_parties_swap_their_names(small_store: Callable[..., Store], tmp_path: Path) -> None:
    """The same record with two names exchanged gives the same sentences with the two names exchanged."""
    one = busy(small_store, "Blue Party", "Red Party")
    first = [statement(found, words_of(mission=one.mission)) for found in findings(one, ("shares", "counting")).made]
    other_store = Store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other = busy(lambda *segments, **_: _filled(other_store, one, *segments), "Red Party", "Blue Party")
    second = [
        statement(found, words_of(mission=other.mission)) for found in findings(other, ("shares", "counting")).made
    ]
    swap = {"Blue Party": "Red Party", "Red Party": "Blue Party"}
    assert first
    assert [_swapped(text, swap) for text in first] == second


def _filled(store: Store, like: Material, *segments: object) -> Store:
    held = like.store
    assert held is not None
    store.put_mission(held.mission(), held.airings(), "test", "made for a test")
    store.add(segments, "test")  # type: ignore[arg-type]
    return store


def _swapped(text: str, swap: dict[str, str]) -> str:
    return re.sub("|".join(swap), lambda name: swap[name.group()], text)


def test_names_are_told_as_text(small_store: Callable[..., Store]) -> None:
    """What a name holds is neither a place of a message nor markup: it stands in the sentence as it is written."""
    hostile = "{value} <b>Red</b> Party"
    made = busy(small_store, "Blue Party", hostile, subjects=SUBJECTS.replace("Red Party", hostile))
    said = " ".join(statement(found, words_of(mission=made.mission)) for found in findings(made, ("shares",)).made)
    assert hostile in said


def test_the_table_has_a_row_for_each_number_and_exact_integers() -> None:
    found, words = found_in("news"), words_of("ru")
    written = table(found, words, "abc")
    assert list(written.columns) == list(TABLE)
    assert len(written) == sum(len(finding.rows) for finding in found.made)
    assert set(written["fingerprint"]) == {"abc"}
    assert (written["sentence"].str.contains("synthetic segments")).all()
    assert all(written[name].dtype == "int64" for name in ("amount", "total_amount", "segments", "airings"))
    assert table(Found(), words, "abc").empty
