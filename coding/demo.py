"""The sample mission as a newcomer meets it: a store of its own to code in, with training airings to start on."""

from pathlib import Path
from threading import Lock
from uuid import NAMESPACE_OID, uuid5

from coding.double_coding.drawing import next_draw, pool_of
from coding.mission.loader import load
from coding.mission.tables import read_rows
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, assigned, changed
from coding.store.draws import record_draw
from coding.store.engine import writing
from coding.store.gold import declare_gold
from coding.store.places import SAMPLE, data_dir, demo_url, file_of, make_store
from coding.vocabulary import Progress, Purpose

DEMO_CODER = "demo"
"""Who codes where nobody has signed in: the sample mission, on this machine only."""
KEY, KEY_CODER = "training-key.csv", "training key"
"""What the makers of the training airings meant. They lie outside every window: none of it enters a result."""
KEY_COLUMNS = (
    "airing_id", "start_ms", "end_ms", "page", "box", "amount", "subject", "role", "speech", "tone", "format", "topic",
)  # fmt: skip
KEY_MADE = "2007-07-17T00:00:00Z"

_making = Lock()


def prepared_demo() -> str:
    """The URL of the sample's own store; made on the first call, with its recordings and the airings to code."""
    url = demo_url(data_dir())
    made = file_of(url)
    with _making:
        if made is not None and not made.is_file():
            make_store(made, load(SAMPLE), SAMPLE.name, _as_worked)
    return url


def _as_worked(store: Store) -> None:
    """What the files of the sample cannot say: the draw, who coded second, and the airings to practise on."""
    _second_codings(store)
    _training(store)


def _second_codings(store: Store) -> None:
    """The draw of the airings that are coded twice, and its second coders, who are done."""
    mission, airings = store.mission(), store.airings()
    draw = next_draw(airings, pool_of(airings, mission, mission.periods[-1].end), mission.double_coding, ())
    record_draw(store, draw, 0, "sample")
    coders: dict[str, dict[str, None]] = {}
    for each in store.segments():
        coders.setdefault(each.airing_id, {})[each.coder] = None
    with writing(store.engine) as connection:
        for airing_id in draw.drawn:
            for second in list(coders.get(airing_id, ()))[1:]:
                assigned(connection, [airing_id], second, Purpose.DOUBLE, "sample")
                changed(connection, airing_id, second, Progress.DONE, "sample")


def _training(store: Store) -> None:
    """The recordings that the sample brings, and their airings in the hands of whoever tries the desk.

    The makers' answer is the agreed coding: who is done with an airing sees on My work how the own one compares.
    """
    from coding.recordings.ingest import ingest_sample

    airings = ingest_sample(store, SAMPLE / "recordings")
    agreed = [each for each in _key(SAMPLE / "recordings" / KEY) if each.airing_id in airings]
    store.add(agreed, "sample")
    for airing_id in dict.fromkeys(each.airing_id for each in agreed):
        declare_gold(store, airing_id, KEY_CODER, "sample", KEY)
    assign(store, airings, DEMO_CODER, Purpose.TRAINING, "sample")


def _key(path: Path) -> list[Segment]:
    """The makers' answer as segments, where it lies there; its rows have the same identifiers in every store."""
    if not path.is_file():
        return []
    return [
        Segment.model_validate(
            {name: value for name, value in row.items() if value}
            | {"segment_id": str(uuid5(NAMESPACE_OID, f"{KEY} {line}")), "coder": KEY_CODER, "coded_at": KEY_MADE}
        )
        for line, row in read_rows(path, ("airing_id", "subject", "format"), KEY_COLUMNS)
    ]
