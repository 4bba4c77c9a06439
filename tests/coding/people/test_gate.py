"""The gate, asked as browsers, commands and attackers ask: pages, routes and the websocket."""

import sqlite3

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coding.people.accounts import session_id_of
from coding.people.gate import SIGNED_OUT
from coding.vocabulary import PersonRole
from tests.coding.people.conftest import Site

HTML = {"accept": "text/html,application/xhtml+xml"}
STREAM = "/_stcore/stream"


def refused_socket(client: TestClient, **headers: str) -> int:
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect(STREAM, headers=headers):
        pass
    return closed.value.code


# signed out


def test_nobody_is_sent_to_sign_in_and_told_so_where_no_page_was_asked_for(site: Site) -> None:
    site.own_mission()
    client = site.browser()
    assert client.get("/", headers=HTML).headers["location"] == "/signin"
    page = client.get("/share?lang=ru&x=1", headers=HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/signin?next=%2Fshare%3Flang%3Dru%26x%3D1")
    for method, path in (("GET", "/_stcore/host-config"), ("GET", "/static/index.js"), ("POST", "/desk/save")):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    assert refused_socket(client) == SIGNED_OUT


@pytest.mark.parametrize("path", ["/signin", "/_stcore/health", "/favicon.png"])
def test_some_paths_are_open_to_everyone(site: Site, path: str) -> None:
    site.own_mission()
    if path != "/signin":
        site.app.router.routes.insert(0, _open(path))
    assert site.browser(address="10.0.0.7").get(path, headers=HTML).status_code == 200


def _open(path: str):  # type: ignore[no-untyped-def]
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    return Route(path, lambda _request: PlainTextResponse("ok"))


@pytest.mark.parametrize("path", ["/favicon.png/../share", "/signin/x", "//signin", "/_stcore/health/x", "/SIGNIN"])
def test_nothing_beside_an_open_path_is_open(site: Site, path: str) -> None:
    site.own_mission()
    assert site.browser().get(path).status_code == 401


# signed in


def test_who_is_signed_in_is_in_the_scope_and_in_the_one_header(site: Site) -> None:
    client, token = site.signed_in(PersonRole.ANALYST)
    told = client.get("/share", headers=HTML).json()
    assert told == {"name": "test analyst", "demo": False, "session": [session_id_of(token)]}


@pytest.mark.parametrize("name", ["x-evenhand-session", "X-Evenhand-Session", "X_Evenhand_Session"])
def test_a_header_from_outside_is_taken_off(site: Site, name: str) -> None:
    _, other = site.signed_in(PersonRole.ADMIN)
    client, token = site.signed_in(PersonRole.CODER)
    told = client.get("/", headers={name: session_id_of(other)}).json()
    assert (told["name"], told["session"]) == ("test coder", [session_id_of(token)])
    site.own_mission()
    assert site.browser().get("/", headers={name: session_id_of(other)}).status_code == 401
    assert site.browser().get("/", headers={name: "demo"}).status_code == 401


def test_a_token_that_is_revoked_expired_or_made_up_opens_nothing(site: Site) -> None:
    site.own_mission()
    client, token = site.signed_in(PersonRole.ADMIN)
    assert client.get("/").status_code == 200
    with sqlite3.connect(site.folder / "people.sqlite") as database:
        database.execute("UPDATE session SET expires_at = '2020-01-01T00:00:00.000Z'")
    assert client.get("/").status_code == 401
    again = site.people.open_session("test admin", "")
    site.people.revoke(session_id_of(again), "test")
    for wrong in (again, "made up", session_id_of(token), "' OR 1=1 --"):
        assert site.browser(wrong).get("/").status_code == 401
        assert refused_socket(site.browser(wrong)) == SIGNED_OUT


def test_the_server_metrics_are_for_those_who_make_accounts(site: Site) -> None:
    for role in (PersonRole.SUPERVISOR, PersonRole.VIEWER):
        assert site.signed_in(role)[0].get("/_stcore/metrics").status_code == 403
    assert site.signed_in(PersonRole.ADMIN)[0].get("/_stcore/metrics").status_code == 200
    assert site.browser().get("/_stcore/metrics").status_code == 401 or not site.people.untouched()


def test_a_one_time_password_leads_to_a_new_password_only(site: Site) -> None:
    token = site.people.sign_in("Aigul", site.people.add("Aigul", PersonRole.ADMIN, "test"), "")
    client = site.browser(token)
    assert client.get("/share", headers=HTML).headers["location"] == "/password"
    assert client.get("/desk/airing").json() == {"error": "choose_a_password"}
    assert client.post("/desk/save").status_code == 403
    assert refused_socket(client) == SIGNED_OUT
    assert client.get("/password", headers=HTML).status_code == 200
    assert client.get("/signout", headers=HTML).status_code == 200


# the websocket


def test_an_open_page_gets_nothing_after_the_session_ends(site: Site) -> None:
    site.own_mission()
    client, token = site.signed_in(PersonRole.CODER)
    with client.websocket_connect(STREAM) as socket:
        socket.send_bytes(b"part 1")
        assert socket.receive_bytes() == b"part 1"
        site.people.revoke(session_id_of(token), "test")
        socket.send_bytes(b"other")  # dropped: it is no run of a page
        socket.send_bytes(b"part 2")
        assert socket.receive_bytes() == b"whole"
        socket.send_bytes(b"part 3")
        assert socket.receive_bytes() == b"whole"


def test_a_changed_role_runs_the_whole_page_once(site: Site) -> None:
    client, _ = site.signed_in(PersonRole.SUPERVISOR)
    with client.websocket_connect(STREAM) as socket:
        site.people.set_role("test supervisor", PersonRole.CODER, "test")
        socket.send_bytes(b"part 1")
        assert socket.receive_bytes() == b"whole"
        socket.send_bytes(b"part 2")
        assert socket.receive_bytes() == b"part 2"


def test_a_socket_from_another_sites_page_is_refused(site: Site) -> None:
    client, _ = site.signed_in(PersonRole.ADMIN)
    assert refused_socket(client, origin="https://elsewhere.org") == SIGNED_OUT
    assert refused_socket(client, host="elsewhere.org") == SIGNED_OUT
    with client.websocket_connect(STREAM, headers={"origin": "http://localhost:8501"}) as socket:
        socket.send_bytes(b"part")
        assert socket.receive_bytes() == b"part"


# foreign hosts and pages


@pytest.mark.parametrize(
    "host", ["elsewhere.org", "localhost.elsewhere.org", "evenhand.test", "localhost@x", "a:b", ""]
)
def test_another_host_is_refused_in_plain_words(site: Site, host: str) -> None:
    client, _ = site.signed_in(PersonRole.ADMIN)
    for path in ("/", "/signin", "/_stcore/health"):
        answer = client.get(path, headers=HTML | {"host": host})
        assert answer.status_code == 403
        assert "server.allowedHosts" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1:8501", "team.evenhand.test", "localhost."])
def test_our_own_hosts_are_answered(site: Site, host: str) -> None:
    client, _ = site.signed_in(PersonRole.ADMIN)
    assert client.get("/", headers=HTML | {"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.org", "null", "http://localhost:9999", "http://localhost", "::"])
def test_a_change_sent_by_another_sites_page_is_refused(site: Site, origin: str) -> None:
    client, token = site.signed_in(PersonRole.ADMIN)
    for path in ("/desk/save", "/signin", "/signout", "/password"):
        assert client.post(path, headers={"origin": origin}).status_code == 403
    assert client.put("/_stcore/upload_file/a/b", headers={"origin": origin}).status_code == 403
    assert client.get("/share", headers={"origin": origin}).status_code == 200
    assert site.people.by_token(token)


def test_a_change_sent_by_our_own_page_or_by_a_command_passes(site: Site) -> None:
    client, _ = site.signed_in(PersonRole.ADMIN)
    assert client.post("/desk/save", headers={"origin": "http://localhost:8501"}).status_code == 200
    assert client.post("/desk/save").status_code == 200
    assert client.post("/desk/save", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    behind = {"host": "team.evenhand.test", "origin": "https://team.evenhand.test"}  # a proxy took TLS off
    assert client.post("/desk/save", headers=behind).status_code == 200


# the demo


def test_the_sample_opens_without_an_account_on_this_machine(site: Site) -> None:
    for address, host in (("127.0.0.1", "localhost:8501"), ("::1", "127.0.0.1"), ("::ffff:127.0.0.1", "localhost")):
        told = site.browser(address=address, host=host).get("/", headers=HTML).json()
        assert told == {"name": "demo", "demo": True, "session": ["demo"]}


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.2", "::ffff:10.0.0.7", "172.17.0.1", "testclient", ""])
def test_not_from_another_machine(site: Site, address: str) -> None:
    assert site.browser(address=address).get("/").status_code == 401
    assert refused_socket(site.browser(address=address)) == SIGNED_OUT


@pytest.mark.parametrize(
    "header",
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server", "x-real-ip", "via",
     "cf-connecting-ip", "x-client-ip", "true-client-ip", "X-Forwarded-For"],
)  # fmt: skip
def test_not_through_a_proxy(site: Site, header: str) -> None:
    assert site.browser().get("/", headers={header: "127.0.0.1"}).status_code == 401
    assert refused_socket(site.browser(), **{header: "127.0.0.1"}) == SIGNED_OUT


def test_not_under_another_name(site: Site) -> None:
    assert site.browser(host="team.evenhand.test").get("/").status_code == 401


def test_not_for_another_sites_page(site: Site) -> None:
    assert site.browser().get("/", headers={"origin": "https://elsewhere.org"}).status_code == 401
    assert refused_socket(site.browser(), origin="https://elsewhere.org") == SIGNED_OUT


@pytest.mark.parametrize("how", ["store", "environment"])
def test_not_beside_a_mission_of_ones_own(site: Site, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.browser()
    with client.websocket_connect(STREAM) as socket:
        if how == "store":
            site.own_mission()
        else:
            monkeypatch.setenv("EVENHAND_MISSION", "postgresql://server/mission")
        socket.send_bytes(b"part")
        assert socket.receive_bytes() == b"whole"
    assert client.get("/").status_code == 401


def test_not_instead_of_an_account(site: Site) -> None:
    client, _ = site.signed_in(PersonRole.CODER)
    assert client.get("/").json()["name"] == "test coder"


def test_a_stale_cookie_does_not_keep_anybody_from_the_sample(site: Site) -> None:
    assert site.browser("stale").get("/").json()["demo"]


def test_a_demo_makes_no_accounts(site: Site) -> None:
    assert site.browser().get("/_stcore/metrics").status_code == 403
    assert site.browser().get("/password", headers=HTML).headers["location"] == "/signin"
