"""The labels that a tone model may learn from: what coders said before a model had said anything to them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from coding.counted_coders import counted_coders, decided_codings, holders
from coding.mission.model import Airing, Mission
from coding.store import Moment, Store, current_rows, schema
from coding.store.codebook_changes import PresentNames, present_names
from coding.store.subtitles import SubtitleFile, subtitled, subtitles_of, text_of
from coding.store.suggestions import Told, all_told
from coding.suggestions.policy import language_code, target_of
from coding.suggestions.scales import tones_now
from coding.vocabulary import AiringKind, SuggestionShown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "segment_id", "text", "target", "aliases", "bystanders", "language", "tone", "group", "subject", "outlet",
    "format", "coder",
)  # fmt: skip
READ = (
    "seq", "segment_id", "revision", "airing_id", "start_ms", "end_ms", "subject", "tone", "format", "text",
    "language", "coder", "suggestion", "retracted",
)  # fmt: skip
SPELLINGS, SUBJECTS = " | ", " || "
LEFT_OUT = ("seen", "no_text", "other_scale", "other_subject")
"""Why a judgement is no label."""
Row = dict[str, Any]


@dataclass(frozen=True)
class LanguageLabels:
    """How many labels a language has of each tone, and from how many airings; "" is a language nobody could tell."""

    language: str
    counts: Mapping[str, int]
    airings: int

    @property
    def labels(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Labels:
    """The labels of a mission, and how many judgements are none, by reason: LEFT_OUT.

    `seen` had a suggestion in view first, `no_text` have nothing to read; `other_scale` have a tone, and
    `other_subject` a subject, that the mission has no more. `fingerprint` names the record that they were read from.
    """

    table: "pd.DataFrame"
    fingerprint: str = ""
    seen: int = 0
    no_text: int = 0
    other_scale: int = 0
    other_subject: int = 0

    @property
    def left_out(self) -> dict[str, int]:
        """How many judgements are no label, for each reason."""
        return {name: getattr(self, name) for name in LEFT_OUT}

    @cached_property
    def by_language(self) -> tuple["LanguageLabels", ...]:
        """The labels of each language, the one with the most first."""
        found = [
            LanguageLabels(str(language), Counter(its["tone"]), its["group"].nunique())
            for language, its in self.table.groupby("language", sort=True)
        ]
        return tuple(sorted(found, key=lambda each: -each.labels))


def label_table(store: Store) -> "pd.DataFrame":
    """One row for each label of the counted coders.

    Columns: segment_id, text, target, aliases, bystanders, language (ISO code, "" where it cannot be told), tone (a
    point of the mission's scale, under its present name), group (the airing: rows of one airing are never parted
    between learning and judging), subject, outlet, format, coder. Spellings are parted by " | ", bystanders by " || ".

    The tone is that of the newest revision which the coder wrote before seeing a suggestion about the segment; a
    segment with none such, a retracted one, and one without a tone or a text is no label. The text is that of the
    revision, else the subtitles of its seconds.
    """
    return labels_of(store).table


def labels_of(store: Store) -> Labels:
    """The labels, and how many judgements are none."""
    import pandas as pd

    reader = _Reader(store, store.moment())
    rows = list(reader.rows())
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return Labels(table, reader.at.fingerprint, **{name: reader.left_out[name] for name in LEFT_OUT})


@dataclass
class _Reader:
    """Reads the labels of one moment; `left_out` counts what is none, by reason."""

    store: Store
    at: Moment
    left_out: Counter[str] = field(default_factory=Counter)
    _targets: dict[tuple[str, date], tuple[str, str]] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """Each counted segment whose blind code may teach, in the order of the record."""
        mission = self.store.mission(self.at)
        subjects, tones = {each.name for each in mission.subjects}, tones_now(self.store, mission, self.at)
        present = present_names(self.store, self.at)
        airings = {each.airing_id: each for each in self.store.airings(self.at) if each.kind != AiringKind.AGGREGATE}
        texts = _Texts(self.store)
        for newest, label in self._counted():
            airing = airings.get(newest["airing_id"])
            if airing is None or not newest["tone"]:
                continue
            if label is None or not label["tone"]:
                self.left_out["seen"] += 1
            elif (label := _named_now(present, label))["tone"] not in tones:
                self.left_out["other_scale"] += 1
            elif label["subject"] not in subjects:
                self.left_out["other_subject"] += 1
            else:
                text, language = texts.of(label)
                if text.strip():
                    yield self._label(mission, airing, label | {"tone": tones[label["tone"]]}, text, language)
                else:
                    self.left_out["no_text"] += 1

    def _counted(self) -> Iterator[tuple[Row, Row | None]]:
        """The newest revision of every segment that counts, and the newest one that is blind."""
        shown = first_shown(all_told(self.store))
        revisions: dict[str, list[Row]] = {}
        for values in current_rows(self.store, schema.segment, READ, self.at.segment_seq):
            row = dict(zip(READ, values, strict=True))
            revisions.setdefault(row["segment_id"], []).append(row)
        stored: dict[tuple[str, str], int] = {}
        current = []
        for rows in revisions.values():
            rows.sort(key=lambda row: row["revision"])
            if not rows[-1]["retracted"]:
                current.append(rows)
                pair = (rows[-1]["airing_id"], rows[-1]["coder"])
                first = min(row["seq"] for row in rows)
                stored[pair] = min(first, stored.get(pair, first))
        coders = counted_coders(stored, holders(self.store, self.at), decided_codings(self.store, self.at))
        for rows in sorted(current, key=lambda rows: str(rows[-1]["airing_id"])):  # for the subtitles' sake
            if coders.get(rows[-1]["airing_id"]) == rows[-1]["coder"]:
                yield rows[-1], blind(rows, shown.get(rows[-1]["segment_id"]))

    def _label(self, mission: Mission, airing: Airing, row: Row, text: str, language: str) -> Row:
        aliases, bystanders = self._spellings(mission, row["subject"], airing.date)
        return {
            "segment_id": row["segment_id"],
            "text": text,
            "target": row["subject"],
            "aliases": aliases,
            "bystanders": bystanders,
            "language": language_code(language) or _told(text),
            "tone": row["tone"],
            "group": airing.airing_id,
            "subject": row["subject"],
            "outlet": airing.outlet,
            "format": row["format"],
            "coder": row["coder"],
        }

    def _spellings(self, mission: Mission, subject: str, day: date) -> tuple[str, str]:
        if (subject, day) not in self._targets:
            target = target_of(mission, subject, day)
            others = (SPELLINGS.join(spellings) for spellings in target.bystanders)
            self._targets[subject, day] = SPELLINGS.join(target.aliases), SUBJECTS.join(others)
        return self._targets[subject, day]


def _named_now(present: PresentNames, row: Row) -> Row:
    """A row of a segment under the names that the codebook gave since."""
    return row | {kind: present.now(kind, row[kind], row["seq"]) for kind in ("subject", "tone", "format")}


def first_shown(told: Iterable[Told]) -> dict[str, int]:
    """For each segment the revision after which a suggestion was first shown; 0 is before the first code."""
    first: dict[str, int] = {}
    for each in told:
        if each.shown:
            first[each.segment_id] = min(each.revision, first.get(each.segment_id, each.revision))
    return first


def blind(revisions: Sequence[Row], shown_after: int | None) -> Row | None:
    """The newest revision written before any suggestion was seen; None where one was seen before the first code.

    `revisions` are those of one segment, the oldest first, with the columns revision, suggestion and retracted;
    `shown_after` is its entry of `first_shown`. Both the revision's own word and the record of what was told must say
    that it is blind.
    """
    if any(row["suggestion"] == SuggestionShown.BEFORE for row in revisions):
        return None
    unseen = [
        row
        for row in revisions
        if row["suggestion"] == SuggestionShown.NEVER
        and not row["retracted"]
        and (shown_after is None or row["revision"] <= shown_after)
    ]
    return unseen[-1] if unseen else None


class _Texts:
    """The text of segments: their own, else the subtitles of their airing; keeps the files of one airing."""

    def __init__(self, store: Store) -> None:
        self._store, self._with = store, subtitled(store)
        self._airing, self._files = "", list[SubtitleFile]()

    def of(self, row: Row) -> tuple[str, str]:
        """Text and language, both empty where there is none."""
        if row["text"].strip():
            return row["text"], row["language"]
        if row["airing_id"] not in self._with or row["start_ms"] is None:
            return "", ""
        if row["airing_id"] != self._airing:
            self._airing, self._files = row["airing_id"], subtitles_of(self._store, [row["airing_id"]])
        text, language = text_of(self._files, row["start_ms"], row["end_ms"])
        return text, row["language"] or language


@lru_cache(maxsize=50_000)  # a page counts the labels anew after every save; a third of a millisecond for each text
def _told(text: str) -> str:
    from models.language import language_of

    return language_of(text)
