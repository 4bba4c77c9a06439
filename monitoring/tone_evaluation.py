"""How good the suggestions of a mission's own model are, from what is on record: no model runs here.

Two sets of rows judge a version. *Held out*: the labels it was trained on, each predicted while its airing was left
out, which the training wrote beside the version. *Since*: what the version said at the desk, beside the tone that the
coder had given, or gave, without having seen it, on segments coded after the version was made.

Points that the mission renamed since are judged under their present names, in both sets; a version of another scale
than the mission's is not judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import select

from coding.mission.model import Mission
from coding.store import Store, schema
from coding.store.engine import reading
from coding.store.suggestions import Told, all_told
from coding.store.tone_models import ToneModel
from coding.suggestions.labels import blind, first_shown
from coding.suggestions.policy import scale_of
from coding.suggestions.scales import Present, points_of, tones_now
from models.evaluation.evaluate import BETWEEN, PROBABILITY, Evaluation, evaluate_predictions, read_predictions
from models.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

HELD_OUT, SINCE = "held_out", "since"
AT_MOST = 200
"""Segments behind a figure that a screen shows."""
READ = ("segment_id", "revision", "suggestion", "retracted", "recorded_at", "subject", "tone", "format")
BEHIND = ("outlet", "subject", "tone", "said", "confidence", "text")


@dataclass(frozen=True)
class Spoken:
    """Whether a version may speak a language on this mission, on what that rests, and the `reason` where it may not.

    `accuracy` and `majority` are fractions of the `labels` (held-out rows) of that language: how many the model got
    right, and how many always saying the commonest tone would have. `low` and `high` bound their difference; only
    where `low` is above zero the model has earned to speak. None where it was not measured.
    """

    language: str
    earned: bool
    reason: str
    labels: int
    airings: int
    accuracy: float | None
    majority: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class _Code:
    subject: str
    tone: str
    format: str


def spoken(model: ToneModel) -> tuple[Spoken, ...]:
    """Every language of a version's report, those that it may speak first."""
    found = [_spoken(language, report) for language, report in model.languages.items()]
    return tuple(sorted(found, key=lambda each: (not each.earned, -each.labels, each.language)))


def _spoken(language: str, report: "Mapping[str, Any]") -> Spoken:
    figures = (report.get(name) for name in ("accuracy", "majority", "low", "high"))
    counts = (int(report.get(name, 0)) for name in ("labels", "airings"))
    return Spoken(language, bool(report.get("earned")), str(report.get("reason", "")), *counts, *figures)


def predictions(store: Store, model: ToneModel, source: str) -> pd.DataFrame | None:
    """The rows that judge a version, as `evaluate_predictions` reads them, with their segment_id.

    None where there are none, or none yet. Raises models.refusal.Refused for a version of another scale than the
    mission's.
    """
    present = Present(store, store.mission())
    if not present.fits(model.version):
        raise Refused(_other_scale(present, model.version))
    found = _held_out(present, model) if source == HELD_OUT else coded_since(store, model)
    return None if found is None or found.empty else found


def _other_scale(present: Present, version: str) -> str:
    its = present.learned(version)
    points = [points_of(scale) for scale in (its, present.now) if scale is not None]
    return f"Version {version} was trained for another tone scale: {'; the mission now has: '.join(points)}."


def _held_out(present: Present, model: ToneModel) -> pd.DataFrame | None:
    """The predictions of the training, under the present names of the points."""
    found, names = read_predictions(model.path), present.names(model.version)
    if found is None or not names:
        return found
    told = found.rename(columns={f"{PROBABILITY}{old}": f"{PROBABILITY}{name}" for old, name in names.items()})
    labels = [BETWEEN.join(names.get(each, each) for each in said.split(BETWEEN)) for said in told["labels"]]
    return told.assign(tone=[names.get(tone, tone) for tone in told["tone"]], labels=labels)


def judged(rows: pd.DataFrame, mission: Mission) -> Evaluation:
    """The figures of these rows on the mission's scale; parts with fewer rows than its minimum are marked as few.

    Raises models.refusal.Refused where the rows do not fit the mission's scale.
    """
    return evaluate_predictions(rows, scale_of(mission), minimum=mission.minimum_segments)


def coded_since(store: Store, model: ToneModel) -> pd.DataFrame:
    """What a version said of segments coded after it was made, beside the tone given without seeing a suggestion.

    Columns: segment_id, language, subject, outlet, format, tone, group (the airing), p_<point>, labels, silent. A
    segment that was drawn to go without a suggestion is in: the model was asked, and nobody was told.
    """
    told, mission = all_told(store), store.mission()
    present, tones = Present(store, mission), tones_now(store, mission)
    mine: dict[str, Told] = {}
    for each in told:
        if each.model == model.version:
            mine.setdefault(each.segment_id, present.renamed(each, each.model))
    codes = _blind_codes(store, first_shown(told), model, tones)
    outlets = {airing.airing_id: airing.outlet for airing in store.airings()}
    pairs = ((each, codes.get(name)) for name, each in mine.items())
    # a segment that became one about somebody else has another answer
    rows = [_row(each, code, outlets) for each, code in pairs if code and code.subject == each.subject]
    return pd.DataFrame(rows)


def _blind_codes(
    store: Store, shown_after: dict[str, int], model: ToneModel, tones: "Mapping[str, str]"
) -> "dict[str, _Code]":
    """The newest code of each segment that no suggestion came before, by the present name (`tones`) of its tone.

    Only segments that were first recorded after the version was made, and that still stand.
    """
    segment = schema.segment.c
    asked = select(schema.suggestion.c.segment_id).where(schema.suggestion.c.model == model.version)
    read = select(*(segment[name] for name in READ)).where(segment.segment_id.in_(asked))
    revisions: dict[str, list[dict[str, Any]]] = {}
    with reading(store.engine) as connection:
        for row in connection.execute(read.order_by(segment.revision)).mappings():
            revisions.setdefault(row["segment_id"], []).append(dict(row))
    found = {
        name: blind(rows, shown_after.get(name))
        for name, rows in revisions.items()
        # of what was there before, the version may have learned
        if rows[0]["recorded_at"] > model.made_at and not rows[-1]["retracted"]
    }
    codes = {
        name: _Code(row["subject"], tones.get(row["tone"], row["tone"]), row["format"])
        for name, row in found.items()
        if row
    }
    return {name: code for name, code in codes.items() if code.tone}


def _row(told: Told, code: _Code, outlets: dict[str, str]) -> dict[str, Any]:
    shares = zip(told.points, told.probabilities, strict=True)
    return {
        "segment_id": told.segment_id,
        "language": told.language,
        "subject": told.subject,
        "outlet": outlets.get(told.airing_id, ""),
        "format": code.format,
        "tone": code.tone,
        "group": told.airing_id,
        "labels": BETWEEN.join(told.labels),
        "silent": told.silent,
        **{f"{PROBABILITY}{point}": share for point, share in shares},
    }


def behind(store: Store, rows: pd.DataFrame, mission: Mission, tone: str, said: str) -> tuple[pd.DataFrame, int]:
    """Segments to which coders gave `tone` and for which the model held `said` likeliest, the surest first.

    Columns: outlet, subject, tone (the coder's own point), said, confidence (0 to 1), text. At most AT_MOST of them,
    and how many there are.
    """
    from models.evaluation.judged import judged_rows

    told = judged_rows(rows, scale_of(mission))
    names = told.scale.names
    known = pd.Series(told.probabilities.max(axis=1), index=rows.index)
    likeliest = pd.Series(told.probabilities.argmax(axis=1), index=rows.index)
    chosen = known.notna() & (told.truth == names.index(tone)) & (likeliest == names.index(said))
    first = rows[chosen].assign(confidence=known[chosen], said=said).sort_values("confidence", ascending=False)
    shown = first.head(AT_MOST)
    texts = _texts(store, list(shown["segment_id"]))
    return shown.assign(text=shown["segment_id"].map(texts).fillna(""))[list(BEHIND)], len(first)


def _texts(store: Store, segment_ids: Sequence[str]) -> dict[str, str]:
    return {segment.segment_id: segment.text for segment in store.segments_by_id(segment_ids)}
