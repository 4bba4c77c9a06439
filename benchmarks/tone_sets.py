"""The public data sets of tone, read into the table that `models` takes.

NewsMTSC (Hamborg and Donnay, EACL 2021): English political news, tone towards a target. RuSentNE-2023 (Golubev and
others): Russian news, tone towards a named entity. KazSAnDRA (Yeshpanov and Varol, 2024): Kazakh reviews, no target.
They are not part of this project: a folder that holds them is named with `--data`.
"""

import csv
import hashlib
import io
import json
import os
import random
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.target import Target

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"
NEWS_TONES = {2: NEGATIVE, 4: NEUTRAL, 6: POSITIVE}
ENTITY_TONES = {-1: NEGATIVE, 0: NEUTRAL, 1: POSITIVE}
REVIEW_TONES = {0: NEGATIVE, 1: POSITIVE}
NEWS = ("train", "devtest_mt", "devtest_rw")
ENTITIES = ("train_data", "validation_data_labeled")
REVIEWS = ("03_pc_train_rus", "04_pc_valid", "05_pc_test")
POSSESSIVES = ("'s", "’s")
KEPT_BACK = 10
"""Sentences in a hundred of a training file that the ready models were not fitted on."""


@dataclass(frozen=True)
class Row:
    """How is the target presented in this text? `group` is what a split keeps together."""

    text: str
    target: Target
    language: str
    tone: str
    group: str


@dataclass(frozen=True)
class Sets:
    """What the folder holds: the rows of each file, by its name, and what has to be said about the files."""

    news: dict[str, list[Row]] = field(default_factory=dict)
    entities: dict[str, list[Row]] = field(default_factory=dict)
    reviews: dict[str, list[Row]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Files that are not as their set publishes them, each with its reason."""

    @property
    def empty(self) -> bool:
        return not (self.news or self.entities or self.reviews)


def read_sets(folder: Path) -> Sets:
    """Every file of the three sets under this folder, at any depth, links followed.

    A file that cannot be read is told in `unread`, and the others are read all the same. Of two files of one name the
    first by its path is taken.
    """
    found = Sets()
    for path in _files(folder):
        name = path.stem.lower()
        kind = _kind(found, name + path.suffix.lower())
        if kind is None:
            continue
        rows, read = kind
        if name in rows:
            found.notes.append(f"{path} is left out: another file of that name was read before it")
            continue
        try:
            told = read(path)
        except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as error:
            found.unread.append(f"{path} cannot be read: {type(error).__name__}: {error}")
            continue
        if told:
            rows[name] = told
        else:
            found.unread.append(f"{path} holds no row")
    return found


def _files(folder: Path) -> list[Path]:
    """The files under a folder, links followed, none twice."""
    places: dict[Path, Path] = {}
    seen: set[Path] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        here = Path(place).resolve()
        if here in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add(here)
        for name in names:
            places.setdefault((Path(place) / name).resolve(), Path(place) / name)
    return sorted(places.values())


def _kind(found: Sets, name: str) -> tuple[dict[str, list[Row]], Callable[[Path], list[Row]]] | None:
    """Where the rows of a file of this name belong and what reads it; None for a file of no set."""
    if name in (f"{each}.jsonl" for each in NEWS):
        return found.news, news_rows
    if name in (f"{each}.csv" for each in ENTITIES):
        return found.entities, entity_rows
    return (found.reviews, review_rows) if name in (f"{each}.zip" for each in REVIEWS) else None


def _bare(mention: str) -> str:
    """The name without the possessive and the signs around it, which belong to the sentence."""
    name = mention.strip().strip("\"'“”’‘—-–[]() ")
    for ending in POSSESSIVES:
        name = name.removesuffix(ending)
    return name.split(" (")[0]


def news_rows(path: Path) -> list[Row]:
    """NewsMTSC: one row for each target; the other targets of its sentence are the bystanders."""
    rows = []
    for line in path.read_text(encoding="utf-8-sig").split("\n"):  # a sentence may hold other ends of lines
        if not line.strip():
            continue
        given = json.loads(line)
        names = [_bare(target["mention"]) for target in given["targets"]]
        for place, target in enumerate(given["targets"]):
            others = dict.fromkeys(name for name in names if name != names[place])
            asked = Target(names[place], (names[place],), tuple((name,) for name in others))
            tone = NEWS_TONES[int(target["polarity"])]
            rows.append(Row(given["sentence_normalized"], asked, "en", tone, given["sentence_normalized"]))
    return rows


def entity_rows(path: Path) -> list[Row]:
    """RuSentNE: one row for each entity; the other entities of its sentence are the bystanders."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        given = list(csv.DictReader(file, delimiter="\t"))
    by_sentence: dict[str, dict[str, None]] = defaultdict(dict)
    for row in given:
        by_sentence[row["sentence"]][row["entity"]] = None
    rows = []
    for row in given:
        others = tuple((name,) for name in by_sentence[row["sentence"]] if name != row["entity"])
        asked = Target(row["entity"], (row["entity"],), others)
        rows.append(Row(row["sentence"], asked, "ru", ENTITY_TONES[int(row["label"])], row["sentence"]))
    return rows


def review_rows(path: Path) -> list[Row]:
    """KazSAnDRA: one row for each review; nobody is named, so the whole text is what is judged."""
    rows = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".csv") and not name.startswith("__MACOSX/"):
                with io.TextIOWrapper(archive.open(name), encoding="utf-8-sig", newline="") as file:
                    for row in csv.DictReader(file):
                        text = row["text_cleaned"]
                        rows.append(Row(text, Target(""), "kk", REVIEW_TONES[int(row["label"])], text))
    return rows


def in_development(group: str) -> bool:
    """Whether a sentence of a training file was kept back from the ready models: a tenth of them, by the name alone."""
    return int(hashlib.sha1(group.encode()).hexdigest(), 16) % 100 < KEPT_BACK


def without(rows: Iterable[Row], seen: Iterable[Row]) -> list[Row]:
    """The rows whose sentence stands in none of the others: what a model trained on those has never read."""
    known = {row.group for row in seen}
    return [row for row in rows if row.group not in known]


def drawn(rows: Sequence[Row], labels: int, seed: int) -> tuple[list[Row], list[Row]]:
    """About so many rows drawn at random, whole sentences at a time, and the rest."""
    by_group: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_group[row.group].append(row)
    order = list(by_group)
    random.Random(seed).shuffle(order)  # a draw that anybody can repeat
    taken: list[Row] = []
    rest: list[Row] = []
    for group in order:
        (taken if len(taken) < labels else rest).extend(by_group[group])
    return taken, rest


def columns(rows: Iterable[Row]) -> Iterator[dict[str, str]]:
    """The same rows as the columns of a table that `python -m models` reads."""
    for row in rows:
        yield {
            "text": row.text,
            "target": row.target.name,
            "aliases": " | ".join(row.target.aliases),
            "bystanders": " || ".join(" | ".join(names) for names in row.target.bystanders),
            "language": row.language,
            "tone": row.tone,
            "group": row.group,
        }
