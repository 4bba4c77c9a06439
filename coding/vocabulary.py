"""The words of the field, once. Every table, screen and command takes them from here."""

import re
import unicodedata
from enum import StrEnum


class Unit(StrEnum):
    """What an amount is counted in. Amounts of two units are never added."""

    MS = "ms"
    MM2 = "mm2"
    LINES = "lines"


class Medium(StrEnum):
    TV = "tv"
    RADIO = "radio"
    NEWSPAPER = "newspaper"
    ONLINE = "online"


class Ownership(StrEnum):
    STATE = "state"
    PUBLIC = "public"
    PRIVATE = "private"
    COMMUNITY = "community"
    UNKNOWN = "unknown"


class SubjectKind(StrEnum):
    PARTY = "party"
    COALITION = "coalition"
    CANDIDATE = "candidate"
    OFFICIAL = "official"
    BODY = "body"
    OTHER = "other"


class AiringKind(StrEnum):
    """A programme of a broadcaster, an issue of a paper, or imported totals without airings."""

    PROGRAMME = "programme"
    ISSUE = "issue"
    AGGREGATE = "aggregate"


class Role(StrEnum):
    """The capacity in which a subject appears, judged per segment."""

    CONTESTANT = "contestant"
    INSTITUTION = "institution"
    SUPPORTER = "supporter"


class Speech(StrEnum):
    """Heard in the own voice, reported by others, or neither."""

    DIRECT = "direct"
    REPORTED = "reported"
    NONE = "none"


class Selected(StrEnum):
    """Why this piece was coded: drawn at random, chosen as uncertain, or assigned."""

    RANDOM = "random"
    UNCERTAIN = "uncertain"
    ASSIGNED = "assigned"


class SuggestionShown(StrEnum):
    """Whether the coder saw a model's suggestion before or after the own first code."""

    NEVER = "never"
    BEFORE = "before"
    AFTER = "after"


class PersonRole(StrEnum):
    """What a person does in the mission; `coding/people/rights.py` says what each may do."""

    CODER = "coder"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    VIEWER = "viewer"
    ADMIN = "admin"


class Purpose(StrEnum):
    """Why an airing was given to a coder: to be coded, to be coded a second time, blind, or to train or test with.

    What is coded in training or in a test is held against an agreed coding, and enters no result.
    """

    CODING = "coding"
    DOUBLE = "double"
    TRAINING = "training"
    TEST = "test"


PRACTICE = (Purpose.TRAINING, Purpose.TEST)
"""Purposes whose codings enter no result and no measure of agreement between coders."""


class Progress(StrEnum):
    """How far a coder is with an assigned airing."""

    ASSIGNED = "assigned"
    DONE = "done"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class RecordingKind(StrEnum):
    """What a stored file holds: moving pictures, sound alone, or one page of a paper."""

    VIDEO = "video"
    AUDIO = "audio"
    PAGE = "page"


class CodeKind(StrEnum):
    """What a name of the codebook names; a segment has a column of each kind."""

    SUBJECT = "subject"
    TOPIC = "topic"
    FORMAT = "format"
    TONE = "tone"


class IncidentKind(StrEnum):
    """What an incident is about: what numbers cannot show."""

    EDITED = "edited"
    REFUSED = "refused"
    SILENCE = "silence"
    COMPLAINT = "complaint"
    OBSTRUCTION = "obstruction"
    OTHER = "other"


UNIT_OF_MEDIUM = {Medium.TV: Unit.MS, Medium.RADIO: Unit.MS, Medium.NEWSPAPER: Unit.MM2, Medium.ONLINE: Unit.MM2}


def canonical(text: str) -> str:
    """One spelling for one name: Unicode NFC, no space at the ends, single spaces inside.

    Composed and decomposed forms and a trailing space otherwise make two parties of one.

    >>> canonical(" Nur  Otan ")
    'Nur Otan'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def matching_key(text: str) -> str:
    """The form under which names and aliases are compared: canonical, without case."""
    return canonical(text).casefold()
