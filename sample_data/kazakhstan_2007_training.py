"""The training recordings of the sample mission: what they show and when, their airings, and the key to them.

A bulletin and a newspaper page, dated the day before the campaign and outside every window, so that they can be coded
without touching a published figure. The words stand in `kazakhstan_2007_training.toml`.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sample_data.kazakhstan_2007_record import Record, Row, clock
from sample_data.kazakhstan_2007_stories import HERE

DAY = date(2007, 7, 17)
START_MS = 19 * 3_600_000
LENGTH_MS = 180_000
PAGE_MM = (420, 594)
BULLETIN = {"outlet": "TV Khabar", "airing_id": f"tv-khabar-{DAY}-training"}
ISSUE = {"outlet": "Kazakhstanskaya Pravda", "airing_id": f"kazakhstanskaya-pravda-{DAY}-training"}
NOTE = "synthetic, made for training; outside the period and every window"
VIDEO = f"{BULLETIN['airing_id']}.mp4"
PAGE = f"{ISSUE['airing_id']}-p1-{PAGE_MM[0]}x{PAGE_MM[1]}mm.jpg"
KEY = "training-key.csv"
KEY_COLUMNS = (
    "airing_id", "start_ms", "end_ms", "page", "box", "amount", "subject", "role", "speech", "tone", "format", "topic",
)  # fmt: skip


@dataclass(frozen=True)
class Codes:
    """What is meant about one subject."""

    subject: str
    role: str
    speech: str
    tone: str


@dataclass(frozen=True)
class Shot:
    """One stretch of the bulletin: what is seen, said and meant; times in ms from the start."""

    start: int
    end: int
    scene: str
    voice: str
    headline: str
    headline_en: str
    caption: str
    caption_en: str
    language: str = "ru"
    topic: str = ""
    subjects: tuple[Codes, ...] = ()


@dataclass(frozen=True)
class Article:
    """One piece of the page; `box` is left, top, width, height in fractions of the page."""

    box: tuple[float, float, float, float]
    columns: int
    kicker: str
    headline: str
    english: str
    text: str
    format: str = ""
    topic: str = ""
    language: str = "ru"
    frame: str = ""
    picture: float = 0.0
    picture_caption: str = ""
    subjects: tuple[Codes, ...] = ()


@dataclass(frozen=True)
class Script:
    """Everything that is said and shown."""

    shots: tuple[Shot, ...]
    articles: tuple[Article, ...]
    voices: dict[str, dict[str, Any]]
    paper: dict[str, str]


def script() -> Script:
    """The words of `kazakhstan_2007_training.toml`, with the time of each shot."""
    words = tomllib.loads((HERE / "kazakhstan_2007_training.toml").read_text(encoding="utf-8"))
    shots, start = [], 0
    for told in words["shots"]:
        end = start + 1000 * told.pop("seconds")
        shots.append(Shot(start, end, **(told | _codes(told))))
        start = end
    articles = tuple(Article(**(told | _codes(told) | {"box": tuple(told["box"])})) for told in words["articles"])
    return Script(tuple(shots), articles, words["voices"], words["paper"])


def _codes(told: dict[str, Any]) -> dict[str, tuple[Codes, ...]]:
    return {"subjects": tuple(Codes(**codes) for codes in told.get("subjects", ()))}


def airings() -> tuple[Row, Row]:
    """The two airings as they stand in `airings.csv`: recorded, and left for the trainee to code."""
    common = {"date": DAY.isoformat(), "coded": "no", "note": NOTE}
    times = {
        "planned_start": clock(START_MS)[:5],
        "planned_end": clock(START_MS + LENGTH_MS)[:5],
        "actual_start": clock(START_MS),
        "actual_end": clock(START_MS + LENGTH_MS),
    }
    bulletin = BULLETIN | common | times | {"kind": "programme", "programme": "Training bulletin", "format": "news"}
    size = str(PAGE_MM[0] * PAGE_MM[1])
    issue = ISSUE | common | {"kind": "issue", "planned_start": "", "planned_size": size, "actual_size": size}
    return bulletin, issue


def training(record: Record) -> None:
    """Add the two airings, without segments."""
    for airing in airings():
        record.add_uncoded(airing, DAY)


def key(told: Script, free_lines: int) -> Iterator[Row]:
    """What the makers meant, in the columns of segments; `free_lines` is how many lines the free space took."""
    for shot in told.shots:
        for codes in shot.subjects:
            row = {"start_ms": str(shot.start), "end_ms": str(shot.end), "amount": str(shot.end - shot.start)}
            yield {"airing_id": BULLETIN["airing_id"], "format": "news", "topic": shot.topic} | row | asdict(codes)
    for article in told.articles:
        amount = free_lines if article.format == "free space" else area(article)
        box = " ".join(f"{side:.4f}" for side in article.box)
        for codes in article.subjects:
            row = {"page": "1", "box": box, "amount": str(amount), "format": article.format, "topic": article.topic}
            yield {"airing_id": ISSUE["airing_id"]} | row | asdict(codes)


def area(article: Article) -> int:
    """The article's box in mm2 of the printed page."""
    return round(article.box[2] * article.box[3] * PAGE_MM[0] * PAGE_MM[1])
