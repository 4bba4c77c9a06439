"""Who sees which page, and the People page: accounts made and changed, each change asked about and told."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest

from coding.demo import DEMO_CODER
from coding.languages import languages
from coding.pages import who
from coding.people.accounts import PEOPLE_VARIABLE, People, people, session_id_of
from coding.people.gate import DEMO
from coding.people.rights import Right
from coding.store.places import DATA_VARIABLE, is_demo, sqlite_url
from coding.vocabulary import PersonRole
from tests.accounts import PASSWORD, token_of
from tests.missions import write_mission
from tests.pages.conftest import ROOT, told

SignIn = Callable[[str], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, without any mission in the environment."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.delenv("EVENHAND_MISSION", raising=False)
    return tmp_path


@pytest.fixture
def accounts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    """People of its own, with an admin called Boss, who is signed in, and a coder."""
    monkeypatch.setenv(PEOPLE_VARIABLE, sqlite_url(folder / "people.sqlite"))
    monkeypatch.setenv("EVENHAND_MISSION", str(write_mission(folder / "mission")))
    held = people()
    session = session_id_of(token_of(held, "Boss", PersonRole.ADMIN))
    monkeypatch.setattr(who, "session_header", lambda: session)
    token_of(held, "Айгүл", PersonRole.CODER)
    return held


def opened(**state: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def people_page(**state: str) -> AppTest:
    return opened(**state).switch_page("coding/pages/people.py").run()


def press(app: AppTest, key: str, *confirm: str) -> str:
    app.button(key=key).click().run()
    for following in confirm:
        app.button(key=following).click().run()
    assert not app.exception
    return told(app)


# who sees what


@pytest.mark.parametrize("header", ["", "made up", DEMO])
def test_nobody_sees_anything(
    small_folder: Path, signed_in: SignIn, header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENHAND_MISSION", str(small_folder))
    signed_in(header)
    app = opened()
    assert not app.exception
    assert not app.sidebar.selectbox
    assert 'href="/signin"' in told(app)
    assert "made for a test" not in told(app)


def test_without_the_gate_nobody_sees_anything(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No header: a page that did not come through the gate is refused, never shown with full rights."""
    monkeypatch.setenv("EVENHAND_MISSION", str(small_folder))
    assert who.session_header() is None
    assert who.person() is None


@pytest.mark.parametrize("role", [PersonRole.VIEWER, PersonRole.ANALYST])
def test_readers_see_results_and_no_more(page: Callable[..., AppTest], signed_in: SignIn, role: str) -> None:
    signed_in(role)
    assert "made for a test" in told(page("share"))
    for file in ("coding/pages/import_segments.py", "coding/pages/mission.py", "coding/pages/people.py"):
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            opened().switch_page(file)


def test_coders_see_no_results(page: Callable[..., AppTest], signed_in: SignIn) -> None:
    signed_in(PersonRole.CODER)
    for name in ("overview", "share", "tone", "appearances", "timeline"):
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            page(name)


def test_a_session_that_ends_is_refused_at_the_next_action(accounts: People) -> None:
    app = opened()
    assert "made for a test" in told(app)
    accounts.revoke_all("Boss", "test")
    app.run()
    assert "You are signed out" in told(app)
    assert "made for a test" not in told(app)
    assert not app.get("vega_lite_chart")


def test_another_person_in_the_same_browser_begins_anew(
    page: Callable[..., AppTest], signed_in: SignIn, small_folder: Path
) -> None:
    app = page("share", small__incumbents="party")
    app.session_state["draft"] = "of the admin"
    signed_in(PersonRole.VIEWER)
    app.run()
    assert not app.exception
    assert "draft" not in app.session_state
    assert "test viewer" in told(app)


def test_the_demo_opens_the_sample_only_and_ends_with_a_mission_of_ones_own(folder: Path, signed_in: SignIn) -> None:
    signed_in(DEMO)
    app = opened()
    assert not app.exception
    assert "synthetic segments" in told(app)
    assert "no account needed on this machine" in told(app)
    assert app.sidebar.selectbox(key="mission").options == ["Sample: kazakhstan_2007"]
    assert is_demo(app.session_state["where"])
    mission = app.switch_page("coding/pages/mission.py").run()
    assert "everybody needs an account" in told(mission)
    assert not mission.data_editor
    assert "Copied" in press(mission, "copy")
    mission.run()
    assert "A mission of your own is here now" in told(mission)
    assert who.person() is None


def test_a_demo_opens_no_people_page(folder: Path, signed_in: SignIn) -> None:
    signed_in(DEMO)
    person = who.person()
    assert person is not None
    assert person.name == DEMO_CODER
    assert not person.may(Right.PEOPLE)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        people_page()


@pytest.mark.parametrize("file", ["share", "people", "mission"])
def test_a_page_asks_for_its_right_itself(page: Callable[..., AppTest], signed_in: SignIn, file: str) -> None:
    """Beside the menu: a page that is run in some other way is refused too."""
    folder = "monitoring" if file == "share" else "coding"
    signed_in(PersonRole.CODER)
    app = AppTest.from_file(str(ROOT / folder / "pages" / f"{file}.py")).run()
    assert not app.exception
    assert "This page is not for your role" in app.error[0].value


def test_a_part_of_a_page_becomes_the_whole_page() -> None:
    asked = BackMsg()
    asked.rerun_script.fragment_id = "a part"
    asked.rerun_script.page_name = "share"
    whole = BackMsg.FromString(who.whole_run(asked.SerializeToString()) or b"")
    assert whole.rerun_script.fragment_id == ""
    assert whole.rerun_script.page_name == "share"
    other = BackMsg()
    other.clear_cache = True
    assert who.whole_run(other.SerializeToString()) is None
    assert who.whole_run(b"\xff\xff\xff") is None


# the People page


@pytest.mark.parametrize("language", languages())
def test_the_page_opens_in_every_language(accounts: People, language: str) -> None:
    app = people_page(language=language)
    assert not app.exception
    assert not re.search(r"page\.|people\.|problem\.", told(app).split("</style>")[-1])
    assert app.dataframe[0].value.iloc[:, 0].tolist() == ["Boss", "Айгүл"]


def test_a_person_is_added_and_the_one_time_password_shown_once(accounts: People) -> None:
    app = people_page()
    app.text_input(key="people.add.name").set_value(" Jane  Doe ")
    app.selectbox(key="people.add.role").set_value(PersonRole.ANALYST)
    app.button[-1].click().run()
    assert "Jane  Doe was added as analyst." in told(app)
    assert "shown this once" in told(app)
    password = app.code[0].value
    assert accounts.sign_in("jane doe", password, "")
    press(app, "people.noted")
    assert not app.code
    assert [held.name for held in accounts.everyone()] == ["Boss", "Jane Doe", "Айгүл"]


def test_a_name_that_is_taken_is_told(accounts: People) -> None:
    app = people_page()
    app.text_input(key="people.add.name").set_value("айгүл")
    app.button[-1].click().run()
    assert "is taken already" in told(app)
    assert not app.code
    assert len(accounts.everyone()) == 2


def chosen(name: str = "Айгүл") -> AppTest:
    app = people_page()
    app.selectbox(key="people.who").set_value(name).run()
    return app


def test_a_role_is_changed_after_a_question(accounts: People) -> None:
    app = chosen()
    app.selectbox(key="people.role.Айгүл").set_value(PersonRole.SUPERVISOR).run()
    assert "Make Айгүл supervisor?" in press(app, "people.ask.role")
    assert accounts.everyone()[1].role == PersonRole.CODER
    press(app, "people.no")
    assert accounts.everyone()[1].role == PersonRole.CODER
    assert "Айгүл is now supervisor." in press(app, "people.ask.role", "people.yes")
    assert accounts.everyone()[1].role == PersonRole.SUPERVISOR


def test_a_new_one_time_password_ends_sessions(accounts: People) -> None:
    app = chosen()
    assert "has a new one-time password" in press(app, "people.ask.password", "people.yes")
    assert accounts.sign_in("Айгүл", app.code[0].value, "")
    with pytest.raises(Exception, match="do not fit"):
        accounts.sign_in("Айгүл", PASSWORD, "")


def test_sessions_are_shown_and_ended(accounts: People) -> None:
    accounts.open_session("Айгүл", "10.0.0.7 <b>Firefox</b>")
    app = chosen()
    assert "10.0.0.7 &lt;b&gt;Firefox&lt;/b&gt;" in told(app)
    assert "All sessions of Айгүл were ended." in press(app, "people.ask.sessions", "people.yes")
    assert accounts.sessions("Айгүл") == []


def test_switching_off_and_on(accounts: People) -> None:
    app = chosen()
    assert "Айгүл is switched off." in press(app, "people.ask.off", "people.yes")
    assert not accounts.everyone()[1].active
    assert "Айгүл is switched on." in press(app, "people.ask.on", "people.yes")
    assert accounts.everyone()[1].active


def test_the_last_admin_is_told_and_stays(accounts: People) -> None:
    assert "is the last active admin" in press(chosen("Boss"), "people.ask.off", "people.yes")
    assert accounts.everyone()[0].active


def test_a_question_about_one_person_is_not_answered_for_another(accounts: People) -> None:
    app = chosen()
    press(app, "people.ask.off")
    app.selectbox(key="people.who").set_value("Boss").run()
    assert not [button for button in app.button if button.key == "people.yes"]
