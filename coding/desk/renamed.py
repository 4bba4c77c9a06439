"""What a desk sends that was open while the codebook changed: under the names, and behind the revisions, of today.

A desk that stays open goes on with the names it was opened with, and does not know of the revisions that carried its
segments over to new names. Both are made good here, so that nothing a coder does meanwhile is refused for it.
"""

from collections.abc import Sequence
from functools import cached_property

from coding.segment import Segment
from coding.store import Revision, Store
from coding.store.codebook_changes import CARRIED, CodebookChange, PresentNames, changes
from coding.vocabulary import CodeKind

STAMPED = ("suggested_tone", "suggested_probability", "suggested_by", "suggestion", "selected", "codebook_version")
"""Columns that the server writes itself; what a message says of them is not compared."""


class Door:
    """Lets the messages of one request in; what follows on a segment in the same request is moved alike."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._moved: dict[str, int] = {}

    @cached_property
    def _changes(self) -> list[CodebookChange]:
        return [each for each in changes(self._store) if each.change in CARRIED]

    def segment(self, kind: str, given: Segment) -> Segment:
        """The segment of an `add`, `revise` or `restore` as the record knows it now."""
        if not self._changes:
            return given
        held = self._store.history(given.segment_id)
        came = _stored(held, given, kind)  # before the change, and its reply was lost
        if came is not None:
            return came
        if kind != "add":
            given = given.model_copy(update={"revision": self._after(held, given.segment_id, given.revision)})
        present = PresentNames(self._changes)
        later = renamed(self._store, present, given, held[-1].segment if held else None)
        between = _stored(held, later, kind, present)  # two changes
        return between or later

    def revision(self, segment_id: str, revision: int) -> int:
        """The revision behind which a retraction stands now."""
        return self._after(self._store.history(segment_id), segment_id, revision) if self._changes else revision

    def _after(self, held: Sequence[Revision], segment_id: str, revision: int) -> int:
        """The last of the revisions behind the one that was read which only carried the segment over."""
        behind = {each.revision: each for each in held}
        moved = revision + self._moved.get(segment_id, 0)
        while (later := behind.get(moved + 1)) and any(each.carried_out(later) for each in self._changes):
            moved += 1
        self._moved[segment_id] = moved - revision
        return moved


def _stored(held: Sequence[Revision], given: Segment, kind: str, present: PresentNames | None = None) -> Segment | None:
    """What this very message stored, as it stands there; None where it did not come before.

    With `present` names, what was stored is compared under those.
    """
    made = given.revision + (kind != "add")
    for each in held:
        said = each.segment if present is None else _now(present, each)
        if each.revision == made and _same(said, given):
            return each.segment.model_copy(update={"revision": given.revision})
    return None


def _now(present: PresentNames, held: Revision) -> Segment:
    """What a stored revision says, under the names of today."""
    now = {str(kind): present.now_of(kind, getattr(held.segment, kind), held.recorded_at) for kind in CodeKind}
    return held.segment.model_copy(update=now)


def _same(held: Segment, given: Segment) -> bool:
    """Whether a stored revision is what a message says, but for its number and what the server writes itself."""
    columns = {name: getattr(held, name) for name in (*STAMPED, "revision")}
    return given.model_copy(update=columns) == held


def renamed(store: Store, present: PresentNames, given: Segment, held: Segment | None = None) -> Segment:
    """The segment under present names, and then under the present version.

    Names are followed from the codebook version that the desk had, so that a name which means something else by now
    is not taken for that. A retired name under which the record still `held` it is left: people decide about it, and
    this is not the place.
    """
    mission, now = store.mission(), dict[str, str]()
    for kind in CodeKind:
        written = getattr(given, kind)
        name = present.since_version(kind, written, given.codebook_version)
        if name not in mission.names(kind):  # the version was counted in another store, from which the segment came
            name = present.since(kind, written, mission.offered(kind))
        kept = held is not None and getattr(held, kind) == written and written in mission.retired_names(kind)
        if name != written and name in mission.names(kind) and not kept:
            now[kind] = name
    return given.model_copy(update=now | {"codebook_version": store.codebook_version()}) if now else given
