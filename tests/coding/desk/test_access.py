"""What the desk's addresses give, and to whom: asked on the routes themselves, not on the pages."""

import json

import pytest

from coding.people.gate import COOKIE
from coding.store.assignments import change
from coding.vocabulary import Progress
from tests.coding.desk.conftest import CONTENT, RECORDING, Desk, message
from tests.missions import segment

RECORDING_PATH = f"/recordings/{RECORDING.recording_id}"


@pytest.fixture
def coded(desk: Desk) -> Desk:
    """Both coders have coded the airing, not alike."""
    desk.save(
        "ana", message("add", segment(1, start=0, end=60, coder="ana", tone="negative", text="only ana heard this"))
    )
    desk.save("berik", message("add", segment(2, start=0, end=50, coder="berik", tone="positive")))
    return desk


def test_an_airing_comes_with_all_that_the_desk_needs(coded: Desk) -> None:
    told = coded.get("ana", "/desk/airing", airing="a-0312", lang="ru").json()
    assert [each["segment"]["coder"] for each in told["segments"]] == ["ana"]
    assert told["airing"]["monitored"] == 3_600_000
    assert [each["name"] for each in told["mission"]["subjects"]][:3] == ["Blue Party", "Red Party", "Green Party"]
    assert "синяя партия" in told["mission"]["subjects"][0]["spellings"]
    assert told["recordings"][0]["id"] == RECORDING.recording_id
    assert told["words"]["all_saved"] != ""
    assert (told["person"], told["coder"], told["assignment"]["progress"]) == ("ana", "ana", "assigned")


def test_a_second_coder_learns_nothing_of_the_first(coded: Desk) -> None:
    told = coded.get("berik", "/desk/airing", airing="a-0312")
    everything = json.dumps(told.json(), ensure_ascii=False)
    assert "only ana heard this" not in everything
    assert "ana" not in {each["segment"]["coder"] for each in told.json()["segments"]}
    first = segment(1, start=0, end=60).segment_id
    assert first not in everything
    assert coded.get("berik", "/desk/airing", airing="a-0312", coder="ana").status_code == 403
    assert coded.get("berik", "/desk/history", segment=first).status_code == 403


def test_a_second_coder_is_not_told_of_overlaps_with_the_first(coded: Desk) -> None:
    """The same subject with another tone over the same seconds is refused only within one coder's own coding."""
    assert [each.coder for each in coded.store.segments()] == ["ana", "berik"]


def test_a_supervisor_opens_anybodys_coding(coded: Desk) -> None:
    told = coded.get("supervisor", "/desk/airing", airing="a-0312", coder="ana").json()
    assert [each["segment"]["coder"] for each in told["segments"]] == ["ana"]
    assert coded.get("supervisor", "/desk/history", segment=segment(2, amount=1).segment_id).status_code == 200


@pytest.mark.parametrize("who", ["analyst", "viewer"])
def test_other_roles_reach_neither_airings_nor_recordings(coded: Desk, who: str) -> None:
    for path, query in (
        ("/desk/airing", {"airing": "a-0312"}),
        ("/desk/history", {"segment": segment(1, amount=1).segment_id}),
        (RECORDING_PATH, {}),
    ):
        assert coded.get(who, path, **query).status_code == 403


def test_what_is_not_assigned_is_not_opened(coded: Desk) -> None:
    assert coded.get("berik", "/desk/airing", airing="g-0312").status_code == 403
    assert coded.get("ana", "/desk/airing", airing="b-0312").status_code == 403
    assert coded.get("supervisor", "/desk/airing", airing="nowhere").status_code == 404


def test_a_recording_goes_only_to_those_who_have_its_airing(coded: Desk) -> None:
    assert coded.get("ana", RECORDING_PATH).content == CONTENT
    part = coded.browser("ana").get(
        RECORDING_PATH, params={"mission": coded.mission}, headers={"range": "bytes=100-199"}
    )
    assert (part.status_code, part.content) == (206, CONTENT[100:200])
    change(coded.store, "a-0312", "berik", Progress.WITHDRAWN, "supervisor")
    assert coded.get("berik", RECORDING_PATH).status_code == 403
    assert coded.get("supervisor", RECORDING_PATH).status_code == 200
    assert coded.browser().get(RECORDING_PATH, params={"mission": coded.mission}).status_code == 401


@pytest.mark.parametrize(
    "named", ["22222222-2222-4222-8222-222222222222", "..%2f..%2fpeople.sqlite", "../people.sqlite", "people.sqlite"]
)
def test_a_recording_is_named_by_its_id_and_never_by_a_path(coded: Desk, named: str) -> None:
    reply = coded.get("supervisor", f"/recordings/{named}")
    assert reply.status_code == 404
    assert b"SQLite" not in reply.content


def test_the_browsers_part_is_served_by_name_only(coded: Desk) -> None:
    assert coded.get("ana", "/desk/web/desk.js").headers["content-type"].startswith("text/javascript")
    for named in ("nothing.js", "..%2froutes.py", "%2e%2e/routes.py", "desk.py"):
        assert coded.get("ana", f"/desk/web/{named}").status_code == 404


def test_a_mission_that_is_not_open_here_is_not_reached(coded: Desk, tmp_path: object) -> None:
    for named in ("", "x", coded.store.url, str(tmp_path)):
        assert (
            coded.browser("ana").get("/desk/airing", params={"mission": named, "airing": "a-0312"}).status_code == 404
        )


def test_a_revoked_token_opens_nothing(coded: Desk) -> None:
    coded.people.revoke_all("ana", "admin")
    for path in ("/desk/airing", "/desk/history", "/desk/who", RECORDING_PATH, "/desk/web/desk.js"):
        assert coded.get("ana", path, airing="a-0312").status_code == 401
    assert coded.browser().get("/desk/who", headers={"cookie": f"{COOKIE}=made-up"}).status_code == 401


def test_a_demo_reaches_no_store_of_anybodys(desk: Desk) -> None:
    """Where a mission of one's own is, there is no demo: asked from this machine, without a cookie."""
    from starlette.testclient import TestClient

    here = TestClient(desk.app, "http://localhost:8501", client=("127.0.0.1", 50000))
    assert here.get("/desk/airing", params={"mission": desk.mission, "airing": "a-0312"}).status_code == 401
