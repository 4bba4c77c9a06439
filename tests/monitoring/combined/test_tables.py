"""Arrays from records: several draws together estimate one pool without bias, and small outlets go together."""

from itertools import combinations

import numpy as np
import pytest

from coding.mission.loader import load
from coding.suggestions.reading_draws import BlindCoding, PastDraw
from monitoring.combined.estimate import totals
from monitoring.combined.refusals import Refusal
from monitoring.combined.sample import Sample, Used, sample_of
from monitoring.combined.tables import Cells, group_of, material_of, strata_of
from monitoring.selection import Incumbents, Selection
from tests.missions import write_mission

NAMES = ("a", "b", "c", "d", "e", "f")
SCORES = {"bad": -1.0, "good": 1.0}


def cells(seed: int) -> Cells:
    chance = np.random.default_rng(seed)
    hand, machine = (chance.integers(0, 50, (6, 1, 2)).astype(float) for _ in range(2))
    return Cells(NAMES, ("Blue",), tuple(SCORES), hand, machine)


@pytest.mark.parametrize("power", [0.0, 1.0, 1.7])
@pytest.mark.parametrize("seed", range(4))
def test_over_all_pairs_of_draws_the_mean_is_the_truth(seed: int, power: float) -> None:
    """Two of six, then one or two of the four that are left: every course of both draws, each once."""
    held, found = cells(seed), list[np.ndarray]()
    for first in combinations(NAMES, 2):
        rest = [name for name in NAMES if name not in first]
        for second in combinations(rest, 1 + seed % 2):
            draws = (Used(1, frozenset(NAMES), first), Used(2, frozenset(rest), second))
            material = material_of(Sample(frozenset(NAMES), draws), held, dict.fromkeys(NAMES, ""), SCORES)
            found.append(totals(material, power))
    whole = held.hand.sum(axis=(0, 2))
    parts = [*held.hand.sum(axis=0)[0], held.hand.sum(axis=0)[0] @ list(SCORES.values())]
    assert np.mean(found, axis=0)[:, 0] == pytest.approx(np.array(parts))
    assert np.mean(found, axis=0)[:, 1] == pytest.approx(np.repeat(whole, 3))


def test_the_part_that_is_left_to_chance_is_that_of_what_was_not_drawn() -> None:
    draws = (Used(1, frozenset(NAMES), ("a", "b")),)
    material = material_of(Sample(frozenset(NAMES), draws), cells(1), dict.fromkeys(NAMES, ""), SCORES)
    assert material.left == pytest.approx([1 - 2 / 6])
    assert material.weight.tolist() == [3.0, 3.0]
    everything = (Used(1, frozenset(NAMES), NAMES),)
    material = material_of(Sample(frozenset(NAMES), everything), cells(1), dict.fromkeys(NAMES, ""), SCORES)
    assert material.left.tolist() == [0.0]


def test_outlets_with_one_drawn_airing_share_a_stratum() -> None:
    outlets = dict(zip(NAMES, ("A", "A", "B", "B", "C", "C"), strict=True))
    sample = Sample(frozenset(NAMES), (Used(1, frozenset(NAMES), ("a", "b", "c", "d", "e")),))
    found = strata_of(sample, outlets)
    assert found["e"] == found["f"] == ""
    assert len(set(found.values())) == 2
    full = Sample(frozenset(NAMES), (Used(1, frozenset(NAMES), NAMES),))
    assert strata_of(full, outlets) == outlets


def test_a_later_draw_is_used_only_where_what_had_left_is_coded() -> None:
    first, second = PastDraw(1, NAMES, ("a", "b")), PastDraw(2, ("d", "e", "f"), ("d", "e"))
    both = BlindCoding({}, frozenset("abde"), {}, {})
    assert [draw.round for draw in sample_of([first, second], both, "").draws] == [1]
    all_coded = BlindCoding({}, frozenset("abcde"), {}, {})
    assert [draw.round for draw in sample_of([first, second], all_coded, "").draws] == [1, 2]
    seen = BlindCoding({}, frozenset("abcde"), {"a": 2}, {})
    found = sample_of([first, second], seen, "")
    assert (sorted(found.pool), found.left_out) == (["d", "e", "f"], 2)
    with pytest.raises(Refusal) as refused:
        sample_of([first], seen, "")
    assert refused.value.values == {"segments": 2, "airings": 1, "names": "a"}


def test_groups_are_guessed_from_the_codebook_alone(tmp_path: object) -> None:
    from datetime import date
    from pathlib import Path

    mission = load(write_mission(Path(str(tmp_path)) / "mission")).mission
    day, institution, party = date(2025, 3, 12), Selection(), Selection(incumbents=Incumbents.PARTY)
    assert group_of(mission, "Blue Party", day, institution) == "Blue Party"
    assert group_of(mission, "President", day, institution) == "President and Government"
    assert group_of(mission, "President", day, party) == "Blue Party"
    assert group_of(mission, "Ana Turncoat", day, institution) == "Blue Party"
    assert group_of(mission, "Ana Turncoat", date(2025, 3, 20), institution) == "Red Party"
