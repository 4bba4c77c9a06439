"""A model's reading of whole airings: how much of whom in which tone, by the same rule for every airing.

Minute by minute of the subtitles: the seconds that are spoken in a minute are shared equally among the subjects that
the model finds named there, and each share is spread over the points of the scale by the model's probabilities. No
hand code is looked at, and no airing is treated otherwise because it was drawn. In a language in which the model has
not earned its place it stays silent here too, and the reading is empty. Kept in a file that can be thrown away.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.places import data_dir, place_key
from coding.store.subtitles import SubtitleFile, subtitled, subtitles_of, text_of
from coding.store.tone_models import ToneModel, model_in_use, tone_models
from coding.suggestions.policy import scale_of, target_of
from coding.suggestions.reading_draws import BlindCoding, PastDraw, blind_coding, past_draws
from coding.suggestions.scales import Present
from coding.suggestions.uncertainty import KEPT_EVERY, PIECE_MS, Cancelled, Tell, digest_of

if TYPE_CHECKING:
    from models.scale import Scale
    from models.suggestion import Suggester, Suggestion

Part = tuple[str, str, float]
"""A subject, a point of the mission's scale, and the expected milliseconds."""
NO_MODEL, TRAINED = "no_model", "trained"


@dataclass(frozen=True)
class Readings:
    """What one version read: the parts of each airing, of what text (a digest), and minutes in which it was silent."""

    model: str = ""
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    silent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """The version whose reading may be used with a sample; without one, `why` says why: no_model or trained."""

    model: ToneModel | None
    why: str = ""


def chosen_model(store: Store, draws: Sequence[PastDraw], coding: BlindCoding) -> Choice:
    """The version in use, or else the newest one that was made before the coding of a draw that is complete.

    A version that was made later may have learned from the very labels that it is to be held against.
    """
    used = model_in_use(store)
    if used is None:
        return Choice(None, NO_MODEL)
    present = Present(store, store.mission())
    others = [each for each in reversed(tone_models(store)) if each.version != used.version]
    complete = [draw for draw in draws if coding.complete(draw)] or list(draws)
    for model in (used, *others):
        if present.fits(model.version) and any(coding.before(draw, model.made_at) for draw in complete):
            return Choice(model)
    return Choice(None, TRAINED)


# the file


def place(store: Store) -> Path:
    """The file of a store's readings."""
    return data_dir() / "readings" / f"{place_key(store.url)}.json"


def readings(store: Store, version: str) -> Readings:
    """What is kept of this version; nothing where another one read last, or the file is not there or not whole."""
    try:
        told = json.loads(place(store).read_text(encoding="utf-8"))
        held = Readings(told["model"], told["parts"], told["texts"], told["silent"])
    except (OSError, ValueError, KeyError, TypeError):
        return Readings(version)
    return held if held.model == version else Readings(version)


def unread(store: Store, held: Readings, airing_ids: Collection[str]) -> tuple[str, ...]:
    """Those of the airings whose text was not read, or is another one since."""
    files = _files(store, airing_ids)
    return tuple(name for name, its in files.items() if held.texts.get(name) != digest_of(its))


def _files(store: Store, airing_ids: Collection[str]) -> dict[str, list[SubtitleFile]]:
    found: dict[str, list[SubtitleFile]] = {}
    for name in sorted(subtitled(store) & set(airing_ids)):
        found[name] = subtitles_of(store, [name])
    return found


def _keep(store: Store, held: Readings) -> None:
    from coding.exchange.exporter import replacing

    place(store).parent.mkdir(parents=True, exist_ok=True)
    with replacing(place(store)) as beside:
        beside.write_text(json.dumps(vars(held), ensure_ascii=False), encoding="utf-8")


# reading


def read(store: Store, tell: Tell = lambda done, total: None, stop: Callable[[], bool] = lambda: False) -> Readings:
    """Read every airing that a draw could have taken and that has subtitles; what was read before stays.

    Raises ProblemsFound where there is no draw or no version that may be used, Cancelled where it was stopped.
    """
    draws = past_draws(store)
    if not draws:
        raise ProblemsFound([Problem("combined.no_draw")])
    pool = frozenset(name for draw in draws for name in draw.pool)
    choice = chosen_model(store, draws, blind_coding(store, pool, store.moment()))
    if choice.model is None:
        raise ProblemsFound([Problem(f"combined.{choice.why}")])
    return _read(store, choice.model, pool, tell, stop)


def _read(store: Store, model: ToneModel, pool: Collection[str], tell: Tell, stop: Callable[[], bool]) -> Readings:
    mission, version = store.mission(), model.version
    suggester, kept = opened(model), readings(store, version)
    held = Readings(version, dict(kept.parts), dict(kept.texts), dict(kept.silent))
    texts = subtitled(store) & set(pool)
    waiting = [airing for airing in store.airings() if airing.airing_id in texts]
    for done, airing in enumerate(waiting):
        if stop():
            _keep(store, held)
            raise Cancelled
        files, name = subtitles_of(store, [airing.airing_id]), airing.airing_id
        if held.texts.get(name) != digest_of(files):
            parts, silent = parts_of(suggester, mission, airing, files)
            held = _with(held, name, parts, digest_of(files), silent)
        if done % KEPT_EVERY == 0:
            _keep(store, held)
        tell(done + 1, len(waiting))
    _keep(store, held)
    return held


def _with(held: Readings, name: str, parts: Sequence[Part], digest: str, silent: int) -> Readings:
    return Readings(
        held.model, {**held.parts, name: parts}, {**held.texts, name: digest}, {**held.silent, name: silent}
    )


def parts_of(
    model: "Suggester", mission: Mission, airing: Airing, files: Sequence[SubtitleFile]
) -> tuple[list[Part], int]:
    """Expected milliseconds of each subject and tone in an airing, and in how many readings the model was silent."""
    targets = [target_of(mission, subject.name, airing.date) for subject in mission.subjects]
    scale, amounts, silent = scale_of(mission), defaultdict[tuple[str, str], float](float), 0
    for spoken, text, language in _minutes(files):
        said = model.suggest([text] * len(targets), targets, [language] * len(targets))
        named = [(one.name, each) for one, each in zip(targets, said, strict=True) if each.probabilities]
        for subject, each in named:
            if str(each.silent) == "not_earned":
                silent += 1
                continue
            for tone, share in spread(each, scale).items():
                amounts[subject, tone] += spoken / len(named) * share
    return [(subject, tone, round(amount, 3)) for (subject, tone), amount in sorted(amounts.items())], silent


def _minutes(files: Sequence[SubtitleFile]) -> Iterator[tuple[int, str, str]]:
    """Of each minute with a text: milliseconds in which something is said, the text, its language."""
    from models.language import language_of

    last = max((cue.end_ms - each.offset_ms for each in files for cue in each.cues), default=0)
    for start in range(0, last, PIECE_MS):
        stop = start + PIECE_MS
        text, language = text_of(files, start, stop)
        if text:
            yield max(_spoken(each, start, stop) for each in files), text, language or language_of(text)


def opened(model: ToneModel) -> "Suggester":
    """The version, open. Raises ProblemsFound where its folder cannot be read."""
    from models.folder import open_model
    from models.refusal import Refused

    try:
        return open_model(model.path)
    except Refused as refused:
        raise ProblemsFound([Problem("queue.model", value=model.version, values={"reason": refused.reason})]) from None


def _spoken(file: SubtitleFile, start: int, stop: int) -> int:
    cues = file.cues_between(start, stop)
    return min(PIECE_MS, sum(cue.end_ms - cue.start_ms for cue in cues))


def spread(said: "Suggestion", scale: "Scale") -> dict[str, float]:
    """Probabilities by the points of the mission's scale; those of a side go to its points in equal parts.

    Points are told by their places, since a version may have learned them under other names.
    """
    if len(said.probabilities) == scale.size:
        return dict(zip(scale.names, said.probabilities, strict=True))
    sides = sorted(set(scale.sides))
    if len(said.probabilities) != len(sides):
        return {}
    share = dict(zip(sides, said.probabilities, strict=True))
    number = {side: scale.sides.count(side) for side in sides}
    return {name: share[side] / number[side] for name, side in zip(scale.names, scale.sides, strict=True)}
