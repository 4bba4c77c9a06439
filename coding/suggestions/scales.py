"""The scale that a version learned, and the mission's present one: the same points, perhaps renamed, or another scale.

A mission may change its tone scale after a training. Where the scores are still the same, in order, the points were
only renamed, and whatever the version says or said is read under their present names. Else it is another scale, on
which the version says nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from coding.mission.model import Mission
from coding.store import Moment, Store, records, schema
from coding.store.codebook_changes import PresentNames
from coding.store.engine import reading
from coding.store.suggestions import Told
from coding.store.tone_models import ToneModel, tone_models
from coding.suggestions.policy import scale_of
from coding.suggestions.worker import Answer
from coding.vocabulary import CodeKind

if TYPE_CHECKING:
    from models.scale import Scale

SCALE = "scale"
"""Why a version of another scale is silent, beside the reasons in `models.suggestion.Silence`."""
Said = TypeVar("Said", Told, Answer)


def learned(model: ToneModel) -> "Scale | None":
    """The scale that a version learned, from its manifest; None where that cannot be read on this machine."""
    from models.contents import read_json
    from models.folder import MANIFEST, MOST_MANIFEST
    from models.refusal import Refused
    from models.scale import Point, Scale

    try:
        points = read_json(model.path / MANIFEST, MOST_MANIFEST)["scale"]
        return Scale(tuple(Point(str(point["name"]), float(point["score"])) for point in points))
    except (Refused, OSError, KeyError, TypeError, ValueError):
        return None


def points_of(scale: "Scale", *, scores: bool = True) -> str:
    """The points of a scale in one line, from the lowest to the highest."""
    return ", ".join(f"{point.name} ({point.score:g})" if scores else point.name for point in scale.points)


class Present:
    """What versions said, under the names that the points have on the mission's present scale."""

    def __init__(self, store: Store, mission: Mission) -> None:
        self.now = scale_of(mission)
        self._models = {model.version: model for model in tone_models(store)}
        self._learned: dict[str, Scale | None] = {}

    def learned(self, version: str) -> "Scale | None":
        """The scale that a version learned; None where it is not known."""
        if version not in self._learned:
            model = self._models.get(version)
            self._learned[version] = learned(model) if model else None
        return self._learned[version]

    def fits(self, version: str) -> bool:
        """Whether a version learned the points of the present scale, whatever they were called.

        So it is taken where its scale is not known: a version without its files cannot suggest anything either.
        """
        its = self.learned(version)
        return its is None or its.scores == self.now.scores

    def names(self, version: str) -> Mapping[str, str]:
        """The present name of every point, and of every side, that a version learned; empty where it does not fit."""
        its = self.learned(version)
        if its is None or not self.fits(version):
            return {}
        pairs = ((its, self.now), (its.collapsed(), self.now.collapsed()))
        return {old: name for then, now in pairs for old, name in zip(then.names, now.names, strict=True)}

    def renamed(self, said: Said, version: str) -> Said:
        """What a version said, by the places of its points: it may have been kept under earlier names.

        As it stands where the version does not fit, or is not known.
        """
        if self.learned(version) is None or not self.fits(version):
            return said
        its = next((each for each in (self.now, self.now.collapsed()) if each.size == len(said.points)), None)
        if its is None:
            return said
        names = dict(zip(said.points, its.names, strict=True))
        return replace(said, points=its.names, labels=tuple(names[label] for label in said.labels))


def under_present_name(names: PresentNames, told: Told) -> Told:
    """What was told, about the subject under its present name: it may have been renamed or merged since."""
    return replace(told, subject=names.now_of(CodeKind.SUBJECT, told.subject, told.recorded_at))


def tones_now(store: Store, mission: Mission, at: Moment | None = None) -> dict[str, str]:
    """The present name of every tone that is on the scale, or was on an earlier scale of the same points.

    `mission` is the codebook of the moment. A name that now stands for a point of the scale always means that point.
    """
    now = scale_of(mission)
    known: dict[str, str] = {}
    for written in _codebooks(store, at):
        points = sorted(json.loads(written)["tone"], key=lambda point: float(point["score"]))
        if tuple(float(point["score"]) for point in points) == now.scores:
            known |= zip((point["name"] for point in points), now.names, strict=True)
    return known | {name: name for name in now.names}


def _codebooks(store: Store, at: Moment | None) -> list[str]:
    """Every codebook up to a moment as it was written, the oldest first."""
    table = schema.codebook.c
    with reading(store.engine) as connection:
        newest = at.version if at else records.codebook_version(connection)
        rows = select(table.mission).where(table.version <= newest).order_by(table.version)
        return list(connection.execute(rows).scalars())
