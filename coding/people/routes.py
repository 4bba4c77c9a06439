"""The routes in front of the app: sign in, choose a password, sign out."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from coding.languages import DEFAULT, languages
from coding.people.accounts import LIFETIME, people
from coding.people.gate import COOKIE, PASSWORD, SIGN_IN, SIGN_OUT
from coding.people.passwords import SHORTEST
from coding.people.rights import Person
from coding.people.screens import Screen
from coding.problems import ProblemsFound
from coding.store.places import real_mission_exists

LANGUAGE_COOKIE = "evenhand_language"
COMMAND = "python -m coding people password admin"
LARGEST_FORM = 8_000
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}


def local_path(wanted: str) -> str:
    """A path of this app to go on to; the first page for anything else.

    >>> local_path("/share?lang=ru"), local_path("//elsewhere.org"), local_path("https://elsewhere.org")
    ('/share?lang=ru', '/', '/')
    """
    strange = "\\" in wanted or any(letter <= " " or letter == "\x7f" for letter in wanted)
    ours = wanted.partition("?")[0] in (SIGN_IN, SIGN_OUT, PASSWORD)
    return "/" if strange or ours or not wanted.startswith("/") or wanted.startswith("//") else wanted


async def sign_in_screen(request: Request) -> Response:
    """Name and password; how to get in where nobody has signed in yet."""
    person: Person | None = request.scope.get("person")
    asked = request.query_params
    if person is not None and not person.demo and "lang" not in asked:
        return RedirectResponse(local_path(asked.get("next", "/")), 303)
    screen = _screen(request, {"next": local_path(asked.get("next", "/"))})
    if "out" in asked:
        screen.told(screen.t("signin.signed_out"))
    return await _sign_in(request, screen)


async def _sign_in(request: Request, screen: Screen, name: str = "", status: int = 200) -> Response:
    t = screen.t
    newcomer = real_mission_exists() and await run_in_threadpool(people().untouched)
    if newcomer:
        screen.told(t("signin.first"), command=COMMAND)
    screen.form(
        [
            ("name", t("signin.name"), "username", name),
            ("password", t("signin.password"), "current-password", ""),
        ],
        t("signin.go"),
    )
    person: Person | None = request.scope.get("person")
    if person is not None and person.demo:
        screen.link("/", t("signin.sample"))
    if status == 200 and not newcomer:
        screen.text(t("signin.forgotten"), "soft below")
    return _spoken(screen, screen.response(t("signin.title"), status))


async def sign_in(request: Request) -> Response:
    """Open a session, or say what to do instead."""
    form = await _form(request)
    wanted, name = local_path(form.get("next", "/")), form.get("name", "").strip()
    screen = _screen(request, {"next": wanted})
    try:
        token = await run_in_threadpool(people().sign_in, name, form.get("password", ""), client_of(request))
    except ProblemsFound as found:
        _tell(screen, found)
        return await _sign_in(request, screen, name[:200], 403)
    before = _signed_in(request)
    if before is not None:
        await run_in_threadpool(people().revoke, before.session_id, before.name)
    answer = RedirectResponse(wanted, 303)
    answer.set_cookie(
        COOKIE, token, max_age=int(LIFETIME.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


async def password_screen(request: Request) -> Response:
    """Choose a password of one's own."""
    person = _signed_in(request)
    if person is None:
        return RedirectResponse(SIGN_IN, 303)
    return _password(_screen(request), person)


def _password(screen: Screen, person: Person, status: int = 200) -> Response:
    t = screen.t
    screen.text(t("signin.one_time" if person.one_time else "signin.change", name=person.name))
    screen.text(t("signin.rule", shortest=SHORTEST), "soft")
    screen.form(
        [
            ("old", t("signin.old_one_time" if person.one_time else "signin.old"), "current-password", ""),
            ("new", t("signin.new"), "new-password", ""),
            ("again", t("signin.again"), "new-password", ""),
        ],
        t("signin.save_password"),
    )
    screen.link(SIGN_OUT if person.one_time else "/", t("signin.out" if person.one_time else "signin.back"))
    return _spoken(screen, screen.response(t("signin.choose"), status))


async def choose_password(request: Request) -> Response:
    """Take the new password, or say what is wrong with it."""
    person = _signed_in(request)
    if person is None:
        return RedirectResponse(SIGN_IN, 303)
    form, screen = await _form(request), _screen(request)
    old, new = form.get("old", ""), form.get("new", "")
    if new != form.get("again", ""):
        screen.told(screen.t("signin.differ"), "bad")
        return _password(screen, person, 403)
    try:
        await run_in_threadpool(people().choose_password, person.name, old, new, person.session_id)
    except ProblemsFound as found:
        _tell(screen, found)
        return _password(screen, person, 403)
    return RedirectResponse("/", 303)


async def sign_out_screen(request: Request) -> Response:
    """Asks first, and tells what is not yet saved from this browser."""
    person = _signed_in(request)
    if person is None:
        return RedirectResponse(SIGN_IN, 303)
    screen = _screen(request)
    screen.text(screen.t("signin.out_who", name=person.name))
    screen.unsaved()
    screen.form([], screen.t("signin.out"))
    screen.link("/", screen.t("signin.back"))
    return _spoken(screen, screen.response(screen.t("signin.out_title")))


async def sign_out(request: Request) -> Response:
    """End this session, and forget it in the browser."""
    person = _signed_in(request)
    if person is not None:
        await run_in_threadpool(people().revoke, person.session_id, person.name)
    answer = RedirectResponse(f"{SIGN_IN}?out=1", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def client_of(request: Request) -> str:
    """Address and browser, by which a person recognises a session of theirs."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    return " ".join(filter(None, (request.client.host if request.client else "", browser)))


def _signed_in(request: Request) -> Person | None:
    person: Person | None = request.scope.get("person")
    return None if person is None or person.demo else person


def _screen(request: Request, stays: Mapping[str, str] | None = None) -> Screen:
    known = languages()
    asked = (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""), _preferred(request))
    kept = {name: value for name, value in (stays or {}).items() if value != "/"}
    return Screen(next((language for language in asked if language in known), DEFAULT), request.url.path, kept)


def _preferred(request: Request) -> str:
    """The first language of the browser that has a catalogue."""
    wanted = (part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
    return next((language for language in wanted if language in languages()), "")


def _spoken(screen: Screen, answer: Response) -> Response:
    """The answer, with the language for the next time."""
    answer.set_cookie(LANGUAGE_COOKIE, screen.language, max_age=365 * 24 * 3600, samesite="lax", httponly=True)
    return answer


def _tell(screen: Screen, found: ProblemsFound) -> None:
    for problem in found.problems:
        screen.told(problem.message(screen.t), "bad")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; nothing of one that is larger than any of ours."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


ROUTES = [
    Route(SIGN_IN, sign_in_screen, methods=["GET"]),
    Route(SIGN_IN, sign_in, methods=["POST"]),
    Route(PASSWORD, password_screen, methods=["GET"]),
    Route(PASSWORD, choose_password, methods=["POST"]),
    Route(SIGN_OUT, sign_out_screen, methods=["GET"]),
    Route(SIGN_OUT, sign_out, methods=["POST"]),
]
