"""The sample mission as a newcomer meets it: a store of its own to code in, with training airings to start on."""

from threading import Lock

from coding.mission.loader import load
from coding.store import Store
from coding.store.assignments import assign
from coding.store.places import SAMPLE, data_dir, demo_url, file_of, make_store
from coding.vocabulary import Purpose

DEMO_CODER = "demo"
"""Who codes where nobody has signed in: the sample mission, on this machine only."""

_making = Lock()


def prepared_demo() -> str:
    """The URL of the sample's own store; made on the first call, with its recordings and the airings to code."""
    url = demo_url(data_dir())
    made = file_of(url)
    with _making:
        if made is not None and not made.is_file():
            make_store(made, load(SAMPLE), SAMPLE.name, _training)
    return url


def _training(store: Store) -> None:
    """The recordings that the sample brings, and their airings in the hands of whoever tries the desk."""
    from coding.recordings.ingest import ingest_sample

    airings = ingest_sample(store, SAMPLE / "recordings")
    assign(store, airings, DEMO_CODER, Purpose.CODING, "sample")
