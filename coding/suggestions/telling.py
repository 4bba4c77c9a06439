"""Telling a coder what a model suggests: by the mission's policy, once for each segment, and always on record.

Three steps, so that the server waits without holding anything: what shall be asked (`about_segment`, `about_draft`),
the question to the worker, and what it said into the store (`kept`). A segment that was drawn to go without a
suggestion takes the same way: the model is asked and its answer recorded, and the coder is told none.

A segment is told once about a subject. Who asks again, also after the text was changed or with another model in use,
gets what was told the first time: a second look would let coders ask until the answer suits.

Points that the mission renamed since a version was trained are told, and kept, under their present names; on another
scale than the version's nothing is told (`coding/suggestions/scales.py`).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from coding.languages import Translate
from coding.mission.model import Mission, ShowSuggestions
from coding.mission.parts import Name
from coding.problems import Problem, ProblemsFound
from coding.segment import MOST
from coding.store import Store
from coding.store.assignments import standing
from coding.store.codebook_changes import present_names
from coding.store.engine import reading
from coding.store.subtitles import text_between
from coding.store.suggestions import Told, record_told, told_of
from coding.store.tone_models import ToneModel, model_in_use
from coding.suggestions.policy import language_code, target_of, withheld
from coding.suggestions.reached import language_name
from coding.suggestions.scales import SCALE, Present, under_present_name
from coding.suggestions.worker import Answer, NoAnswer, Question
from coding.vocabulary import PRACTICE, Purpose

NO_TEXT, NO_TONE, LATER = "no_text", "no_tone", "later"
WITHHELD = "withheld"
"""Reasons of the desk, beside those for which a model is silent (`models.suggestion.Silence`)."""

Span = Annotated[int, Field(ge=0, le=MOST)] | None


class Draft(BaseModel):
    """A segment before its first code, where the mission shows suggestions before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segment_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")]
    airing_id: Name
    subject: Name
    text: Annotated[str, Field(max_length=32_767)] = ""
    language: Annotated[str, Field(max_length=40)] = ""
    start_ms: Span = None
    end_ms: Span = None


class Asked(BaseModel):
    """What the desk sends: a stored segment by its id, or a draft."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segment_id: str = ""
    draft: Draft | None = None


@dataclass(frozen=True)
class Nothing:
    """There is nothing to tell and nothing to record; `reason` is a key of the words, empty where none is due."""

    reason: str = ""


@dataclass(frozen=True)
class Pending:
    """A question, and the row that its answer will fill."""

    question: Question
    row: Told


def shows(store: Store, mission: Mission, airing_id: str, coder: str) -> ShowSuggestions:
    """When this coder sees suggestions in this airing.

    Never where the mission wants none, where no model is in use, and in a second coding, in training and in a test,
    which have to be blind.
    """
    if mission.suggestions.show == ShowSuggestions.OFF or model_in_use(store) is None:
        return ShowSuggestions.OFF
    with reading(store.engine) as connection:
        mine = standing(connection, airing_id, coder)
    alone = any(each.purpose in (Purpose.DOUBLE, *PRACTICE) for each in mine)
    return ShowSuggestions.OFF if alone else mission.suggestions.show


def about_segment(store: Store, segment_id: str) -> Pending | Told | Nothing:
    """What is to be asked about a stored segment, what was told of it already, or nothing.

    Asked only after the coder's own tone. Raises ProblemsFound for a segment that the store does not have.
    """
    held = store.history(segment_id)
    if not held:
        raise ProblemsFound([Problem("unknown_segment", column="segment_id", value=segment_id)])
    segment, mission = held[-1].segment, store.mission()
    if shows(store, mission, segment.airing_id, segment.coder) != ShowSuggestions.AFTER or held[-1].retracted:
        return _told_before(store, mission, segment_id, segment.subject) or Nothing()
    if not segment.tone:
        return Nothing(NO_TONE)
    given = (segment_id, segment.airing_id, segment.subject, segment.text, language_code(segment.language))
    draft = Draft(
        **dict(zip(("segment_id", "airing_id", "subject", "text", "language"), given, strict=True)),
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
    )
    return _pending(store, mission, draft, segment.coder, segment.revision, segment.tone)


def about_draft(store: Store, draft: Draft, coder: str) -> Pending | Told | Nothing:
    """The same about a segment that is not coded yet, where the mission shows suggestions before the code.

    Raises ProblemsFound for an airing or a subject that the mission does not have.
    """
    mission = store.mission()
    if shows(store, mission, draft.airing_id, coder) != ShowSuggestions.BEFORE:
        return Nothing()
    if store.history(draft.segment_id):  # coded meanwhile, and so without a suggestion
        return _told_before(store, mission, draft.segment_id, draft.subject) or Nothing()
    return _pending(store, mission, draft, coder, 0, "")


def _told_before(store: Store, mission: Mission, segment_id: str, subject: str) -> Told | None:
    """What was told of a segment, under the present names; nothing is shown of it on another scale."""
    names = present_names(store)
    every = (under_present_name(names, told) for told in told_of(store, segment_ids=[segment_id]))
    told = next((told for told in every if told.subject == subject), None)
    if told is None:
        return None
    present = Present(store, mission)
    if told.shown and not present.fits(told.model):
        return replace(told, shown=False, silent=SCALE)
    return present.renamed(told, told.model)


def _pending(
    store: Store, mission: Mission, draft: Draft, coder: str, revision: int, tone: str
) -> Pending | Told | Nothing:
    before, model = _told_before(store, mission, draft.segment_id, draft.subject), model_in_use(store)
    if before is not None:
        return before
    if model is not None and not Present(store, mission).fits(model.version):
        return Nothing(SCALE)
    text, language = _text(store, draft)
    if model is None or not text.strip():
        return Nothing(NO_TEXT if model else "")
    question = _question(store, mission, draft, model, text, language)
    drawn = withheld(mission.id, draft.segment_id, mission.suggestions.withheld)
    sha = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    names = (draft.segment_id, draft.airing_id, coder, draft.subject)
    row = Told(*names, revision, sha, language, (), (), (), "", model.version, drawn, False, tone)
    return Pending(question, row)


def _question(store: Store, mission: Mission, draft: Draft, model: ToneModel, text: str, language: str) -> Question:
    airing = store.airing(draft.airing_id)
    if airing is None:
        raise ProblemsFound([Problem("unknown_airing", column="airing_id", value=draft.airing_id)])
    return Question(str(model.path), text, target_of(mission, draft.subject, airing.date), language)


def _text(store: Store, draft: Draft) -> tuple[str, str]:
    """The coder's summary or quote, else what the subtitles say there; and its language, where somebody said it."""
    if draft.text.strip() or draft.start_ms is None or draft.end_ms is None:
        return draft.text, language_code(draft.language)
    return text_between(store, draft.airing_id, draft.start_ms, draft.end_ms)


def kept(store: Store, pending: Pending, answer: Answer) -> Told | Nothing:
    """Record what the model said, and whether the coder is shown it; returns what is on record.

    Nothing is where the mission has changed to another scale while the model was asked.
    """
    present, version = Present(store, store.mission()), pending.row.model
    if not present.fits(version):
        return Nothing(SCALE)
    answer = present.renamed(answer, version)
    row = replace(
        pending.row,
        language=answer.language,
        points=answer.points,
        probabilities=answer.probabilities,
        labels=answer.labels,
        silent=answer.silent,
        shown=not pending.row.withheld and not answer.silent and bool(answer.labels),
    )
    if row.revision == 0:  # who saved while the model was asked has coded without it, and sees it after
        coded = store.history(row.segment_id)
        if coded:
            row = replace(row, revision=coded[-1].revision, tone_before=coded[-1].segment.tone)
    return present.renamed(record_told(store, row), version)


def in_words(told: Told | Nothing | NoAnswer, tones: Sequence[str], t: Translate) -> dict[str, Any]:
    """What the desk shows: the labels and how likely they are, or why there are none. Nothing of what is withheld.

    `take` is the tone that the coder can take over; empty where what is suggested is not one tone of the mission.
    What is not `recorded` (there was no text, or no answer) can be asked for again.
    """
    if isinstance(told, Told) and told.shown:
        best = max(told.labels, key=lambda label: told.probabilities[told.points.index(label)])
        return {
            "shown": True,
            "labels": list(told.labels),
            "probability": probability(told),
            "best": best,
            "take": best if best in tones else "",
            "model": told.model,
            "language": language_name(t, told.language),
            "reason": "",
            "recorded": True,
        }
    if isinstance(told, Told):
        reason = WITHHELD if told.withheld else told.silent
    else:
        reason = LATER if isinstance(told, NoAnswer) else told.reason
    words = t(f"desk.suggestion.why.{reason}") if reason else ""
    none = {"shown": False, "labels": [], "probability": None, "best": "", "take": "", "model": "", "language": ""}
    return none | {"reason": words, "recorded": isinstance(told, Told)}


def probability(told: Told) -> float | None:
    """How likely the labels are together; None where there are none."""
    if not told.labels:
        return None
    return min(1.0, sum(told.probabilities[told.points.index(label)] for label in told.labels))
