"""Saving at the desk's own address: once, in order, by the right person, and the truth told each time."""

import pytest
from sqlalchemy.exc import OperationalError

from coding.desk import routes
from coding.desk.operations import AT_ONCE
from coding.store import Store
from coding.store.assignments import assign, assignments, change
from coding.vocabulary import Progress, Purpose
from tests.coding.desk.conftest import Desk, message
from tests.missions import segment


def mine(number: int, start: float = 0, end: float = 60, **more: object) -> object:
    return segment(number, start=start, end=end, coder="ana", **more)


def outcomes(answers: list[dict[str, object]]) -> list[object]:
    return [answer["outcome"] for answer in answers]


def test_a_segment_is_stored_and_told_with_who_and_when(desk: Desk) -> None:
    answer = desk.save("ana", message("add", mine(1)))[0]
    assert (answer["outcome"], answer["recorded_by"], answer["segment"]["revision"]) == ("stored", "ana", 1)
    assert desk.store.segments() == [mine(1)]


def test_the_same_queue_sent_again_stores_nothing_more(desk: Desk) -> None:
    later = mine(1, tone="negative")
    retraction = {"kind": "retract", "segment_id": mine(2).segment_id, "revision": 1, "reason": "slip"}
    queue = [message("add", mine(1)), message("revise", later), message("add", mine(2, 100, 160)), retraction]
    assert outcomes(desk.save("ana", *queue)) == ["stored"] * 4
    assert outcomes(desk.save("ana", *queue)) == ["stored"] * 4
    assert [len(desk.store.history(mine(n).segment_id)) for n in (1, 2)] == [2, 2]


def test_a_segment_is_edited_undone_and_brought_back(desk: Desk) -> None:
    identity = mine(1).segment_id
    desk.save("ana", message("add", mine(1)))
    desk.save("ana", {"kind": "retract", "segment_id": identity, "revision": 1, "reason": "undone at the desk"})
    assert desk.store.segments() == []
    back = desk.save("ana", message("restore", mine(1, revision=2), reason="done again"))[0]
    assert (back["outcome"], back["segment"]["revision"]) == ("stored", 3)
    told = desk.get("ana", "/desk/history", segment=identity).json()["revisions"]
    assert [(each["segment"]["revision"], each["retracted"], each["reason"]) for each in told] == [
        (1, False, ""),
        (2, True, "undone at the desk"),
        (3, False, "done again"),
    ]


def test_a_conflict_shows_what_the_store_holds_and_overwrites_nothing(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1)))
    desk.save("supervisor", message("revise", mine(1, tone="negative"), reason="heard again"))
    answer = desk.save("ana", message("revise", mine(1, tone="positive")))[0]
    assert answer["outcome"] == "conflict"
    assert (answer["current"]["segment"]["tone"], answer["current"]["recorded_by"]) == ("negative", "supervisor")
    assert [each.tone for each in desk.store.segments()] == ["negative"]


def test_what_was_made_on_top_of_a_conflict_is_held_back(desk: Desk) -> None:
    """Its revision number happens to be that of somebody else's revision, which it must not overwrite."""
    desk.save("ana", message("add", mine(1)))
    desk.save("supervisor", message("revise", mine(1, tone="negative")))
    queue = [message("revise", mine(1, tone="positive")), message("revise", mine(1, note="mine", revision=2))]
    assert outcomes(desk.save("ana", *queue, message("add", mine(2, 100, 160)))) == ["conflict", "held", "stored"]
    assert desk.store.history(mine(1).segment_id)[-1].recorded_by == "supervisor"


def test_a_refused_segment_is_told_in_the_coders_language_and_stops_no_other(desk: Desk) -> None:
    queue = [message("add", mine(1, tone="great")), message("add", mine(2)), {"kind": "add"}, {"kind": "fly"}, 7]
    answers = desk.save("ana", *queue, lang="ru")
    assert outcomes(answers) == ["refused", "stored", "refused", "refused", "refused"]
    assert "great" in answers[0]["problems"][0]


OTHER_CODES = {"tone": "negative", "role": "supporter", "topic": "economy"}


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "en",
            "Blue Party: two segments overlap, 0:00:00 to 0:01:00 and 0:00:30 to 0:01:30, with different codes (Role: "
            "contestant / supporter; Tone: neutral / negative; Topic: – / economy). Shorten or retract one of them, or "
            "give both the same codes.",
        ),
        (
            "ru",
            "Blue Party: два фрагмента пересекаются, 0:00:00–0:01:00 и 0:00:30–0:01:30, а коды у них разные (Роль: "
            "участник / сторонник; Тональность: neutral / negative; Тема: – / economy). Сократите или отзовите один из "
            "них либо дайте обоим одинаковые коды.",
        ),
        (
            "kk",
            "Blue Party: екі үзінді қабаттасады, 0:00:00–0:01:00 және 0:00:30–0:01:30, ал кодтары әртүрлі (Рөлі: "
            "қатысушы / жақтаушы; Реңкі: neutral / negative; Тақырыбы: – / economy). Біреуін қысқартыңыз не кері алыңыз "
            "немесе екеуіне бірдей код беріңіз.",
        ),
    ],
)
def test_two_codes_for_the_same_seconds_are_told_in_words_of_the_list(desk: Desk, language: str, wanted: str) -> None:
    """By subject, times and codes: the coder's list shows those, and no identifier."""
    desk.save("ana", message("add", mine(1)))
    (answer,) = desk.save("ana", message("add", mine(2, 30, 90, **OTHER_CODES)), lang=language)
    assert (answer["outcome"], answer["problems"]) == ("refused", [wanted])


def test_a_revision_onto_other_codes_names_no_identifier(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1)), message("add", mine(2, 100, 160, tone="negative")))
    (answer,) = desk.save("ana", message("revise", mine(2, 30.25, 160, tone="negative")))
    assert "0:00:00 to 0:01:00 and 0:00:30.250 to 0:02:40" in answer["problems"][0]
    assert mine(1).segment_id not in answer["problems"][0]
    assert mine(2).segment_id not in answer["problems"][0]


def test_a_new_segment_begins_at_the_first_revision(desk: Desk) -> None:
    assert outcomes(desk.save("ana", message("add", mine(1, revision=4)))) == ["refused"]
    assert desk.store.history(mine(1).segment_id) == []


def test_more_than_a_request_may_carry_is_refused_whole(desk: Desk) -> None:
    reply = desk.browser("ana").post(
        "/desk/save", params={"mission": desk.mission}, json=[message("add", mine(1))] * (AT_ONCE + 1)
    )
    assert reply.status_code == 400
    for body in (b"", b"{}", b"[", b"null"):
        assert desk.browser("ana").post("/desk/save", params={"mission": desk.mission}, content=body).status_code == 400
    huge = b"[" + b" " * routes.MOST_BYTES + b"]"
    assert desk.browser("ana").post("/desk/save", params={"mission": desk.mission}, content=huge).status_code == 413
    assert desk.store.segments() == []


@pytest.mark.parametrize(("error", "status"), [("database or disk is full", 507), ("database is locked", 503)])
def test_a_store_that_cannot_write_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: str, status: int
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception(error))

    monkeypatch.setattr(Store, "record", fail)
    reply = desk.browser("ana").post("/desk/save", params={"mission": desk.mission}, json=[message("add", mine(1))])
    assert reply.status_code == status
    assert reply.json()["problems"]


# who may write


def test_nobody_writes_under_another_name_or_into_another_airing(desk: Desk) -> None:
    assert outcomes(desk.save("berik", message("add", mine(1)))) == ["forbidden"]
    not_given = segment(2, "a-0313", start=0, end=60, coder="ana")
    assert outcomes(desk.save("ana", message("add", not_given))) == ["forbidden"]
    desk.save("ana", message("add", mine(1)))
    identity = mine(1).segment_id
    stolen = segment(1, start=0, end=60, coder="berik")
    moved = segment(1, "g-0312", amount=100, coder="ana")
    assert outcomes(desk.save("berik", message("revise", mine(1, tone="negative")))) == ["forbidden"]
    assert outcomes(desk.save("berik", message("revise", stolen))) == ["forbidden"]
    assert outcomes(desk.save("ana", message("revise", moved))) == ["forbidden"]
    retraction = {"kind": "retract", "segment_id": identity, "revision": 1, "reason": "x"}
    assert outcomes(desk.save("berik", retraction)) == ["forbidden"]
    assert outcomes(desk.save("berik", {"kind": "done", "airing_id": "a-0312", "coder": "ana"})) == ["forbidden"]
    assert [each.revision for each in desk.store.segments()] == [1]


def test_a_supervisor_corrects_and_the_coder_stays_the_coder(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1)))
    answer = desk.save("supervisor", message("revise", mine(1, tone="negative"), reason="heard again"))[0]
    assert (answer["segment"]["coder"], answer["recorded_by"]) == ("ana", "supervisor")


def test_a_finished_airing_is_closed_until_it_is_taken_up_again(desk: Desk) -> None:
    mark = {"kind": "done", "airing_id": "a-0312", "coder": "ana"}
    assert outcomes(desk.save("ana", message("add", mine(1)), mark, mark)) == ["stored"] * 3
    assert outcomes(desk.save("ana", message("add", mine(2, 100, 160)))) == ["forbidden"]
    assert outcomes(desk.save("ana", mark | {"kind": "reopen"}, message("add", mine(2, 100, 160)))) == ["stored"] * 2
    change(desk.store, "a-0312", "ana", Progress.WITHDRAWN, "supervisor")
    assert outcomes(desk.save("ana", message("add", mine(3, 200, 260)))) == ["forbidden"]
    assert [each.coder for each in assignments(desk.store) if each.airing_id == "a-0312"] == ["berik"]


def test_a_queue_of_one_person_is_not_taken_from_another(desk: Desk) -> None:
    """The browser says whose queue it sends: somebody else may have signed in there meanwhile."""
    reply = desk.browser("supervisor").post(
        "/desk/save", params={"mission": desk.mission, "person": "ana"}, json=[message("add", mine(1))]
    )
    assert reply.status_code == 409
    assert desk.store.segments() == []


@pytest.mark.parametrize("who", ["analyst", "viewer"])
def test_those_who_do_not_code_save_nothing(desk: Desk, who: str) -> None:
    reply = desk.browser(who).post("/desk/save", params={"mission": desk.mission}, json=[message("add", mine(1))])
    assert reply.status_code == 403


def test_a_revoked_token_saves_nothing(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1)))
    desk.people.revoke_all("ana", "admin")
    reply = desk.browser("ana").post(
        "/desk/save", params={"mission": desk.mission}, json=[message("add", mine(2, 100, 160))]
    )
    assert reply.status_code == 401
    assert len(desk.store.segments()) == 1


def test_another_site_cannot_save_in_the_coders_name(desk: Desk) -> None:
    reply = desk.browser("ana").post(
        "/desk/save",
        params={"mission": desk.mission},
        json=[message("add", mine(1))],
        headers={"origin": "http://evil.test"},
    )
    assert reply.status_code == 403
    assert desk.store.segments() == []


def live(
    desk: Desk, start: int, end: int, who: str = "ana", airing: str = "b-0313", **more: object
) -> dict[str, object]:
    return desk.save(who, {"kind": "times", "airing_id": airing, "start": start, "end": end, **more})[0]


@pytest.fixture
def on_air(desk: Desk) -> tuple[Desk, int]:
    """An airing without a recording that two coders code live, and when it was planned."""
    assign(desk.store, ["b-0313"], "ana", Purpose.CODING, "supervisor")
    assign(desk.store, ["b-0313"], "berik", Purpose.DOUBLE, "supervisor")
    airing = desk.store.airing("b-0313")
    assert airing is not None
    assert airing.planned_start is not None
    return desk, airing.planned_start


def piece(number: int, start: float, end: float, coder: str) -> dict[str, object]:
    return message("add", segment(number, "b-0313", start=start, end=end, coder=coder))


def test_live_air_begins_grows_and_ends(on_air: tuple[Desk, int]) -> None:
    desk, planned = on_air
    assert outcomes(desk.save("ana", piece(1, 0, 60, "ana"))) == ["refused"], "not on air yet"
    told = live(desk, planned + 5_000, planned + 100_000)
    assert told["airing"] == {"start": planned + 5_000, "end": planned + 100_000}
    assert outcomes(desk.save("ana", piece(1, 0, 60, "ana"))) == ["stored"]
    airing = desk.store.airing("b-0313")
    assert airing is not None
    assert airing.monitored == 95_000


def test_the_first_beginning_stands_and_nobody_moves_the_others_segments(on_air: tuple[Desk, int]) -> None:
    desk, planned = on_air
    live(desk, planned, planned + 100_000)
    desk.save("ana", piece(1, 0, 60, "ana"))
    later = live(desk, planned + 3_000, planned + 200_000, "berik")
    assert (later["outcome"], later["airing"]) == ("stored", {"start": planned, "end": planned + 200_000})


def test_an_end_before_what_another_has_coded_tells_nothing_and_cuts_nothing(on_air: tuple[Desk, int]) -> None:
    desk, planned = on_air
    live(desk, planned, planned + 100_000)
    desk.save("ana", piece(1, 0, 61.5, "ana"))
    told = live(desk, planned, planned + 1_000, "berik")
    assert told["outcome"] == "stored"
    assert "coded" not in str(told)
    airing = desk.store.airing("b-0313")
    assert airing is not None
    assert airing.monitored == 61_500


def test_times_are_only_for_live_air_about_when_it_was_planned(on_air: tuple[Desk, int]) -> None:
    desk, planned = on_air
    assert live(desk, planned - 13 * 3_600_000, planned)["outcome"] == "refused"
    assert live(desk, planned + 13 * 3_600_000, planned)["outcome"] == "refused"
    assert live(desk, 2**60, 2**60 + 1)["outcome"] == "refused"
    assert live(desk, planned, planned + 1, airing="a-0312")["outcome"] == "refused", "it has a recording"
    assert live(desk, planned, planned + 1, airing="g-0312")["outcome"] == "refused", "a paper is not on air"
    assert live(desk, planned, planned + 1, "berik", "g-0312")["outcome"] == "forbidden"
    assert live(desk, planned, planned + 10**15)["airing"] == {"start": planned, "end": planned + 24 * 3_600_000}


def test_an_airing_is_not_done_as_long_as_a_segment_is_not_stored(desk: Desk) -> None:
    mark = {"kind": "done", "airing_id": "a-0312", "coder": "ana", "read": "assigned"}
    assert outcomes(desk.save("ana", message("add", mine(1, tone="great")), mark)) == ["refused", "held"]
    assert [each.progress for each in assignments(desk.store, "ana") if each.airing_id == "a-0312"] == ["assigned"]


def test_a_mark_that_comes_late_does_not_undo_what_the_supervisor_said(desk: Desk) -> None:
    mark = {"kind": "done", "airing_id": "a-0312", "coder": "ana", "read": "assigned"}
    desk.save("ana", mark)
    change(desk.store, "a-0312", "ana", Progress.RETURNED, "supervisor", "look again")
    assert desk.save("ana", mark)[0]["progress"] == "returned"
    assert desk.save("ana", mark | {"read": "returned"})[0]["progress"] == "done"


@pytest.mark.parametrize("wrong", [{"amount": 2**63}, {"start_ms": 2**63, "end_ms": 2**64}, {"page": 2**40}])
def test_numbers_that_no_database_holds_are_refused_in_words(desk: Desk, wrong: dict[str, int]) -> None:
    sent = message("add", segment(1, "g-0312", amount=100, coder="ana"))
    sent["segment"] |= wrong
    answer = desk.save("ana", sent)[0]
    assert (answer["outcome"], bool(answer["problems"])) == ("refused", True)


def test_another_coders_id_gives_nothing_away(desk: Desk) -> None:
    desk.save("ana", message("add", mine(1, text="only ana heard this")))
    answer = desk.save("berik", message("add", segment(1, start=0, end=60, coder="berik")))[0]
    assert answer["outcome"] == "refused"
    assert "ana" not in str(answer)
