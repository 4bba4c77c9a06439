"""A desk that was open while names changed: what it sends is stored under today's names, once, and nothing is lost."""

from typing import Any

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.desk.payload import payload
from coding.people import Person
from coding.segment import Segment
from coding.store import Store
from coding.store.codebook_changes import Change
from coding.vocabulary import CodeKind, PersonRole
from tests.coding.desk.conftest import Desk, desk, message
from tests.missions import segment

__all__ = ["desk"]


def mine(number: int, start: float = 0, end: float = 60, **more: Any) -> Segment:
    return segment(number, start=start, end=end, coder="ana", **more)


def change(store: Store, kind: CodeKind, how: Change, old: str, new: str) -> None:
    before, after = (tuple(side.split("|")) for side in (old, new))
    applied(store, Wanted(kind, how, before, after), "supervisor", "it was decided")


def renamed(store: Store) -> None:
    change(store, CodeKind.SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    change(store, CodeKind.TONE, Change.RENAME, "neutral", "balanced")


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["outcome"] for answer in answers]


def stands(store: Store, number: int) -> Segment:
    return store.history(mine(number).segment_id)[-1].segment


def test_what_it_sends_is_stored_under_the_names_of_today(desk: Desk) -> None:
    assert outcomes(desk.save("ana", message("add", mine(1)))) == ["stored"]
    renamed(desk.store)
    later = [
        message("add", mine(2, 100, 160)),
        message("revise", mine(1, note="a word more")),  # the desk knows of revision 1 only
        message("revise", mine(1, note="another word", revision=2)),  # made on top of the one before
        {"kind": "retract", "segment_id": mine(2).segment_id, "revision": 1, "reason": "a slip"},
        message("restore", mine(2, 100, 160, revision=2), reason="no slip"),
    ]
    for _ in range(2):  # also when the reply is lost and all comes again
        assert outcomes(desk.save("ana", *later)) == ["stored"] * 5
        first, second = stands(desk.store, 1), stands(desk.store, 2)
        assert (first.subject, first.tone, first.note, first.revision) == ("Azure Union", "balanced", "another word", 5)
        assert (second.subject, second.tone, second.revision) == ("Azure Union", "balanced", 3)
    assert len(desk.store.segments()) == 2


def test_a_version_that_was_counted_in_another_store_misleads_nobody(desk: Desk) -> None:
    renamed(desk.store)
    assert outcomes(desk.save("ana", message("add", mine(1, codebook_version=9)))) == ["stored"]
    assert (stands(desk.store, 1).subject, stands(desk.store, 1).tone) == ("Azure Union", "balanced")


def test_a_queue_whose_reply_was_lost_before_the_change_is_known_again(desk: Desk) -> None:
    queue = [
        message("add", mine(1)),
        message("revise", mine(1, tone="negative")),
        message("add", mine(2, 100, 160)),
        {"kind": "retract", "segment_id": mine(2).segment_id, "revision": 1, "reason": "a slip"},
    ]
    assert outcomes(desk.save("ana", *queue)) == ["stored"] * 4
    renamed(desk.store)
    lengths = [len(desk.store.history(mine(number).segment_id)) for number in (1, 2)]
    assert outcomes(desk.save("ana", *queue)) == ["stored"] * 4
    assert [len(desk.store.history(mine(number).segment_id)) for number in (1, 2)] == lengths


def test_a_change_by_a_person_is_a_conflict_as_ever(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1)))
    desk.save("supervisor", message("revise", mine(1, tone="negative")))
    renamed(desk.store)
    assert outcomes(desk.save("ana", message("revise", mine(1, note="mine")))) == ["conflict"]


def test_a_name_that_came_back_for_somebody_else_means_whom_the_desk_knew(desk: Desk) -> None:
    """A desk says with which version of the codebook it was opened."""
    desk.save("ana", message("add", mine(3, 300, 360)))
    renamed(desk.store)
    applied(desk.store, Wanted(CodeKind.SUBJECT, Change.NEW, (), ("Blue Party",)), "supervisor", "another party")
    older, newer = mine(1), mine(2, 100, 160, tone="balanced", codebook_version=4)
    assert outcomes(desk.save("ana", message("add", older), message("add", newer))) == ["stored"] * 2
    assert (stands(desk.store, 1).subject, stands(desk.store, 2).subject) == ("Azure Union", "Blue Party")
    change(desk.store, CodeKind.SUBJECT, Change.SPLIT, "Blue Party", "Left Blues|Right Blues")
    (told,) = desk.save("ana", message("add", mine(4, 400, 460, tone="balanced", codebook_version=4)))
    assert "Left Blues, Right Blues" in " ".join(told["problems"]), "not the one that had the name before"
    first = desk.store.history(mine(3).segment_id)[0].segment
    assert outcomes(desk.save("ana", message("restore", first.model_copy(update={"revision": 3})))) == ["stored"]
    assert (stands(desk.store, 3).subject, stands(desk.store, 3).codebook_version) == ("Azure Union", 5)


def test_what_was_stored_between_two_changes_is_known_again_after_the_second(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1)))
    change(desk.store, CodeKind.SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    queue = [message("add", mine(2, 100, 160)), message("revise", mine(1, note="more"))]
    assert outcomes(desk.save("ana", *queue)) == ["stored"] * 2
    change(desk.store, CodeKind.SUBJECT, Change.RENAME, "Azure Union", "Sky Union")
    lengths = [len(desk.store.history(mine(number).segment_id)) for number in (1, 2)]
    later = message("revise", mine(1, note="and more", revision=2))
    assert outcomes(desk.save("ana", *queue, later)) == ["stored"] * 3
    assert [len(desk.store.history(mine(number).segment_id)) for number in (1, 2)] == [lengths[0] + 1, lengths[1]]
    assert (stands(desk.store, 1).subject, stands(desk.store, 1).note) == ("Sky Union", "and more")


def test_a_name_that_was_split_up_is_refused_with_what_it_became(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1, topic="economy")))
    change(desk.store, CodeKind.TOPIC, Change.SPLIT, "economy", "prices|jobs")
    (told,) = desk.save("ana", message("add", mine(2, 100, 160, topic="economy")))
    assert told["outcome"] == "refused"
    assert "prices, jobs" in " ".join(told["problems"])
    assert outcomes(desk.save("ana", message("revise", mine(1, topic="economy", note="more")))) == ["stored"]
    assert outcomes(desk.save("ana", message("revise", mine(1, topic="jobs", revision=2)))) == ["stored"]


def test_retired_names_are_offered_only_where_own_segments_carry_them(desk: Desk) -> None:
    ana = Person("ana", PersonRole.CODER)
    desk.save("ana", message("add", mine(1, topic="economy", subject="Government")))
    change(desk.store, CodeKind.TOPIC, Change.SPLIT, "economy", "prices|jobs")
    change(desk.store, CodeKind.SUBJECT, Change.SPLIT, "Government", "Cabinet|Ministries")
    change(desk.store, CodeKind.FORMAT, Change.SPLIT, "news", "headlines|reports")

    def offered(airing: str) -> tuple[set[str], set[str], str]:
        told = payload(desk.store, ana, airing, "ana", "en")
        subjects = {each["name"] for each in told["mission"]["subjects"]}
        return set(told["mission"]["topics"]), subjects & {"Government", "Cabinet"}, told["airing"]["first_format"]

    assert offered("a-0312") == ({"economy", "prices", "jobs", "education"}, {"Government", "Cabinet"}, "news")
    assert offered("g-0312") == ({"prices", "jobs", "education"}, {"Cabinet"}, "headlines")
