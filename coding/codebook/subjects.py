"""Guided changes of subjects: what goes with a name besides what refers to it. Pure steps; what follows is told."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from coding.codebook.following import Told
from coding.mission.aliases import Alias
from coding.mission.model import Format, Mission, Subject
from coding.vocabulary import SubjectKind, matching_key


def renamed_subject(mission: Mission, old: str, new: str, told: list[Told]) -> Mission:
    """The subject under its new name, in its place; the old name stays known as an alias."""
    subjects = [
        _spelled(subject, new, [*subject.aliases, Alias(name=old)]) if subject.name == old else subject
        for subject in mission.subjects
    ]
    if matching_key(old) != matching_key(new):
        told.append(("codebook.told.alias", {"names": old, "name": new}))
    told += _kept_names(subjects, new)
    return mission.model_copy(update={"subjects": tuple(subjects)})


def _kept_names(subjects: Iterable[Subject], name: str) -> list[Told]:
    """What a subject is called in other languages goes on under its new name, and may have to be changed too."""
    names = next(", ".join(subject.names.values()) for subject in subjects if subject.name == name)
    return [("codebook.told.names", {"name": name, "names": names})] if names else []


def _spelled(subject: Subject, name: str, aliases: Iterable[Alias]) -> Subject:
    """The subject under a name, with each further spelling once and none that says what a name says already."""
    taken = {matching_key(each) for each in (name, *subject.names.values())}
    kept: dict[tuple[str, Any, Any], Alias] = {}
    for alias in aliases:
        key = matching_key(alias.name)
        if key not in taken and (key, None, None) not in kept:
            kept.setdefault((key, alias.start, alias.end), alias)
    return subject.model_copy(update={"name": name, "aliases": tuple(kept.values())})


def merged_subjects(mission: Mission, old: Sequence[str], target: str, told: list[Told]) -> Mission:
    """One subject in the place of several: the target's own facts hold, and what differs is told.

    The target is a subject of the mission, or the first of the old ones under a new name.
    """
    held = {subject.name: subject for subject in mission.subjects}
    base = held.get(target, held[old[0]])
    others = [held[name] for name in old if name != base.name]
    for other in others:
        told += _differences(mission, base, other, target)
    base = _with_ballot(base, others, target, told)
    spellings = [*base.aliases, *(form for each in (base, *others) for form in each.forms)]
    merged = _spelled(base, target, spellings)
    told += _kept_names([merged], target) if target != base.name else []
    if not merged.colour:
        merged = merged.model_copy(update={"colour": next((each.colour for each in others if each.colour), "")})
    told.append(("codebook.told.alias", {"names": ", ".join(old), "name": target}))
    gone = {other.name for other in others}
    subjects = [merged if each.name == base.name else each for each in mission.subjects if each.name not in gone]
    return _one_group(mission.model_copy(update={"subjects": tuple(subjects)}), base.name, [*old, target], target, told)


def _with_ballot(base: Subject, others: Sequence[Subject], target: str, told: list[Told]) -> Subject:
    """A place on the ballot is not lost: the target takes it over, and then belongs to itself."""
    place = next((other.ballot for other in others if other.ballot is not None), None)
    if base.ballot is not None or place is None:
        return base
    told.append(("codebook.told.ballot_taken", {"name": target, "place": place}))
    return base.model_copy(update={"ballot": place, "affiliations": ()})


def _differences(mission: Mission, base: Subject, other: Subject, target: str) -> list[Told]:
    """What the other says that the merged one will not say."""
    both = {"name": target, "other": other.name}
    told: list[Told] = []
    if other.kind != base.kind:
        kinds: dict[str, Any] = {
            "kind": [(f"page.mission.value.{base.kind}", {})],
            "its": [(f"page.mission.value.{other.kind}", {})],
        }
        told.append(("codebook.told.kind", both | kinds))
    if base.ballot is not None and other.ballot is not None:
        told.append(("codebook.told.ballot", both | {"place": base.ballot, "its": other.ballot}))
    if _belongs(base) != _belongs(other):
        told.append(("codebook.told.belongs", both | {"kept": _written(base), "its": _written(other)}))
    if base.colour and other.colour and base.colour != other.colour:
        told.append(("codebook.told.colour", both | {"colour": base.colour, "its": other.colour}))
    return told


def _belongs(subject: Subject) -> tuple[Any, ...]:
    return (subject.name,) if subject.ballot is not None else subject.affiliations


def _written(subject: Subject) -> str:
    """The contestants that a subject belongs to, with their days."""
    if subject.ballot is not None:
        return subject.name
    parts = [
        part.contestant + (f" [{part.start or ''}..{part.end or ''}]" if part.start or part.end else "")
        for part in subject.affiliations
    ]
    return ", ".join(parts) or "–"


def _one_group(mission: Mission, base: str, names: Collection[str], target: str, told: list[Told]) -> Mission:
    """A subject counts in one group: that of the one whose facts hold, else the first that any of them is in."""
    having = [group for group in mission.groups if set(group.subjects) & set(names)]
    if not having:
        return mission
    kept = next((group for group in having if base in group.subjects), having[0])
    groups = [
        group
        if group is kept or group not in having
        else group.model_copy(update={"subjects": tuple(name for name in group.subjects if name not in names)})
        for group in mission.groups
    ]
    if len(having) > 1 or base not in kept.subjects:
        others = ", ".join(group.name for group in having if group is not kept) or "–"
        told.append(("codebook.told.group", {"name": target, "group": kept.name, "others": others}))
    return mission.model_copy(update={"groups": tuple(groups)})


def split_subject(
    mission: Mission, old: str, made: Sequence[str], parts: Sequence[Subject | Format], told: list[Told]
) -> Mission:
    """The new subjects behind the old one, like it in kind, affiliation and group unless something else is said.

    Where the old one is on the ballot, each of them gets the next free place.
    """
    given = {part.name: part for part in parts if isinstance(part, Subject)}
    held = next(subject for subject in mission.subjects if subject.name == old)
    places = max((subject.ballot or 0 for subject in (*mission.subjects, *given.values())), default=0)
    new = []
    for name in made:
        usual = Subject(name=name, kind=held.kind, affiliations=held.affiliations if held.ballot is None else ())
        subject = given.get(name, usual)
        if held.ballot is not None and subject.ballot is None and not subject.affiliations:
            places += 1
            subject = subject.model_copy(update={"ballot": places})
            told.append(("codebook.told.ballot_given", {"name": name, "place": places}))
        new.append(subject)
    subjects = [each for subject in mission.subjects for each in ((subject, *new) if subject is held else (subject,))]
    mission = joined_groups(mission.model_copy(update={"subjects": tuple(subjects)}), old, made, told)
    return new_spellings(mission, new, told)


def joined_groups(mission: Mission, old: str, made: Sequence[str], told: list[Told]) -> Mission:
    """Further names in the group that a name is in."""
    group = next((group for group in mission.groups if old in group.subjects), None)
    if group is None or not made:
        return mission
    told.append(("codebook.told.group_joined", {"names": ", ".join(made), "group": group.name}))
    joined = group.model_copy(update={"subjects": (*group.subjects, *made)})
    groups = tuple(joined if each is group else each for each in mission.groups)
    return mission.model_copy(update={"groups": groups})


def new_subjects(
    mission: Mission, names: Sequence[str], parts: Sequence[Subject | Format], told: list[Told]
) -> Mission:
    """The mission with further subjects at the end of its list."""
    given = {part.name: part for part in parts if isinstance(part, Subject)}
    new = [given.get(name, Subject(name=name, kind=SubjectKind.OTHER)) for name in names]
    return new_spellings(mission.model_copy(update={"subjects": (*mission.subjects, *new)}), new, told)


def new_spellings(mission: Mission, new: Sequence[Subject], told: list[Told]) -> Mission:
    """A name that was an alias (as a former name is) means the new subject of that name from now on."""
    names = {matching_key(subject.name): subject.name for subject in new}
    subjects = []
    for subject in mission.subjects:
        kept = tuple(alias for alias in subject.aliases if matching_key(alias.name) not in names)
        lost = [alias.name for alias in subject.aliases if alias not in kept]
        own = subject in new
        subjects.append(subject if own or not lost else subject.model_copy(update={"aliases": kept}))
        if lost and not own:
            told.append(("codebook.told.spelling", {"names": ", ".join(lost), "name": subject.name}))
    return mission.model_copy(update={"subjects": tuple(subjects)})
