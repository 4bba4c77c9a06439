"""The segments behind a bar are exactly those whose time makes it up."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coding.store import Store
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.coverage import Coverage, open_coverage
from monitoring.evidence import COLUMNS, number_behind, segments_behind
from monitoring.metrics.share import share
from monitoring.metrics.tone import tone
from monitoring.selection import Incumbents, Selection
from tests.missions import segment

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "kazakhstan_2007"
TELEVISION = Selection(media=(Medium.TV,))


@pytest.fixture(scope="module")
def sample() -> tuple[Store, Coverage]:
    store = open_mission(SAMPLE)
    return store, open_coverage(store)


def test_every_bar_of_the_sample_has_its_segments(sample: tuple[Store, Coverage]) -> None:
    store, coverage = sample
    for incumbents in Incumbents:
        selection = Selection(media=(Medium.TV,), incumbents=incumbents)
        bars = share(coverage, selection).query("outlet == 'KTK'")
        for bar in bars.to_dict("records"):
            picked = {"outlet": bar["outlet"], "group": bar["group"]}
            found = segments_behind(coverage, store, selection, picked)
            assert number_behind(coverage, selection, picked) == len(found) == bar["segments"]
            assert found["amount"].sum() >= bar["amount"]


def test_print_and_tone_too(sample: tuple[Store, Coverage]) -> None:
    store, coverage = sample
    selection = Selection(media=(Medium.NEWSPAPER,), outlets=("Panorama",))
    for bar in tone(coverage, selection).to_dict("records"):
        picked = {name: bar[name] for name in ("outlet", "group", "tone")}
        found = segments_behind(coverage, store, selection, picked)
        assert len(found) == bar["segments"]
        assert found["amount"].sum() == bar["amount"]


def test_overlaps_are_both_shown_and_a_second_coder_is_not(small_store: Callable[..., Store]) -> None:
    store = small_store(
        segment(1, start=0, end=60),
        segment(2, start=30, end=90),
        segment(3, start=200, end=210, tone="positive"),
        segment(4, start=0, end=60, coder="coder-2", coded_at="2025-04-02T10:00:00Z"),
        segment(5, start=0, end=60, subject="Red Party"),
    )
    coverage = open_coverage(store)
    picked = {"outlet": "Channel A", "group": "Blue Party", "tone": "neutral"}
    found = segments_behind(coverage, store, TELEVISION, picked)
    assert tuple(found.columns) == COLUMNS
    assert [name[-1] for name in found["segment_id"]] == ["1", "2"]
    everything = {"outlet": "Channel A", "group": "Blue Party"}
    assert number_behind(coverage, TELEVISION, everything) == 3
    assert len(segments_behind(coverage, store, TELEVISION, everything, at_most=2)) == 2


@pytest.mark.parametrize("reading", Incumbents)
def test_the_reading_of_incumbents_holds_for_the_segments(
    small_store: Callable[..., Store], reading: Incumbents
) -> None:
    store = small_store(
        segment(1, start=0, end=60), segment(2, start=60, end=90, subject="President", role="institution")
    )
    selection = Selection(media=(Medium.TV,), incumbents=reading)
    found = segments_behind(open_coverage(store), store, selection, {"group": "Blue Party"})
    assert list(found["subject"]) == (["Blue Party", "President"] if reading == Incumbents.PARTY else ["Blue Party"])
