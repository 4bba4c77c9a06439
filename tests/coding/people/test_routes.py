"""The screens in front of the app: signing in and out, a password of one's own, and nothing that could run."""

import re
import sqlite3

import pytest
from starlette.testclient import TestClient

from coding.languages import languages
from coding.people.gate import COOKIE
from coding.people.routes import local_path
from coding.store.places import sqlite_url
from coding.vocabulary import PersonRole
from tests.accounts import PASSWORD, people_of
from tests.coding.people.conftest import DEFAULTS, Site

OURS = {"origin": "http://localhost:8501"}


def sign_in(client: TestClient, name: str, password: str, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/signin", data={"name": name, "password": password, **more}, headers=OURS)


def test_signing_in_with_a_one_time_password_choosing_one_and_signing_out(site: Site) -> None:
    one_time = site.people.first_start() or ""
    client = site.browser()
    answer = sign_in(client, "admin", one_time, next="/share?lang=ru")
    assert (answer.status_code, answer.headers["location"]) == (303, "/share?lang=ru")
    assert client.get("/share", headers={"accept": "text/html"}).headers["location"] == "/password"
    fields = {"old": one_time, "new": PASSWORD, "again": PASSWORD}
    assert "differ" in client.post("/password", data=fields | {"again": "x"}, headers=OURS).text
    assert "at least 10 characters" in client.post("/password", data=fields | {"new": "x", "again": "x"}).text
    assert "not right" in client.post("/password", data=fields | {"old": "x"}).text
    assert client.post("/password", data=fields).headers["location"] == "/"
    assert client.get("/share").json()["name"] == "admin"
    token = client.cookies[COOKIE]
    assert client.post("/signout", headers=OURS).headers["location"] == "/signin?out=1"
    assert COOKIE not in client.cookies
    assert site.people.by_token(token) is None
    assert "You are signed out." in client.get("/signin?out=1").text


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site, scheme: str, secure: bool) -> None:
    one_time = site.people.first_start() or ""
    answer = site.browser(scheme=scheme).post("/signin", data={"name": "admin", "password": one_time})
    written = answer.headers["set-cookie"].lower()
    assert all(part in written for part in ("httponly", "samesite=lax", "path=/", "max-age=1209600"))
    assert ("secure" in written) == secure


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(site: Site) -> None:
    site.people.first_start()
    answer = sign_in(site.browser(), "admin", "wrong")
    assert answer.status_code == 403
    assert "do not fit together" in answer.text
    assert 'value="admin"' in answer.text
    assert "wrong" not in answer.text.replace("wrong password", "")
    for _ in range(4):
        sign_in(site.browser(), "admin", "wrong")
    assert "Wait 15 min" in sign_in(site.browser(), "admin", "wrong").text


def test_an_account_that_is_off_is_told_so(site: Site) -> None:
    password = site.people.add("Aigul", PersonRole.CODER, "test")
    site.people.deactivate("Aigul", "test")
    assert "switched off" in sign_in(site.browser(), "Aigul", password).text


def test_signing_in_as_another_ends_the_session_before(site: Site) -> None:
    client, token = site.signed_in(PersonRole.CODER)
    password = site.people.add("Boss", PersonRole.ADMIN, "test")
    assert sign_in(client, "Boss", password).status_code == 303
    assert site.people.by_token(token) is None


@pytest.mark.parametrize(
    "wanted",
    ["//elsewhere.org", "https://elsewhere.org", "/\\elsewhere.org", "\\\\elsewhere.org", "/\t/elsewhere.org",
     "/\n/elsewhere.org", "javascript:alert(1)", "", "elsewhere", " /x", "/signin?next=/", "/signout", "/x\r\nSet-Cookie: a=b"],
)  # fmt: skip
def test_the_way_on_stays_in_the_app(site: Site, wanted: str) -> None:
    assert local_path(wanted) == "/"
    one_time = site.people.first_start() or ""
    assert sign_in(site.browser(), "admin", one_time, next=wanted).headers["location"] == "/"


def test_a_way_on_inside_the_app_is_kept(site: Site) -> None:
    assert local_path("/desk?airing=a-1&lang=kk") == "/desk?airing=a-1&lang=kk"
    page = site.browser().get("/signin?next=/desk%3Fa%3D1").text
    assert '<input type="hidden" name="next" value="/desk?a=1">' in page
    assert 'href="/signin?next=%2Fdesk%3Fa%3D1&amp;lang=ru"' in page


HOSTILE = '"><script>alert(1)</script>'


def test_whatever_is_typed_comes_back_as_text(site: Site) -> None:
    client = site.browser()
    pages = [
        client.get("/signin", params={"next": f"/{HOSTILE}", "lang": HOSTILE, "out": HOSTILE}).text,
        sign_in(client, HOSTILE, HOSTILE, next=f"/{HOSTILE}").text,
    ]
    site.people.add("<b>Boss</b>", PersonRole.ADMIN, "test")
    token = site.people.open_session("<b>Boss</b>", "<i>client</i>")
    pages += [site.browser(token).get(path).text for path in ("/password", "/signout")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<b>Boss" not in page
    assert "&lt;b&gt;Boss&lt;/b&gt;" in pages[2]


def test_only_our_own_style_and_script_may_run(site: Site) -> None:
    client, _ = site.signed_in(PersonRole.CODER)
    for path in ("/signin?lang=en", "/password", "/signout"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"\son\w+=|style=", answer.text.split("</head>")[1])
        assert answer.text.count("<script") == (path == "/signout")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_every_language_speaks_for_itself_and_is_remembered(site: Site) -> None:
    client = site.browser()
    titles = {"en": "Sign in", "ru": "Вход", "kk": "Кіру"}
    for language, title in titles.items():
        page = client.get(f"/signin?lang={language}").text
        assert f'<html lang="{language}" dir="ltr">' in page
        assert f"<h1>{title}</h1>" in page
        assert all(f'lang="{code}"' in page for code in languages())
        assert f"<h1>{title}</h1>" in client.get("/signin").text
    assert "<h1>Вход</h1>" in site.browser().get("/signin", headers={"accept-language": "ru-KZ,en;q=0.5"}).text


def test_a_newcomer_whose_demo_ended_learns_how_to_get_in(site: Site) -> None:
    one_time = site.people.first_start() or ""
    client = site.browser()
    assert "Open the sample mission without an account" in client.get("/signin").text
    assert "python -m coding people password admin" not in client.get("/signin").text
    site.own_mission()
    page = client.get("/signin").text
    assert "shown in the console" in page
    assert "python -m coding people password admin" in page
    assert "without an account" not in page
    assert one_time not in page
    site.people.choose_password("admin", one_time, PASSWORD)
    assert "python -m coding" not in client.get("/signin").text


def test_who_is_signed_in_goes_straight_on(site: Site) -> None:
    client, _ = site.signed_in(PersonRole.VIEWER)
    assert client.get("/signin?next=/tone").headers["location"] == "/tone"


def test_nobody_changes_a_password_or_signs_out(site: Site) -> None:
    site.own_mission()
    client = site.browser()
    for path in ("/password", "/signout"):
        assert client.get(path, headers={"accept": "text/html"}).headers["location"].startswith("/signin")
        assert client.post(path).status_code == 401


def test_a_huge_form_is_not_read(site: Site) -> None:
    assert sign_in(site.browser(), "admin", "x" * 100_000).status_code == 403


def test_sessions_tell_address_and_browser(site: Site) -> None:
    one_time = site.people.first_start() or ""
    agent = "Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Safari/537.36"
    site.browser().post("/signin", data={"name": "admin", "password": one_time}, headers={"user-agent": agent})
    assert [held.client for held in people_of(site.folder).sessions("admin")] == ["127.0.0.1 Chrome"]


def test_passwords_are_hashed_at_the_library_s_own_cost() -> None:
    assert (DEFAULTS.memory_cost, DEFAULTS.time_cost) >= (65536, 3)
    assert DEFAULTS.type.name == "ID"


def test_the_people_have_a_file_of_their_own(site: Site) -> None:
    site.people.first_start()
    with sqlite3.connect(site.folder / "people.sqlite") as database:
        assert database.execute("SELECT name FROM person").fetchall() == [("admin",)]
    assert sqlite_url(site.folder / "people.sqlite")
