"""The audit chain: every write leaves an entry in the same transaction, tied to the one before by its hash."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from coding.store.schema import audit

START = "0" * 64

SUGGESTED, SUBTITLES, TONE_MODEL = "suggestion", "subtitles", "tone_model"
GOLD, DOUBLE_DRAW, REOPENING = "gold", "double draw", "reopening"
INCIDENT = "incident"
BESIDE = (SUGGESTED, SUBTITLES, TONE_MODEL, GOLD, DOUBLE_DRAW, REOPENING)
"""Actions beside the record: no result rests on what they wrote, so they leave the fingerprint as it is."""


def now() -> str:
    """This instant in UTC, `YYYY-MM-DDThh:mm:ss.mmmZ`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def head(connection: Connection) -> str:
    """Hash of the newest entry, to which the next one is tied."""
    newest = select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    return connection.execute(newest).scalar() or START


def fingerprint(connection: Connection) -> str:
    """Hash of the newest entry on which a result may rest: it names the state of the record.

    A model's suggestion, a file of subtitles or a trained model changes no figure, and so not the fingerprint.
    """
    newest = select(audit.c.hash).where(audit.c.action.not_in(BESIDE)).order_by(audit.c.seq.desc()).limit(1)
    return connection.execute(newest).scalar() or START


def record(
    connection: Connection,
    who: str,
    action: str,
    about: str,
    revision: int = 0,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append an entry; call inside the writing transaction."""
    entry = {
        "at": now(),
        "who": who,
        "action": action,
        "record": about,
        "revision": revision,
        "detail": json.dumps(detail or {}, ensure_ascii=False, sort_keys=True, default=str),
        "previous": head(connection),
    }
    connection.execute(insert(audit), {**entry, "hash": entry_hash(entry)})


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the fields of an entry (all but its own hash and number)."""
    fields = ("at", "who", "action", "record", "revision", "detail", "previous")
    return hashlib.sha256(json.dumps([entry[field] for field in fields], ensure_ascii=False).encode()).hexdigest()
