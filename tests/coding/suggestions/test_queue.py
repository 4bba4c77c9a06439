"""The queue: a random half whose probability is what the record says, an uncertain half, and the stamp on segments."""

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.board import board
from coding.desk.operations import applied
from coding.languages import translator
from coding.mission.model import Airing
from coding.people.rights import Person
from coding.problems import ProblemsFound
from coding.store import Store, schema
from coding.store.assignments import assign, assignments, change
from coding.store.engine import reading
from coding.store.subtitles import Cue, add_subtitles
from coding.store.tone_models import ToneModel, add_model, use_model
from coding.suggestions import measuring, queue, uncertainty
from coding.suggestions.queue import (
    Draw,
    Sampled,
    drawn,
    hand_out,
    next_round,
    pool_of,
    sample,
    seed_of,
    selected_of,
    spread,
)
from coding.suggestions.uncertainty import Measured, entropy, measure, measured, outlook, uncertainty_of
from coding.vocabulary import AiringKind, PersonRole, Progress, Purpose, Selected
from tests.coding.suggestions.queue_stub import Unsure
from tests.missions import AIRINGS, segment

Make = Callable[..., Store]
ANA, BERIK = "ana", "berik"
UNCODED = AIRINGS.replace(",yes,", ",no,")


def airing(number: int, outlet: str = "Channel A") -> Airing:
    return Airing(
        airing_id=f"{outlet}-{number:03d}",
        outlet=outlet,
        date=date(2025, 3, 1) + timedelta(number % 28),
        kind=AiringKind.PROGRAMME,
        actual_start=number * 1000,
        actual_end=number * 1000 + 900,
    )


MANY = (
    [airing(n) for n in range(30)]
    + [airing(n, "Channel B") for n in range(12)]
    + [airing(n, "Gazette") for n in range(3)]
)
UNSURE = {each.airing_id: 0.3 + n / 100 for n, each in enumerate(MANY[:40])}


# the draw


def test_half_is_random_and_half_what_the_model_is_most_unsure_about() -> None:
    draw = drawn(MANY, 10, 1, 7, UNSURE, "v1")
    assert (len(draw.random), len(draw.uncertain)) == (5, 5)
    assert not set(draw.random) & set(draw.uncertain)
    assert draw.probability == 5 / 45
    by_outlet = Counter(name.rsplit("-", 1)[0] for name in draw.uncertain)
    assert by_outlet["Channel A"] in (3, 4)
    rest = [name for name in sorted(UNSURE, key=UNSURE.__getitem__, reverse=True) if name not in draw.random]
    assert draw.uncertain[0] == rest[0]
    own = [name for name in rest if name.startswith("Channel A")]
    assert [name for name in draw.uncertain if name in own] == own[: by_outlet["Channel A"]]


@settings(max_examples=60, deadline=None)
@given(number=st.integers(1, 60), round_=st.integers(1, 50), unsure=st.integers(0, 45), order=st.randoms())
def test_a_draw_hangs_on_pool_round_and_number_alone(number: int, round_: int, unsure: int, order: Any) -> None:
    known = dict(list(UNSURE.items())[:unsure])
    shuffled = list(MANY)
    order.shuffle(shuffled)
    seed = seed_of("small", round_)
    one, other = (drawn(each, number, round_, seed, known) for each in (MANY, shuffled))
    assert (one.random, one.uncertain, one.pool) == (other.random, other.uncertain, other.pool)
    assert len(one.random) + len(one.uncertain) <= number
    assert set(one.random) | set(one.uncertain) <= set(one.pool)
    assert set(one.uncertain) <= set(known)
    if number < len(MANY):
        assert len(one.random) == number - min(number // 2, len(known))


def test_every_airing_has_the_probability_that_is_recorded() -> None:
    """Over 3,000 seeds each of 45 airings comes about as often as drawn / pool says, whatever its outlet's size."""
    count = Counter[str]()
    for seed in range(3000):
        count.update(drawn(MANY, 10, 1, seed, UNSURE).random)
    expected = 3000 * 5 / 45
    assert max(abs(count[each.airing_id] - expected) for each in MANY) < 4.5 * (expected * (1 - 5 / 45)) ** 0.5


def test_no_outlet_is_off_its_share_by_one_or_more() -> None:
    for seed in range(200):
        draw = drawn(MANY, 12, 1, seed, {})
        for outlet in ("Channel A", "Channel B", "Gazette"):
            got = sum(name.startswith(outlet) for name in draw.random)
            share = 12 * sum(each.outlet == outlet for each in MANY) / len(MANY)
            assert abs(got - share) < 1


def test_a_small_pool_is_taken_whole_and_nothing_comes_of_nothing() -> None:
    everything = drawn(MANY[:4], 10, 1, 7, UNSURE)
    assert (len(everything.random), everything.uncertain, everything.probability) == (4, (), 1.0)
    assert drawn([], 10, 1, 7, {}) == Draw(1, 7, (), ())
    assert drawn([], 10, 1, 7, {}).probability == 0
    assert spread({}, [], 3, 5) == []


def test_without_uncertainty_all_is_random() -> None:
    draw = drawn(MANY, 9, 1, 7, {})
    assert (len(draw.random), draw.uncertain) == (9, ())
    assert len(drawn(MANY, 9, 1, 7, dict(list(UNSURE.items())[:2])).random) == 7


# the record of it


def uncoded(small_store: Make) -> Store:
    return small_store(airings=UNCODED)


def next_draw(store: Store, number: int, known: dict[str, float]) -> Draw:
    round_ = next_round(store)
    pool = pool_of(board(store).now(store.mission()), ())
    return drawn(pool, number, round_, seed_of("small", round_), known, "v1")


KNOWN = {"a-0312": 0.9, "a-0313": 0.8, "b-0312": 0.7, "a-0317": 0.6, "a-0318": 0.5}


def test_what_is_not_monitored_is_in_no_pool(small_store: Make) -> None:
    now = board(store := uncoded(small_store)).now(store.mission())
    assert "b-0313" not in {each.airing_id for each in pool_of(now, ())}
    assert "b-0313" in {each.airing_id for each in pool_of(now, {"b-0313"})}
    assert len(pool_of(now, ())) == 6


def test_a_draw_is_handed_out_and_can_be_repeated_from_the_record(small_store: Make) -> None:
    store = uncoded(small_store)
    draw = next_draw(store, 4, KNOWN)
    assert hand_out(store, draw, [ANA, BERIK], "sup") == {ANA: 2, BERIK: 2}
    given = {each.airing_id: each for each in assignments(store)}
    assert set(given) == {*draw.random, *draw.uncertain}
    for name in draw.random:
        assert given[name].note == f"queue=1 selected=random drawn=2 pool=6 seed={seed_of('small', 1)}"
        assert selected_of(store, name) == Selected.RANDOM
    for name in draw.uncertain:
        assert given[name].note == f"queue=1 selected=uncertain uncertainty={KNOWN[name]:.4f}"
        assert selected_of(store, name) == Selected.UNCERTAIN
    assert {each.airing_id for each in sample(store)} == set(draw.random)
    assert {each.probability for each in sample(store)} == {2 / 6}
    with reading(store.engine) as connection:
        rows = connection.execute(schema.audit.select().where(schema.audit.c.action == "queue")).mappings().all()
    told = json.loads(rows[0]["detail"])
    pool = [each for each in store.airings() if each.airing_id in told["pool"]]
    again = drawn(pool, 4, told["round"], told["seed"], told["uncertainty"], told["model"])
    assert (list(again.random), list(again.uncertain)) == (told["random"], told["uncertain"])


def test_the_next_round_draws_from_what_is_left_with_another_seed(small_store: Make) -> None:
    store = uncoded(small_store)
    first = next_draw(store, 2, KNOWN)
    hand_out(store, first, [ANA], "sup")
    second = next_draw(store, 2, KNOWN)
    assert (second.round, second.seed) == (2, seed_of("small", 2))
    assert not {*first.random, *first.uncertain} & set(second.pool)
    with pytest.raises(ProblemsFound, match="Somebody else handed out"):
        hand_out(store, first, [ANA], "sup")
    with pytest.raises(ProblemsFound, match="at least one coder"):
        hand_out(store, second, [], "sup")
    assign(store, [second.random[0]], BERIK, Purpose.CODING, "sup")
    with pytest.raises(ProblemsFound, match="Nothing was assigned"):
        hand_out(store, second, [ANA], "sup")
    assert len(assignments(store)) == 3


def test_nobodys_free_text_makes_a_draw(small_store: Make) -> None:
    store = uncoded(small_store)
    assign(store, ["a-0312"], ANA, Purpose.CODING, "sup", "look at 0:12")
    change(store, "a-0312", ANA, Progress.RETURNED, "sup", "queue=9 selected=random drawn=1 pool=1 seed=1")
    assert selected_of(store, "a-0312") == Selected.ASSIGNED
    assert selected_of(store, "not there") == Selected.ASSIGNED
    assert sample(store) == []
    assert next_round(store) == 1


def test_an_airing_that_changes_hands_stays_in_its_draw(small_store: Make) -> None:
    store = uncoded(small_store)
    draw = next_draw(store, 2, {})
    hand_out(store, draw, [ANA], "sup")
    name = draw.random[0]
    change(store, name, ANA, Progress.DONE, ANA)
    assert selected_of(store, name) == Selected.RANDOM
    change(store, name, ANA, Progress.WITHDRAWN, "sup")
    assign(store, [name], BERIK, Purpose.CODING, "sup", "by hand")
    assert selected_of(store, name) == Selected.RANDOM
    assert [each for each in sample(store) if each.airing_id == name] == [Sampled(name, 1, 2, 6, draw.seed)]


def test_the_server_stamps_segments_whatever_the_browser_says(small_store: Make) -> None:
    store = uncoded(small_store)
    draw = next_draw(store, 2, KNOWN)
    hand_out(store, draw, [ANA], "sup")
    person, t = Person(ANA, PersonRole.CODER), translator()
    for number, (name, wanted) in enumerate(((draw.random[0], "random"), (draw.uncertain[0], "uncertain")), 1):
        place = {"amount": 500} if name.startswith("g-") else {"start": 0, "end": 10}
        sent = segment(number, name, coder=ANA, **place).model_dump(mode="json")  # type: ignore[arg-type]
        told = applied(store, person, [{"kind": "add", "segment": sent}], t)[0]
        assert (told["outcome"], told["segment"]["selected"]) == ("stored", wanted)
        again = applied(store, person, [{"kind": "add", "segment": sent}], t)[0]
        assert (again["outcome"], again["segment"]["revision"]) == ("stored", 1)
        lied = sent | {"selected": "assigned", "tone": "positive"}
        later = applied(store, person, [{"kind": "revise", "segment": lied}], t)[0]
        assert (later["outcome"], later["segment"]["selected"]) == ("stored", wanted)
    assign(
        store, ["a-0318"] if "a-0318" not in (*draw.random, *draw.uncertain) else ["a-0317"], ANA, Purpose.CODING, "s"
    )
    own = next(each.airing_id for each in assignments(store) if not each.note)
    sent = segment(9, own, coder=ANA, start=0, end=5, selected="random").model_dump(mode="json")
    assert applied(store, person, [{"kind": "add", "segment": sent}], t)[0]["segment"]["selected"] == "assigned"


# uncertainty


def texts(store: Store, name: str, *lines: str) -> None:
    cues = [Cue(place * 60_000, place * 60_000 + 5000, line) for place, line in enumerate(lines)]
    add_subtitles(store, name, cues, "test", name="x.srt", language="en", kind="srt", sha256=name.ljust(64, "0"))


@pytest.fixture
def model(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = uncoded(small_store)
    add_model(store, ToneModel("v1", "models/v1", "2025-04-01T00:00:00Z", "test", 60), use=True)
    monkeypatch.setattr(uncertainty, "_opened", lambda _: Unsure())
    texts(store, "a-0312", "the Blues, perhaps", "the Blues won", "and the weather")
    texts(store, "a-0313", "the Blues won")
    texts(store, "b-0312", "nobody at all")
    return store


def test_uncertainty_is_the_mean_entropy_of_the_subjects_named(model: Store) -> None:
    seen: list[tuple[int, int]] = []
    got = measure(model, lambda done, total: seen.append((done, total)))
    assert got.values == {"a-0312": pytest.approx(0.5), "a-0313": 0.0, "b-0312": None}
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert measured(model, "v1") == got
    assert measured(model, "v2") == Measured("v2")
    view = outlook(model)
    assert (view.unread, len(view.with_text), set(view.measured.known)) == (0, 3, {"a-0312", "a-0313"})
    draw = view.draw(5)
    assert len(draw.random) == 3
    assert view.draw(100).probability == 1


def test_what_was_read_is_not_read_again_and_a_stop_keeps_it(model: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(uncertainty.Cancelled):
        measure(model, stop=iter([False, True]).__next__)
    assert list(measured(model, "v1").values) == ["a-0312"]
    monkeypatch.setattr(uncertainty, "uncertainty_of", lambda *_: 0.25)
    assert measure(model).values == {"a-0312": pytest.approx(0.5), "a-0313": 0.25, "b-0312": 0.25}
    uncertainty.place(model).write_text("{")
    assert measured(model, "v1") == Measured("v1")


def test_why_there_is_no_uncertain_half_is_said(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    store, t = uncoded(small_store), translator()

    def why(number: int = 4) -> str:
        view = outlook(store)
        return view.how(view.draw(number), t)[1]

    assert "no tone model is in use" in why()
    with pytest.raises(ProblemsFound, match="No tone model is in use"):
        measure(store)
    add_model(store, ToneModel("v1", "models/v1", "2025-04-01T00:00:00Z", "test", 60), use=True)
    assert "none of these airings has subtitles" in why()
    texts(store, "a-0312", "the Blues, perhaps")
    assert "has not read" in why()
    monkeypatch.setattr(uncertainty, "_opened", lambda _: Unsure())
    measure(store)
    view = outlook(store)
    assert "too few airings" in view.how(view.draw(1), t)[1]


def test_a_model_that_cannot_be_opened_is_told(small_store: Make) -> None:
    store = uncoded(small_store)
    add_model(store, ToneModel("v1", "models/not-there", "2025-04-01T00:00:00Z", "test", 60), use=True)
    with pytest.raises(ProblemsFound, match="v1 cannot be opened"):
        measure(store)


def waited(url: str) -> measuring.Job:
    job = measuring.start_measuring(url, "tests.coding.suggestions.queue_stub")
    assert measuring.start_measuring(url) is job
    waited_for(url)
    measuring.dismiss(url)
    assert measuring.job_of(url) is None
    return job


def test_a_process_of_its_own_measures_and_says_how_far_it_is(model: Store) -> None:
    job = waited(model.url)
    assert (job.done, job.total, job.finished, job.failed, job.problems) == (3, 3, True, False, ())
    assert set(measured(model, "v1").known) == {"a-0312", "a-0313"}
    use_model(model, "", "test")
    job = waited(model.url)
    assert [problem.key for problem in job.problems] == ["queue.no_model"]
    assert not job.failed


def test_a_stopped_process_ends_and_a_dead_one_is_told(model: Store) -> None:
    measuring.start_measuring(model.url, "tests.coding.suggestions.queue_stub")
    measuring.stop(model.url)
    job = waited_for(model.url)
    assert (job.stopped, job.finished, job.failed) == (True, False, False)
    measuring.dismiss(model.url)
    measuring.start_measuring(model.url, "tests.coding.suggestions.not_there")
    assert waited_for(model.url).failed
    measuring.dismiss(model.url)


def waited_for(url: str) -> measuring.Job:
    job = measuring.job_of(url)
    assert job is not None
    deadline = time.monotonic() + 60
    while job.running and time.monotonic() < deadline:
        time.sleep(0.05)
    return job


def test_entropy() -> None:
    assert entropy((0.25,) * 4) == pytest.approx(1)
    assert entropy((1.0,)) == entropy(()) == 0
    assert 0 < entropy((0.9, 0.1, 0.0)) < entropy((0.6, 0.4, 0.0)) < 1


def test_no_subtitles_no_uncertainty(model: Store) -> None:
    one = model.airing("a-0318")
    assert one is not None
    assert uncertainty_of(Unsure(), model.mission(), one, []) is None  # type: ignore[arg-type]
    assert queue.selected_of(model, "a-0318") == Selected.ASSIGNED
