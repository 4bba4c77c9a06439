"""The app as the tests of pages see it: one page of one mission, run without a browser."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.mission.loader import MissionFolder, load
from coding.pages import who
from coding.people.accounts import PEOPLE_VARIABLE, People, session_id_of
from coding.segment import FIELDS
from coding.store import Store
from coding.store.engine import engine_for
from coding.store.places import SAMPLE, data_dir, demo_url, sqlite_url
from coding.vocabulary import PersonRole
from tests.accounts import token_of
from tests.missions import segment, write_mission

ROOT = Path(__file__).parent.parent.parent
PAGES = ("overview", "share", "tone", "appearances", "timeline")

SEGMENTS = [
    segment(1, start=0, end=300, tone="positive"),
    segment(2, start=300, end=400, subject="Red Party", tone="negative"),
    segment(3, start=400, end=1000, subject="President", role="institution", tone="positive"),
    segment(4, "a-0313", start=0, end=500, tone="neutral"),
    segment(5, "b-0312", start=0, end=200, subject="Red Party"),
    segment(6, "g-0312", amount=120_000, subject="Blue Party"),
]


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small mission with six segments; Green Party has none."""
    folder = write_mission(tmp_path_factory.mktemp("missions") / "small")
    with (folder / "segments.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(each.model_dump(mode="json") for each in SEGMENTS)
    return folder


@pytest.fixture(scope="session")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The database of the accounts (`url`), and in it one session of each role, of a person called after it."""
    url = sqlite_url(tmp_path_factory.mktemp("people") / "people.sqlite")
    accounts = People(engine_for(url))
    return {"url": url} | {role: session_id_of(token_of(accounts, f"test {role}", role)) for role in PersonRole}


@pytest.fixture
def signed_in(sessions: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says who runs the app from here on: an admin at first; a role, or whatever the gate's header may hold."""

    def sign_in(as_whom: str) -> None:
        monkeypatch.setattr(who, "session_header", lambda: sessions.get(as_whom, as_whom))

    monkeypatch.setenv(PEOPLE_VARIABLE, sessions["url"])
    sign_in(PersonRole.ADMIN)
    return sign_in


@pytest.fixture
def page(
    small_folder: Path, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Runs one page; keywords `mission` (folder) and `state` (session values set before)."""

    def run(name: str, mission: Path = small_folder, **state: Any) -> AppTest:
        monkeypatch.setenv("EVENHAND_MISSION", str(mission))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if mission == SAMPLE:  # stores that other tests left in the data folder stand before it in the list
            app.session_state["mission"] = demo_url(data_dir())
        for key, value in state.items():
            app.session_state[key.replace("__", ".")] = value
        app.run()
        return app.switch_page(f"monitoring/pages/{name}.py").run()

    return run


def chart(app: AppTest) -> dict[str, Any]:
    """The specification of the page's first chart."""
    spec: dict[str, Any] = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    return spec


def lines(app: AppTest, part: str) -> str:
    """`text` or `subtitle` of the chart, in one line."""
    written = chart(app)["title"][part]
    return written if isinstance(written, str) else " ".join(written)


def told(app: AppTest) -> str:
    """All words that the frame wrote."""
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def stored(small_folder: Path, folder: Path) -> tuple[MissionFolder, Store]:
    """The small mission, and `store.sqlite` of a folder, which holds it."""
    held = load(small_folder)
    store = Store(sqlite_url(folder / "store.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "made for a test")
    store.add(held.segments, "test")
    return held, store
