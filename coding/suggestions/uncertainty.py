"""How unsure the model in use is about airings that nobody coded yet: what the uncertain half of the queue rests on.

Computed outside the web process (a command, or the process that the page starts) and kept in a file that can be
thrown away; what a draw used of it goes into the record with the draw.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coding.board import Standing, board
from coding.languages import Translate
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.places import data_dir, place_key
from coding.store.recordings import recordings
from coding.store.subtitles import SubtitleFile, subtitled, subtitles_of, text_of
from coding.store.tone_models import ToneModel, model_in_use
from coding.suggestions.policy import target_of
from coding.suggestions.queue import Draw, drawn, next_round, pool_of, seed_of
from coding.suggestions.scales import SCALE, Present

if TYPE_CHECKING:
    from models.suggestion import Suggester
    from models.target import Target

PIECE_MS = 60_000
"""The model reads an airing minute by minute: about as much as stands under one segment."""
KEPT_EVERY = 20

Tell = Callable[[int, int], None]
"""Called with how many airings are read, and of how many."""


class Cancelled(Exception):
    """The measuring was stopped; what was measured is kept."""


@dataclass(frozen=True)
class Measured:
    """Uncertainty (0 to 1) by airing, of one model; None where the text names no subject that the model can judge."""

    model: str = ""
    values: Mapping[str, float | None] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """What text each value is of, as a digest."""

    @property
    def known(self) -> dict[str, float]:
        """The airings that have a value."""
        return {name: value for name, value in self.values.items() if value is not None}


@dataclass(frozen=True)
class Outlook:
    """What a draw can be made from: the pool, what of it has subtitles, the model in use and what it was unsure of.

    A version of another scale than the mission's (`other_scale`) is none in use: what it tells apart is not coded any
    more.
    """

    mission: Mission
    pool: tuple[Airing, ...]
    with_text: frozenset[str]
    model: ToneModel | None
    measured: Measured
    round: int
    other_scale: bool = False

    @property
    def unread(self) -> int:
        """Airings of the pool with a text that the model has not read."""
        return len(self.with_text - self.measured.values.keys()) if self.model else 0

    def without_uncertain(self, draw: Draw) -> str:
        """Why a draw has no uncertain half: no_model, scale, no_text, no_value, small (one alone, or the pool)."""
        if self.model is None:
            return SCALE if self.other_scale else "no_model"
        if not self.with_text:
            return "no_text"
        return "small" if draw.uncertainty else "no_value"

    def how(self, draw: Draw, t: Translate) -> list[str]:
        """How a draw was made, and why it has no uncertain half where it has none, in words."""
        counts = {"drawn": len(draw.random), "pool": len(draw.pool), "uncertain": len(draw.uncertain)}
        lines = [t("queue.made", round=draw.round, seed=draw.seed, probability=f"{draw.probability:.4f}", **counts)]
        return lines if draw.uncertain else [*lines, t(f"queue.all_{self.without_uncertain(draw)}")]

    def draw(self, number: int) -> Draw:
        """The next `number` airings."""
        seed = seed_of(self.mission.id, self.round)
        return drawn(self.pool, number, self.round, seed, self.measured.known, self.measured.model)


def outlook(store: Store, now: Standing | None = None) -> Outlook:
    """How things stand for the next draw."""
    mission = store.mission()
    texts = subtitled(store)
    at_hand = texts | {each.airing_id for each in recordings(store)}
    pool = pool_of(now or board(store).now(mission), at_hand)
    used = model_in_use(store)
    model = used if used and Present(store, mission).fits(used.version) else None
    held = measured(store, model.version) if model else Measured()
    names = {airing.airing_id for airing in pool}
    other_scale = used is not None and model is None
    return Outlook(mission, tuple(pool), frozenset(names & texts), model, held, next_round(store), other_scale)


# the file


def place(store: Store) -> Path:
    """The file of a store's uncertainties."""
    return data_dir() / "queue" / f"{place_key(store.url)}.json"


def measured(store: Store, version: str) -> Measured:
    """What is kept of this model; nothing where another model was in use, or the file is not there or not whole."""
    try:
        told = json.loads(place(store).read_text(encoding="utf-8"))
        held = Measured(told["model"], told["values"], told["texts"])
    except (OSError, ValueError, KeyError, TypeError):
        return Measured(version)
    return held if held.model == version else Measured(version)


def _keep(store: Store, version: str, values: Mapping[str, float | None], texts: Mapping[str, str]) -> None:
    from coding.exchange.exporter import replacing

    place(store).parent.mkdir(parents=True, exist_ok=True)
    with replacing(place(store)) as beside:
        beside.write_text(json.dumps({"model": version, "values": values, "texts": texts}), encoding="utf-8")


# measuring


def measure(store: Store, tell: Tell = lambda done, total: None, stop: Callable[[], bool] = lambda: False) -> Measured:
    """Read every airing of the pool that has subtitles with the model in use; what was read before stays.

    Raises ProblemsFound where no model of the mission's scale is in use or it cannot be opened, Cancelled where it was
    stopped.
    """
    view = outlook(store)
    model = view.model
    if model is None:
        raise ProblemsFound([Problem("queue.scale" if view.other_scale else "queue.no_model")])
    open_one = _opened(model)
    held = measured(store, model.version)
    values, texts = dict(held.values), dict(held.texts)
    waiting = [airing for airing in view.pool if airing.airing_id in view.with_text]
    for done, airing in enumerate(waiting):
        if stop():
            _keep(store, model.version, values, texts)
            raise Cancelled
        files = subtitles_of(store, [airing.airing_id])
        digest = digest_of(files)
        if texts.get(airing.airing_id) != digest:
            values[airing.airing_id] = uncertainty_of(open_one, view.mission, airing, files)
            texts[airing.airing_id] = digest
        if done % KEPT_EVERY == 0:
            _keep(store, model.version, values, texts)
        tell(done + 1, len(waiting))
    _keep(store, model.version, values, texts)
    return Measured(model.version, values, texts)


def _opened(model: ToneModel) -> "Suggester":
    from models.folder import open_model
    from models.refusal import Refused

    try:
        return open_model(model.path)
    except Refused as refused:
        raise ProblemsFound([Problem("queue.model", value=model.version, values={"reason": refused.reason})]) from None


def digest_of(files: Sequence[SubtitleFile]) -> str:
    told: list[Any] = [(each.sha256, each.language, each.offset_ms) for each in files]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def uncertainty_of(model: "Suggester", mission: Mission, airing: Airing, files: Sequence[SubtitleFile]) -> float | None:
    """The mean entropy of the model over the minutes of an airing and the subjects named in each, from 0 to 1.

    1 is a model that holds every point of its scale equally likely. A language in which the model has not earned its
    place counts too: there it has most to learn. None where nobody is named in a text that the model can read.
    """
    pieces = list(_pieces(files))
    targets = [target_of(mission, subject.name, airing.date) for subject in mission.subjects]
    asked: list[tuple[str, Target, str]] = [(text, one, language) for text, language in pieces for one in targets]
    if not asked:
        return None
    said = model.suggest([text for text, _, _ in asked], [one for _, one, _ in asked], [code for _, _, code in asked])
    entropies = [entropy(each.probabilities) for each in said if each.probabilities]
    return sum(entropies) / len(entropies) if entropies else None


def _pieces(files: Sequence[SubtitleFile]) -> Iterator[tuple[str, str]]:
    """The text of each minute and its language, empty ones left out."""
    from models.language import language_of

    last = max((cue.end_ms - each.offset_ms for each in files for cue in each.cues), default=0)
    for start in range(0, last, PIECE_MS):
        text, language = text_of(files, start, start + PIECE_MS)
        if text:
            yield text, language or language_of(text)


def entropy(probabilities: Sequence[float]) -> float:
    """How evenly probabilities are spread: 0 for certainty, 1 for all alike.

    >>> entropy((0.5, 0.5)), entropy((1.0, 0.0))
    (1.0, 0.0)
    """
    if len(probabilities) < 2:
        return 0.0
    parts = (share * math.log(share) for share in probabilities if share > 0)
    return abs(sum(parts)) / math.log(len(probabilities))
