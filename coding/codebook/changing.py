"""A guided change of names, as a pure step: a mission in, the mission after it out, with what follows in words.

Nothing here knows the store. `coding/codebook/applying.py` carries recorded segments over.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coding.codebook.following import Told, followed
from coding.codebook.subjects import joined_groups, merged_subjects, new_subjects, renamed_subject, split_subject
from coding.mission.checks import check_mission
from coding.mission.model import Format, Mission, Retired, Subject
from coding.problems import Problem, ProblemsFound
from coding.store.codebook_changes import CARRIED, Change
from coding.vocabulary import CodeKind, canonical

OFFERED: Mapping[CodeKind, tuple[Change, ...]] = {
    CodeKind.SUBJECT: tuple(Change),
    CodeKind.TOPIC: tuple(Change),
    CodeKind.FORMAT: tuple(Change),
    CodeKind.TONE: (Change.RENAME,),
}
"""What can be done to names of each kind. Points of the scale carry scores: fewer, more or other ones are another
scale, on which earlier judgements say something else."""


MOST_LETTERS = 200
"""Of a name, as everywhere in a mission."""


@dataclass(frozen=True)
class Wanted:
    """A change as somebody asks for it: old names, new names, and what new subjects or formats are, beyond a name."""

    kind: CodeKind
    change: Change
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    parts: tuple[Subject | Format, ...] = ()

    def __post_init__(self) -> None:
        for side in ("old", "new"):
            names = (canonical(name) for name in getattr(self, side))
            object.__setattr__(self, side, tuple(dict.fromkeys(filter(None, names))))
        if self.change == Change.MERGE:  # what goes on under its own name is not an old name
            object.__setattr__(self, "old", tuple(name for name in self.old if name not in self.new))

    @property
    def carries(self) -> dict[str, str]:
        """The new name of every old one; empty for a change that leaves it to people."""
        return dict.fromkeys(self.old, self.new[0]) if self.change in CARRIED and self.new else {}


@dataclass(frozen=True)
class Changed:
    """The mission after a change, and what follows from it: keys of the catalogue with what fills their places."""

    mission: Mission
    told: tuple[Told, ...] = ()


def changed(mission: Mission, wanted: Wanted, left: Collection[str] = ()) -> Changed:
    """The mission after the change. Raises ProblemsFound with everything that stands in its way.

    `left` are old names of a merge under which some segments have to stay until a person decides about them: these
    names are kept as retired ones.
    """
    problems = _problems(mission, wanted)
    if problems:
        raise ProblemsFound(problems)
    told: list[Told] = []
    after = _DO[wanted.change](mission, wanted, told)
    if left:
        after = _kept_retired(mission, after, wanted, left, told)
    problems = check_mission(after, lambda _: 0, {}, {})
    if problems:
        raise ProblemsFound([replace(problem, file="", line=None) for problem in problems])
    return Changed(after, tuple(told))


def _problems(mission: Mission, wanted: Wanted) -> list[Problem]:
    """What is wrong with the names, before anything is tried."""
    kind, change, known = wanted.kind, wanted.change, mission.names(wanted.kind)
    if change not in OFFERED[kind]:
        return [Problem("codebook.tone_only_renamed")]
    retired = mission.retired_names(kind)
    problems = [
        Problem("unknown_name", column="old", value=name, values={"known": ", ".join(mission.offered(kind))})
        for name in wanted.old
        if name not in known
    ]
    named = (("old", wanted.old), ("new", wanted.new))
    gone = [(column, name) for column, names in named for name in names if name in retired]
    problems += [Problem("codebook.retired_already", column=column, value=name) for column, name in gone]
    problems += _counts(wanted, known)
    if change in (Change.RENAME, Change.NEW):
        taken = [name for name in wanted.new if name in known and name not in wanted.old]
        problems += [Problem(f"codebook.taken_{change}", column="new", value=name) for name in taken]
    long = [name for name in wanted.new if len(name) > MOST_LETTERS]
    problems += [Problem("too_long", column="new", value=name, values={"max_length": MOST_LETTERS}) for name in long]
    return problems


def _counts(wanted: Wanted, known: Collection[str]) -> list[Problem]:
    """Whether there are as many names on either side as the change takes."""
    old, new = len(wanted.old), len(wanted.new)
    joined = wanted.new[0] in known if wanted.new else False
    fits = {
        Change.RENAME: old == 1 and new == 1 and wanted.old != wanted.new,
        Change.MERGE: new == 1 and old >= (1 if joined else 2),
        Change.SPLIT: old == 1 and new >= 2 and wanted.old[0] not in wanted.new,
        Change.NEW: old == 0 and new >= 1,
    }
    return [] if fits[wanted.change] else [Problem(f"codebook.names_{wanted.change}")]


def _rename(mission: Mission, wanted: Wanted, told: list[Told]) -> Mission:
    old, new = wanted.old[0], wanted.new[0]
    if wanted.kind == CodeKind.SUBJECT:
        mission = renamed_subject(mission, old, new, told)
    return followed(_relisted(mission, wanted.kind, {old: new}), wanted.kind, {old: new}, told)


def _merge(mission: Mission, wanted: Wanted, told: list[Told]) -> Mission:
    target, carries = wanted.new[0], wanted.carries
    if wanted.kind == CodeKind.SUBJECT:
        mission = merged_subjects(mission, wanted.old, target, told)
    elif wanted.kind == CodeKind.FORMAT:
        _check_alike(mission, (*wanted.old, target))
    return followed(_relisted(mission, wanted.kind, carries), wanted.kind, carries, told)


def _check_alike(mission: Mission, names: Collection[str]) -> None:
    """Formats of other units, or of which only some are editorial or ask for a tone, are not one format."""
    parts = [part for part in mission.formats if part.name in names]
    rules = {"unit": str, "editorial": str, "needs_tone": str}
    for name in rules:
        if len({getattr(part, name) for part in parts}) > 1:
            raise ProblemsFound([Problem(f"codebook.formats_{name}", value=", ".join(part.name for part in parts))])


def _relisted(mission: Mission, kind: CodeKind, names: Mapping[str, str]) -> Mission:
    """The list of a kind with new names in the places of the old ones, each name once; subjects are done already."""
    if kind == CodeKind.SUBJECT:
        return mission
    if kind == CodeKind.TOPIC:
        return _with(mission, topics=tuple(dict.fromkeys(names.get(name, name) for name in mission.topics)))
    table = "formats" if kind == CodeKind.FORMAT else "tone"
    parts: dict[str, Any] = {}
    for part in getattr(mission, table):
        name = names.get(part.name, part.name)
        parts.setdefault(name, part.model_copy(update={"name": name}))
    return _with(mission, **{table: tuple(parts.values())})


def _split(mission: Mission, wanted: Wanted, told: list[Told]) -> Mission:
    old = wanted.old[0]
    made = [name for name in wanted.new if name not in mission.names(wanted.kind)]
    if wanted.kind == CodeKind.SUBJECT:
        mission = split_subject(mission, old, made, wanted.parts, told)
    else:
        mission = _added_after(mission, wanted, old, made)
    told.append(("codebook.told.retired", {"name": old, "into": ", ".join(wanted.new)}))
    return _with(
        mission,
        retired=(*mission.retired, Retired.model_validate({"kind": wanted.kind, "name": old, "into": wanted.new})),
    )


def _new(mission: Mission, wanted: Wanted, told: list[Told]) -> Mission:
    if wanted.kind == CodeKind.SUBJECT:
        return new_subjects(mission, wanted.new, wanted.parts, told)
    return _added_after(mission, wanted, None, wanted.new)


def _added_after(mission: Mission, wanted: Wanted, old: str | None, made: Collection[str]) -> Mission:
    """The list of topics or formats with new ones behind an old one (else at the end), alike unless something is said.

    A new format counts as the old one did until its own part says otherwise.
    """
    if wanted.kind == CodeKind.TOPIC:
        return _with(mission, topics=_inserted(mission.topics, made, old))
    given = {part.name: part for part in wanted.parts if isinstance(part, Format)}
    like = next((part for part in mission.formats if part.name == old), Format(name="-"))
    parts = [given.get(name, like.model_copy(update={"name": name})) for name in made]
    held = {part.name: part for part in (*mission.formats, *parts)}
    order = _inserted(tuple(part.name for part in mission.formats), made, old)
    return _with(mission, formats=tuple(held[name] for name in order))


def _inserted(names: tuple[str, ...], made: Collection[str], after: str | None) -> tuple[str, ...]:
    place = names.index(after) + 1 if after in names else len(names)
    return (*names[:place], *made, *names[place:])


def _kept_retired(before: Mission, after: Mission, wanted: Wanted, left: Collection[str], told: list[Told]) -> Mission:
    """Old subjects of a merge that segments still stand under: retired, and counted with the one they became."""
    target = next(subject for subject in after.subjects if subject.name == wanted.new[0])
    belongs = [{"contestant": target.name}] if target.ballot is not None else target.affiliations
    spared = [alias for alias in target.aliases if alias.name not in left]
    bare: dict[str, Any] = {"aliases": (), "names": {}, "ballot": None}
    kept = [
        Subject.model_validate({**subject.model_dump(), **bare, "affiliations": belongs})
        for subject in before.subjects
        if subject.name in left
    ]
    subjects = [s.model_copy(update={"aliases": tuple(spared)}) if s is target else s for s in after.subjects]
    retired = [Retired(kind=CodeKind.SUBJECT, name=part.name, into=wanted.new) for part in kept]
    told.append(("codebook.told.left", {"names": ", ".join(part.name for part in kept), "name": target.name}))
    after = _with(after, subjects=(*subjects, *kept), retired=(*after.retired, *retired))
    return joined_groups(after, target.name, [part.name for part in kept], told)


def _with(mission: Mission, **parts: Any) -> Mission:
    return mission.model_copy(update=parts)


_DO: Mapping[Change, Callable[[Mission, Wanted, list[Told]], Mission]] = {
    Change.RENAME: _rename,
    Change.MERGE: _merge,
    Change.SPLIT: _split,
    Change.NEW: _new,
}
