"""The mission of `benchmarks.desk_load`: a large store, an airing in each coder's hands, accounts and sessions."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks.desk_clients import Coder
from benchmarks.pages import SAMPLE, large_store
from coding.segment import Segment
from coding.vocabulary import PersonRole, Purpose, Role

if TYPE_CHECKING:
    from models.scale import Scale

SEGMENTS_AT_HAND = 40
TYPIST = "coder at the keys"
SAID = {
    -1: "weak mistaken clumsy doubtful failing criticised",
    0: "met announced visited spoke Tuesday committee",
    1: "capable welcome useful thoughtful steady praised",
}
"""What is said of a subject on each side of a scale: the rest of a sentence is the same on all."""
OF_A_TONE = 40


@dataclass(frozen=True)
class Prepared:
    """A data folder with a mission in it, and the sessions of everybody."""

    folder: Path
    coders: tuple[Coder, ...]
    analysts: tuple[str, ...]
    typist: Coder

    @property
    def store(self) -> Path:
        """The mission's file."""
        return self.folder / "stores" / "large.sqlite"

    @property
    def mission(self) -> str:
        """The mission in addresses."""
        from coding.store.places import place_key, sqlite_url

        return place_key(sqlite_url(self.store))

    def put_model(self) -> None:
        """Put a small linear model into use, which always suggests one point of the mission's scale."""
        from coding.store import Store, audit
        from coding.store.engine import engine_for
        from coding.store.places import sqlite_url
        from coding.store.tone_models import ToneModel, add_model
        from coding.suggestions.policy import scale_of

        os.environ["EVENHAND_DATA"] = str(self.folder)
        store = Store(sqlite_url(self.store))
        version = Path("models", self.mission, "benchmark-1")
        _write_linear(self.folder / version, scale_of(store.mission()))
        model = ToneModel(version.name, version.as_posix(), audit.now(), "benchmark", 3 * OF_A_TONE)
        add_model(store, model, use=True)
        store.engine.dispose()
        engine_for.cache_clear()

    def again(self, folder: Path) -> "Prepared":
        """The same in another folder, untouched."""
        shutil.copytree(self.folder, folder)
        return Prepared(folder, self.coders, self.analysts, self.typist)


def prepared(folder: Path, size: int, coders: int, analysts: int) -> Prepared:
    """A mission of at least `size` segments, an airing in each coder's hands, a session for everybody."""
    from coding.mission.loader import load
    from coding.recordings.ingest import ingest_sample
    from coding.store import Store
    from coding.store.assignments import assign
    from coding.store.engine import engine_for

    os.environ["EVENHAND_DATA"] = str(folder)
    url = large_store(folder / "stores", size)
    store, sample = Store(url), load(SAMPLE)
    long_enough = max((a for a in sample.airings if a.format == "news"), key=lambda airing: airing.monitored or 0)
    own = [long_enough.model_copy(update={"airing_id": f"load-{n}", "coded": False}) for n in range(coders)]
    training = [airing for airing in sample.airings if "training" in airing.airing_id]
    store.put_mission(sample.mission, [*own, *training], "benchmark", "to be coded")
    recorded = next(each for each in ingest_sample(store, SAMPLE / "recordings") if each.startswith("tv-"))
    names = [*(f"coder {n}" for n in range(coders)), TYPIST]
    tokens = _tokens(names, [f"analyst {n}" for n in range(analysts)])
    airings, subjects = [*(airing.airing_id for airing in own), recorded], sample.mission.contestants
    given = [
        Coder(name, tokens[name], airing_id, subjects[n % len(subjects)].name)
        for n, (name, airing_id) in enumerate(zip(names, airings, strict=True))
    ]
    for coder in given:
        assign(store, [coder.airing_id], coder.name, Purpose.CODING, "benchmark")
    store.add(_at_hand(recorded, [s.name for s in sample.mission.subjects if s.ballot is None]), "benchmark")
    store.engine.dispose()
    engine_for.cache_clear()
    looking = tuple(token for name, token in tokens.items() if name.startswith("analyst"))
    return Prepared(folder, tuple(given[:-1]), looking, given[-1])


def _write_linear(folder: Path, scale: "Scale") -> None:
    """A sealed model folder for English, trained on a few made sentences. Its thresholds rule out all but one point."""
    import numpy as np

    from models.backends.linear import put
    from models.calibrate import Calibration
    from models.folder import Manifest, write
    from models.linear.fit import fit
    from models.linear.ngrams import counted, rated, read
    from models.target import Target

    texts = [
        (f"The report says Blue Party is {words[n % 6]}, {words[n // 6 % 6]} and {words[(n + 2) % 6]}.", tone)
        for tone, name in enumerate(scale.names)
        for words in [SAID[scale.side(name)].split()]
        for n in range(OF_A_TONE)
    ]
    readings = [(held, tone) for text, tone in texts if (held := read(text, Target("Blue Party"), "en")) is not None]
    rows, languages = [held for held, _ in readings], ["en"] * len(readings)
    weights = fit(counted(rows), rated(rows, languages), np.array([tone for _, tone in readings]), scale.size, 3.0)
    sure = Calibration(1.0, (0.0,) * scale.size, (1.0,) * scale.size).to_json()
    folder.mkdir(parents=True)
    settings = put(folder, weights, ["en"])
    earned = {"en": {"earned": True}}
    write(folder, Manifest("linear", folder.name, scale, ("en",), {}, {"": sure}, earned, settings=settings))


def _tokens(coders: list[str], analysts: list[str]) -> dict[str, str]:
    """Accounts and a session for each; all have one password, since hashing one for each takes a minute."""
    from sqlalchemy import insert

    from coding.people.accounts import people, people_url
    from coding.people.passwords import hashed
    from coding.store.engine import engine_for, writing
    from coding.store.schema import person

    common = {"password": hashed("a password of its own"), "one_time": False, "active": True}
    common |= {"changed_at": "2007-07-17T00:00:00.000Z", "changed_by": "benchmark"}
    roles = dict.fromkeys(coders, PersonRole.CODER) | dict.fromkeys(analysts, PersonRole.ANALYST)
    engine = engine_for(people_url())
    with writing(engine) as connection:
        connection.execute(
            insert(person), [{"name": name, "role": str(role), **common} for name, role in roles.items()]
        )
    tokens = {name: people().open_session(name, "benchmark") for name in roles}
    engine.dispose()
    return tokens


def _at_hand(airing_id: str, subjects: list[str]) -> list[Segment]:
    """What the typist has coded already, over the whole of the recording."""
    return [
        Segment(
            segment_id=str(uuid4()), airing_id=airing_id, start_ms=n * 4_400, end_ms=n * 4_400 + 4_000, amount=4_000,
            subject=subjects[n % len(subjects)], role=Role.INSTITUTION, tone="neutral", format="news",
            coder=TYPIST, coded_at="2007-07-18T10:00:00Z",
        )
        for n in range(SEGMENTS_AT_HAND)
    ]  # fmt: skip
