"""The versions of the tone model that were trained on a mission, and which of them is in use."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from coding.problems import Problem, ProblemsFound
from coding.store import Store, audit, records, schema
from coding.store.engine import reading, writing
from coding.store.places import data_dir


@dataclass(frozen=True)
class ToneModel:
    """A trained version: nothing of it ever changes but whether it is in use.

    `folder` is its model folder, seen from the data directory. `labels` counts the labels that it learned from,
    `languages` is the report of the training for each language, and `fingerprint` names the record that it read.
    """

    version: str
    folder: str
    made_at: str
    made_by: str
    labels: int
    languages: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    in_use: bool = False

    @property
    def path(self) -> Path:
        """Where its model folder lies on this machine."""
        return data_dir() / self.folder


def add_model(store: Store, model: ToneModel, *, use: bool = False) -> ToneModel:
    """Keep a version, and put it into use where asked. Raises ProblemsFound where a version has that name."""
    with writing(store.engine) as connection:
        if any(held.version == model.version for held in _models(connection)):
            raise ProblemsFound([Problem("tone_model.twice", value=model.version)])
        values = asdict(model)
        del values["in_use"]
        values["languages"] = json.dumps(model.languages, ensure_ascii=False, sort_keys=True)
        connection.execute(insert(schema.tone_model), values)
        audit.record(connection, model.made_by, audit.TONE_MODEL, model.version, 0, values)
        if use:
            _use(connection, model.version, model.made_by)
        return next(held for held in _models(connection) if held.version == model.version)


def use_model(store: Store, version: str, who: str) -> bool:
    """Put a version into use, or none where `version` is empty; False where it stood so already.

    Raises ProblemsFound for a version that the store does not have.
    """
    with writing(store.engine) as connection:
        if version and all(held.version != version for held in _models(connection)):
            raise ProblemsFound([Problem("tone_model.unknown", value=version)])
        if _used(connection) == version:
            return False
        _use(connection, version, who)
        return True


def _use(connection: Connection, version: str, who: str) -> None:
    connection.execute(insert(schema.tone_model_use), {"version": version, **records.stamp(who)})
    audit.record(connection, who, audit.TONE_MODEL, version, 0, {"use": version})


def tone_models(store: Store) -> list[ToneModel]:
    """Every version, the oldest first."""
    with reading(store.engine) as connection:
        return _models(connection)


def model_in_use(store: Store) -> ToneModel | None:
    """The version whose suggestions are shown; None where none is in use."""
    with reading(store.engine) as connection:
        return next((model for model in _models(connection) if model.in_use), None)


def _models(connection: Connection) -> list[ToneModel]:
    used, rows = _used(connection), select(schema.tone_model).order_by(schema.tone_model.c.seq)
    return [_of(row, used) for row in connection.execute(rows).mappings()]


def _used(connection: Connection) -> str:
    table = schema.tone_model_use
    return connection.execute(select(table.c.version).order_by(table.c.seq.desc()).limit(1)).scalar() or ""


def _of(row: Any, used: str) -> ToneModel:
    values = {name: row[name] for name in ToneModel.__dataclass_fields__ if name != "in_use"}
    return ToneModel(**values | {"languages": json.loads(row["languages"]), "in_use": row["version"] == used})
