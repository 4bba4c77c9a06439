"""The sentences that the observation mission published come out of the sample mission, number for number.

OSCE/ODIHR Election Observation Mission, Final Report, Kazakhstan, Parliamentary Elections 18 August 2007
(Warsaw, 30 October 2007), section VIII.
"""

import re
from functools import lru_cache
from pathlib import Path

import pytest

from coding.languages import languages
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.coverage import open_coverage
from monitoring.findings.finding import Finding
from monitoring.findings.findings import findings
from monitoring.findings.material import Material, material_of
from monitoring.findings.telling import sentence, statement
from monitoring.selection import Selection
from monitoring.words import Words

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "kazakhstan_2007"
OTHERS = ("Auyl", "CPPK", "PPK", "Rukhaniyat")
PUBLISHED = {
    "TV Khabar": {"Nur Otan": 20, "ANSDP": 3, "Ak Zhol": 7},
    "TV Kazakhstan": {"Nur Otan": 17, "ANSDP": 4, "Ak Zhol": 12},
    "Channel 31": {"Nur Otan": 19, "ANSDP": 17, "Ak Zhol": 12},
    "Astana TV": {"Nur Otan": 24, "ANSDP": 3, "Ak Zhol": 10},
}
"""Per cent of the political news coverage."""
A_THIRD = ("TV Khabar", "TV Kazakhstan", "KTK", "Astana TV")


@lru_cache
def news() -> Material:
    """The news of the five television channels."""
    store = open_mission(SAMPLE)
    return material_of(open_coverage(store), Selection(media=(Medium.TV,), formats=("news",)), store)


@lru_cache
def told(kind: str) -> dict[str, Finding]:
    """The findings of a kind by their outlet, ownership or group."""
    return {dict(one.place).get("outlet") or one.key: one for one in findings(news(), (kind,)).made}


def spoken(language: str) -> Words:
    return Words(news().mission, language)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("outlet", PUBLISHED)
def test_the_shares_of_the_report(outlet: str, language: str) -> None:
    words = spoken(language)
    said = statement(told("shares")[outlet], words)
    assert words.named("outlet", outlet) in said
    for party, percent in PUBLISHED[outlet].items():
        name = re.escape(words.named("group", party))
        assert re.search(rf"{name} (received |— )?{percent}(\W|$)", said), said
        assert re.search(rf"{name} [^()]*\b{percent}\b[^()]*\(\d+\W+(to )?\d+\)", said), "its interval stands behind it"


@pytest.mark.parametrize("outlet", ["TV Khabar", "TV Kazakhstan"])
def test_the_other_parties_received_between_3_and_6_per_cent_each(outlet: str) -> None:
    finding = told("shares")[outlet]
    assert sorted(row.of("group") for row in finding.part("other")) == sorted(OTHERS)
    assert all(0.03 <= row.value <= 0.06 for row in finding.part("other"))
    said = statement(finding, spoken("en"))
    numbers = re.search(r"the other 4 contestants received (?:between (\d) and|about) (\d) per cent each", said)
    assert numbers, said
    assert all(3 <= int(number) <= 6 for number in numbers.groups() if number)


def test_the_sentence_of_the_report_in_english() -> None:
    said = statement(told("shares")["TV Khabar"], spoken("en"))
    pattern = (
        r"Nur Otan received 20 per cent of the political news coverage on TV Khabar \(\d+ to \d+\), "
        r"Ak Zhol 7 \(\d to \d+\) and ANSDP 3 \(\d to \d\); the other 4 contestants received between 4 and 5 per cent each\."
    )
    assert re.fullmatch(pattern, said), said


@pytest.mark.parametrize("language", languages())
def test_president_and_government_received_about_one_third(language: str) -> None:
    words = spoken(language)
    (finding,) = told("institutions").values()
    said = statement(finding, words)
    assert words.named("group", "President and Government") in said
    shares = {row.of("outlet"): round(row.value * 100) for row in finding.rows}
    for outlet in A_THIRD:
        assert 32 <= shares[outlet] <= 35
        assert words.named("outlet", outlet) in said
        assert str(shares[outlet]) in said


@pytest.mark.parametrize("language", languages())
def test_nearly_all_of_it_on_state_television_was_positive_or_neutral(language: str) -> None:
    words = spoken(language)
    finding = next(one for one in told("institutions_tone").values() if dict(one.place)["ownership"] == "state")
    assert finding.outlets == ("TV Kazakhstan", "TV Khabar")
    said = statement(finding, words)
    assert words.percent(0.998, 1) in said
    assert words.number(finding.part("told")[0].segments) in said


@pytest.mark.parametrize("language", languages())
def test_ktk_was_balanced_in_quantity_but_not_in_tone(language: str) -> None:
    words, found = spoken(language), told("quantity_and_tone")
    assert list(found) == ["KTK"]
    said = statement(found["KTK"], words)
    (worst,) = found["KTK"].part("worst")
    assert worst.of("group") == "ANSDP"
    assert worst.value < 0
    assert words.balance(worst.value) in said
    for party in ("Nur Otan", "ANSDP", "Ak Zhol"):
        assert words.named("group", party) in said


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("outlet", ["TV Khabar", "TV Kazakhstan"])
def test_the_count_of_appearances_stands_beside_the_time(outlet: str, language: str) -> None:
    words, finding = spoken(language), told("counting")[outlet]
    said = statement(finding, words)
    counted = {row.of("group"): row.value for row in finding.part("most_counted", "least_counted")}
    assert set(counted) == {"Nur Otan", "ANSDP"}
    assert abs(counted["Nur Otan"] - counted["ANSDP"]) < 0.03
    for party in counted:
        assert re.search(rf"{re.escape(words.named('group', party))}[^.]*\b{PUBLISHED[outlet][party]}\b", said), said


@pytest.mark.parametrize("language", languages())
def test_every_sentence_can_be_quoted_alone(language: str) -> None:
    words = spoken(language)
    every = findings(news()).made
    assert len({finding.kind for finding in every}) >= 8
    for finding in every:
        said = sentence(finding, words)
        assert said.endswith("(synthetic segments)")
        if finding.kind != "rules":
            assert words.reading(finding.selection) in said
            assert words.named("format", "news") in said
            assert "2007" in said


def test_the_sentences_as_they_are_quoted() -> None:
    """Word for word, with every number: the smallest change of one shows here."""
    words = spoken("en")
    assert statement(told("shares")["TV Khabar"], words) == (
        "Nur Otan received 20 per cent of the political news coverage on TV Khabar (17 to 24), Ak Zhol 7 (6 to 9) and "
        "ANSDP 3 (2 to 4); the other 4 contestants received between 4 and 5 per cent each."
    )
    assert statement(told("counting")["TV Kazakhstan"], words) == (
        "Counted by appearances, Nur Otan had 9 per cent of all on TV Kazakhstan and ANSDP 9; measured by time, "
        "Nur Otan received 17 per cent (15 to 20) and ANSDP 4 (3 to 5)."
    )
    said = statement(told("quantity_and_tone")["KTK"], words)
    assert said.startswith("KTK was balanced in quantity but not in tone between the contestants named here: ")
    assert [int(number) for number in re.findall(r"(\d+) (?:per cent|\()", said)][:3] == [12, 12, 12]


def test_a_comparison_of_ownership_names_its_medium_and_what_its_interval_is() -> None:
    """Television and newspapers can point opposite ways, so that neither may be quoted without its medium."""
    store = open_mission(SAMPLE)
    every = findings(material_of(open_coverage(store), Selection(), store), ("differences",)).made
    media = {"tv": "only television", "newspaper": "only newspapers"}
    assert {dict(one.place)["medium"] for one in every} == set(media)
    for one in every:
        said = sentence(one, spoken("en"))
        assert media[dict(one.place)["medium"]] in said
        assert "in brackets" not in said
        assert "after the colon the 95 per cent interval of the difference" in said


def test_a_share_of_time_never_stands_with_a_share_of_space() -> None:
    store = open_mission(SAMPLE)
    made = findings(material_of(open_coverage(store), Selection(), store), ("institutions",)).made
    assert [{row.unit for row in one.rows} for one in made] == [{"ms"}, {"mm2"}]
    assert ["share of the space" in sentence(one, spoken("en")) for one in made] == [False, True]


@pytest.mark.parametrize("language", languages())
def test_a_sentence_about_a_rule_says_its_days(language: str) -> None:
    (finding,) = told("rules").values()
    assert "2007" in sentence(finding, spoken(language))


@pytest.mark.parametrize("outlet", ["KTK", "TV Kazakhstan", "TV Khabar"])
def test_share_due_and_gap_of_a_benchmark_agree_as_they_are_written(outlet: str) -> None:
    store = open_mission(SAMPLE)
    made = findings(material_of(open_coverage(store), Selection(media=(Medium.TV,)), store), ("benchmarks",)).made
    finding = next(one for one in made if dict(one.place)["outlet"] == outlet)
    said = statement(finding, spoken("en"))
    received = re.search(r"received ([\d.]+) per cent", said)
    assert received
    gaps = re.findall(r" ([\d.]+) \(received ([\d.]+) points (more|less)\)", said)
    assert len(gaps) >= 3
    for due, gap, side in gaps:
        sign = 1 if side == "more" else -1
        assert float(received[1]) - float(due) == pytest.approx(sign * float(gap), abs=0.11)
