"""From a draft to a checked segment: names, amounts and dates read as declared, the airing found, an identity made."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from coding.exchange.airings import AiringIndex, Totals
from coding.exchange.cells import CellError, amount, day
from coding.exchange.mapping import FileMapping
from coding.exchange.names import Spellings
from coding.exchange.rows import Draft
from coding.mission.model import Airing, Mission
from coding.mission.tables import checked
from coding.problems import Problem
from coding.segment import FIELDS, Segment
from coding.segment_checks import Rules
from coding.store.codebook_changes import PresentNames
from coding.vocabulary import CodeKind, canonical

ROWS = UUID("6f0d6a0e-6a57-5d0c-9a43-0d6a3c1a7b11")
"""Namespace of the identities that imported rows get; never change it, or every earlier import comes in again."""
TOTAL_KEY = ("airing_id", "subject", "role", "speech", "tone", "format", "topic")
NOT_CONTENT = frozenset({"segment_id", "revision", "codebook_version"})
IMPORTER = "import"
UNNAMED = str(UUID(int=0))


@dataclass
class Builder:
    """Makes the segments of one file; fills `problems`, `lines` (of segment ids) and `zero` (such lines)."""

    file: str
    mapping: FileMapping
    mission: Mission
    airings: AiringIndex | Totals
    codebook_version: int
    present: PresentNames = field(default_factory=PresentNames)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    zero: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._spellings = {"subject": Spellings.of_subjects(self.mission), "outlet": Spellings.of_outlets(self.mission)}
        self._rules = Rules.of(self.mission, ())
        self._seen: Counter[str] = Counter()

    def segment(self, draft: Draft) -> Segment | None:
        """The checked segment, or None after its problems were kept, or for an amount of zero that is skipped."""
        before = len(self.problems)
        fields = {name: text for name, text in draft.fields.items() if text}
        self._resolve(draft, fields)
        amounts = self._amounts(draft, fields)
        self._date(draft, fields)
        airing = self._airing(draft, fields) if len(self.problems) == before else None
        named = airing is not None and self._on_its_day(draft, fields, airing)
        segment = self._checked(draft, self._given(fields, amounts, airing), airing) if airing and named else None
        if segment is not None and segment.amount == 0 and self.mapping.skip_zero:
            self.zero.add(draft.line)
            return None
        return None if segment is None else self._identified(draft, segment)

    def _resolve(self, draft: Draft, fields: dict[str, str]) -> None:
        """Subject and outlet under their canonical names, other codes under the names that they were given since."""
        for kind in (CodeKind.TOPIC, CodeKind.FORMAT, CodeKind.TONE):
            if kind in fields:
                fields[kind] = self.present.since(kind, canonical(fields[kind]), self.mission.names(kind))
        for name, spellings in self._spellings.items():
            written = fields.get(name, "")
            found = spellings.name(written)
            if found is not None:
                fields[name] = found
            elif spellings.of_several(written):
                continue  # its day tells, which is not known yet
            elif not written and (name == "subject" or self.mapping.aggregate):
                self._keep(draft, name, "missing_value", written)
            elif written and (near := spellings.nearest(written)):
                self._keep(draft, name, "unknown_near", written, {"nearest": near})
            elif written:
                self._keep(draft, name, "unknown_name", written, {"known": spellings.some()})

    def _on_its_day(self, draft: Draft, fields: dict[str, str], airing: Airing) -> bool:
        """A spelling that means another subject on other days, by the day of its airing; False where it means none."""
        spellings, written = self._spellings["subject"], fields.get("subject", "")
        several = spellings.of_several(written)
        if not several:
            return True
        found = spellings.name(written, airing.date)
        if found is None:
            self._keep(draft, "subject", "alias.other_days", written, {"day": airing.date, "several": several})
            return False
        fields["subject"] = found
        return True

    def _amounts(self, draft: Draft, fields: dict[str, str]) -> dict[str, int]:
        """start_ms, end_ms and amount as integers, as far as given; an interval needs no amount."""
        amounts: dict[str, int] = {}
        wanted: list[tuple[str, str]] = [
            (name, self.mapping.time_as) for name in ("start_ms", "end_ms") if name in fields
        ]
        if "amount" in fields or not wanted:
            wanted.append(("amount", self.mapping.amount_as))
        for name, reading in wanted:
            text = fields.pop(name, "")
            try:
                amounts[name] = amount(text, reading, self.mapping.file.decimal)
            except CellError as refused:
                self._keep(draft, name, refused.key, text, refused.values)
        return amounts

    def _date(self, draft: Draft, fields: dict[str, str]) -> None:
        if "date" in fields:
            try:
                fields["date"] = day(fields["date"], self.mapping.file.date_order).isoformat()
            except CellError as refused:
                self._keep(draft, "date", refused.key, fields["date"], refused.values)

    def _airing(self, draft: Draft, fields: Mapping[str, str]) -> Airing | None:
        try:
            return self.airings.find(fields)
        except CellError as refused:
            self._keep(draft, "airing_id", refused.key, str(refused.values["stated"]), refused.values)
            return None

    def _given(self, fields: Mapping[str, str], amounts: Mapping[str, int], airing: Airing) -> dict[str, Any]:
        """What the segment is made of. Without a date of coding it gets its airing's day.

        (An identity must not depend on when somebody imported.)
        """
        given = {name: text for name, text in fields.items() if name in FIELDS}
        if "suggested_probability" in given:
            given["suggested_probability"] = given["suggested_probability"].replace(self.mapping.file.decimal, ".")
        usual = {"segment_id": UNNAMED, "coder": IMPORTER, "coded_at": f"{airing.date}T00:00:00Z"}
        fixed = {"codebook_version": self.codebook_version, **usual}
        return {**fixed, **given, **amounts, "airing_id": airing.airing_id}

    def _checked(self, draft: Draft, given: Mapping[str, Any], airing: Airing) -> Segment | None:
        found: list[Problem] = []
        segment = checked(Segment, given, self.file, draft.line, found)
        if segment is not None:
            rules = replace(self._rules, airings={airing.airing_id: airing})
            found += rules.problems(segment)
            unit = rules.unit(segment, airing)
            if self.mapping.unit not in (None, unit):
                values = {"unit": unit, "reading": self.mapping.amount_as}
                found.append(Problem("amount_unit", column="amount", value=str(segment.amount), values=values))
        for problem in found:
            self._keep(draft, problem.column, problem.key, problem.value, problem.values)
        return None if found else segment

    def _identified(self, draft: Draft, segment: Segment) -> Segment | None:
        """The segment under the file's own id, or one that follows from what the row says."""
        if segment.segment_id == UNNAMED:
            segment = segment.model_copy(update={"segment_id": self._identity(draft, segment)})
        first = self.lines.get(segment.segment_id)
        if first is None:
            self.lines[segment.segment_id] = draft.line
            return segment
        if self.mapping.aggregate:
            self._keep(draft, "subject", "total_twice", segment.subject, {"line": first})
        else:
            self._keep(draft, "segment_id", "id_twice", segment.segment_id)
        return None

    def _identity(self, draft: Draft, segment: Segment) -> str:
        """UUID of a row's content and its place among identical rows; of a total: of what it is the total of.

        So a total that comes again with another amount is the same record, and is refused, not added. Names stand
        in it as they were before the codebook gave them others, or the same file would come in twice.
        """
        kept = segment.model_dump(mode="json", exclude=set(NOT_CONTENT))
        kept |= {kind: self.present.first(kind, kept[kind], draft.fields.get(kind, "")) for kind in CodeKind}
        if self.mapping.aggregate:
            kept = {name: kept[name] for name in TOTAL_KEY}
        content = json.dumps(kept, ensure_ascii=False, sort_keys=True)
        place = self._seen[content]
        if not self.mapping.aggregate:
            self._seen[content] += 1
        return str(uuid5(ROWS, f"{content}#{place}"))

    def _keep(self, draft: Draft, name: str, key: str, value: str, values: Mapping[str, Any] | None = None) -> None:
        """A problem in the file's own words: its line, and its name of the column."""
        column = draft.amount_column if name == "amount" else self.mapping.columns.get(name, name)
        self.problems.append(Problem(key, self.file, draft.line, column, value, values or {}))
