"""The desk's own addresses: one to save, one to open an airing, its history, its recording, and the browser's part.

They are reached only through the gate (`coding/people/gate.py`), which has put the person into the request's scope;
what that person may see or write is checked here again, at each request.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from coding.desk.operations import AT_ONCE, NotAllowed, applied, check_assigned, revision_told
from coding.desk.payload import known_language, payload
from coding.languages import translator
from coding.mission.model import ShowSuggestions
from coding.people import Person
from coding.people.rights import Right
from coding.problems import Problem, ProblemsFound
from coding.recordings.serve import file_response
from coding.segment import Segment
from coding.store import Store
from coding.store.places import is_demo, open_mission, place_of
from coding.store.recordings import recordings
from coding.store.suggestions import Told, told_of
from coding.store.tone_models import model_in_use
from coding.suggestions.telling import Asked, Nothing, Pending, about_draft, about_segment, in_words, kept
from coding.suggestions.worker import WORKER, Answer, NoAnswer

WEB = Path(__file__).with_name("web")
TYPES = {".js": "text/javascript", ".css": "text/css"}
MOST_BYTES = 2_000_000
T = TypeVar("T")


def _person(request: Request) -> Person:
    person: Person = request.scope["person"]
    return person


def _store(request: Request) -> Store:
    """The store that the address names. Raises ProblemsFound, and NotAllowed where a demo reaches for another."""
    where = place_of(request.query_params.get("mission", ""))
    if where is None or (_person(request).demo and not is_demo(where)):
        raise ProblemsFound([Problem("desk.no_mission")])
    return open_mission(where)


def _told(request: Request, status: int, problems: list[Problem]) -> JSONResponse:
    t = translator(known_language(request.query_params.get("lang", "")))
    return JSONResponse({"problems": [problem.message(t) for problem in problems]}, status)


async def _answered(request: Request, answer: Callable[[Request], T]) -> T | Response:
    """The answer, worked out beside the event loop; a refusal as words with its status."""
    try:
        if not _person(request).may(Right.CODE):
            return _told(request, 403, [Problem("people.not_your_role")])
        return await run_in_threadpool(answer, request)
    except NotAllowed as refusal:
        return _told(request, 403, [refusal.problem])
    except ProblemsFound as found:
        return _told(request, 404, list(found.problems))


async def airing(request: Request) -> Response:
    """GET: one airing as the desk opens it, with the segments of one coder (oneself, where none is named)."""
    return await _answered(request, _airing)


def _airing(request: Request) -> Response:
    asked = request.query_params
    person = _person(request)
    coder = _coder(person, asked.get("coder", ""))
    store = _store(request)
    told = payload(store, person, asked.get("airing", ""), coder, known_language(asked.get("lang", "")))
    model = model_in_use(store) if told["suggestions"]["show"] != ShowSuggestions.OFF else None
    if model is not None:
        WORKER.warm(str(model.path))
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _coder(person: Person, asked: str) -> str:
    """Whose coding is opened: another's only by those who supervise."""
    if asked and asked != person.name and not person.may(Right.SUPERVISE):
        raise NotAllowed(Problem("desk.not_yours", column="coder", value=asked))
    return asked or person.name


def _check_own(person: Person, segment: Segment) -> None:
    """Another's segment is only for those who supervise; whose it is, is not told."""
    if segment.coder != person.name and not person.may(Right.SUPERVISE):
        raise NotAllowed(Problem("desk.not_own", column="segment_id", value=segment.segment_id))


async def history(request: Request) -> Response:
    """GET: every revision of a segment, the first one first."""
    return await _answered(request, _history)


def _history(request: Request) -> Response:
    store, person = _store(request), _person(request)
    held = store.history(request.query_params.get("segment", ""))
    if not held:
        raise ProblemsFound([Problem("unknown_segment", value=request.query_params.get("segment", ""))])
    segment = held[-1].segment
    _check_own(person, segment)
    check_assigned(store, person, segment.airing_id)
    return JSONResponse({"revisions": [revision_told(each) for each in held]}, headers={"Cache-Control": "no-store"})


async def save(request: Request) -> Response:
    """POST: a list of messages; each is one transaction, and its answer says what became of it.

    409 where the queue is that of another person than the one who is signed in.

    507 where the disk is full and 503 where the store is busy: nothing of the rest was stored, send it again.
    """
    body = await request.body()
    try:
        messages = json.loads(body) if len(body) <= MOST_BYTES else None
    except ValueError:
        messages = None
    if not isinstance(messages, list) or len(messages) > AT_ONCE:
        values = {"limit": AT_ONCE, "bytes": MOST_BYTES}
        return _told(request, 413 if len(body) > MOST_BYTES else 400, [Problem("desk.too_much", values=values)])
    queued_by = request.query_params.get("person", _person(request).name)
    if queued_by != _person(request).name:
        names = {"queued": queued_by, "person": _person(request).name}
        return _told(request, 409, [Problem("desk.other_person", values=names)])
    t = translator(known_language(request.query_params.get("lang", "")))

    def write(request: Request) -> Response:
        return JSONResponse({"answers": applied(_store(request), _person(request), messages, t)})

    try:
        return await _answered(request, write)
    except OperationalError as error:
        said = str(error.orig).lower()
        if "full" in said or "no space" in said:
            return _told(request, 507, [Problem("desk.disk_full")])
        if "lock" in said or "busy" in said:
            return _told(request, 503, [Problem("desk.busy")])
        raise  # a disk that fails, a server that is gone: 500, and the log says what


async def suggest(request: Request) -> Response:
    """POST: what a model suggests for a stored segment (`segment_id`) or, before the first code, for a `draft`.

    Only to the coder of it, by the mission's policy. The server waits for the model's own process, beside everything
    else, and for a few seconds only; what was told is on record before the answer goes out.
    """
    body = await request.body()
    try:
        asked = Asked.model_validate_json(body) if len(body) <= MOST_BYTES else None
    except ValidationError:
        asked = None
    if asked is None or (asked.draft is None) == (not asked.segment_id):
        return _told(request, 400, [Problem("desk.not_asked_so")])

    def begin(request: Request) -> Response | Pending:
        store, person = _store(request), _person(request)
        found = _about(store, person, asked)
        return found if isinstance(found, Pending) else _suggested(request, store, found)

    begun = await _answered(request, begin)
    if not isinstance(begun, Pending):
        return begun
    told: Answer | NoAnswer
    try:
        told = await WORKER.ask(begun.question)
    except NoAnswer as trouble:
        told = trouble

    def end(request: Request) -> Response:
        store = _store(request)
        return _suggested(request, store, told if isinstance(told, NoAnswer) else kept(store, begun, told))

    return await _answered(request, end)


def _about(store: Store, person: Person, asked: Asked) -> Pending | Told | Nothing:
    """The question, once the person is known to be the coder, with the airing in hand and open."""
    if asked.draft is not None:
        coded = {each.segment.coder for each in store.history(asked.draft.segment_id)}
        if (coded | {each.coder for each in told_of(store, segment_ids=[asked.draft.segment_id])}) - {person.name}:
            raise NotAllowed(Problem("desk.not_own", column="segment_id", value=asked.draft.segment_id))
        check_assigned(store, person, asked.draft.airing_id, to_write=True)
        return about_draft(store, asked.draft, person.name)
    held = store.history(asked.segment_id)
    if not held:
        raise ProblemsFound([Problem("unknown_segment", column="segment_id", value=asked.segment_id)])
    segment = held[-1].segment
    if segment.coder != person.name:
        raise NotAllowed(Problem("desk.not_own", column="segment_id", value=segment.segment_id))
    check_assigned(store, person, segment.airing_id, to_write=True)
    return about_segment(store, asked.segment_id)


def _suggested(request: Request, store: Store, found: Told | Nothing | NoAnswer) -> Response:
    t = translator(known_language(request.query_params.get("lang", "")))
    tones = [point.name for point in store.mission().tone]
    return JSONResponse(in_words(found, tones, t), headers={"Cache-Control": "no-store"})


async def recording(request: Request) -> Response:
    """GET: a recording by its id, with byte ranges, only to those who have one of its airings in hand."""
    return await _answered(request, _recording)


def _recording(request: Request) -> Response:
    store, person = _store(request), _person(request)
    held = recordings(store, recording_id=request.path_params["recording_id"])
    refusal: NotAllowed | None = None
    for each in held:
        try:
            check_assigned(store, person, each.airing_id)
            return file_response(store.mission().id, each, proxy=request.query_params.get("proxy") == "1")
        except NotAllowed as found:
            refusal = found
    if refusal:
        raise refusal
    raise ProblemsFound([Problem("desk.no_recording")])


async def web(request: Request) -> Response:
    """GET: the part of the desk that runs in the browser."""
    known = {path.name: path for path in WEB.iterdir() if path.suffix in TYPES}
    path = known.get(request.path_params["file"])
    if path is None:
        return Response(status_code=404)
    return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": "no-cache"})


async def who(request: Request) -> Response:
    """GET: who is signed in, so that a queue of one person is not sent under the name of another."""
    return JSONResponse({"name": _person(request).name}, headers={"Cache-Control": "no-store"})


ROUTES = [
    Route("/desk/airing", airing),
    Route("/desk/history", history),
    Route("/desk/save", save, methods=["POST"]),
    Route("/desk/suggest", suggest, methods=["POST"]),
    Route("/desk/who", who),
    Route("/desk/web/{file}", web),
    Route("/recordings/{recording_id}", recording),
]
