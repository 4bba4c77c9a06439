"""Missions made by hand for the tests: small, and with everything that trips a naive tool."""

from pathlib import Path
from uuid import UUID

from coding.segment import Segment

MISSION = """
topics = ["economy", "education"]

[mission]
id = "small"
title = "A small mission"
time_zone = "Asia/Tbilisi"
notice = "made for a test"

[[periods]]
name = "before"
from = 2025-03-01
to = 2025-03-09
[[periods]]
name = "campaign"
from = 2025-03-10
to = 2025-03-31

[[windows]]
name = "early prime time"
outlets = ["Channel A", "Channel B"]
from = 2025-03-01
to = 2025-03-15
start = "18:00"
end = "24:00"
[[windows]]
name = "late prime time"
outlets = ["Channel A", "Channel B"]
from = 2025-03-16
to = 2025-03-31
start = "20:00"
end = "26:00"
[[windows]]
name = "papers"
outlets = ["Gazette"]
from = 2025-03-01
to = 2025-03-31

[[tone]]
name = "very positive"
score = 1
[[tone]]
name = "positive"
score = 0.5
[[tone]]
name = "neutral"
score = 0
[[tone]]
name = "negative"
score = -0.5
[[tone]]
name = "very negative"
score = -1

[[formats]]
name = "news"
[[formats]]
name = "paid advertising"
editorial = false
[[formats]]
name = "free space"
editorial = false
unit = "lines"

[[groups]]
name = "President and Government"
subjects = ["President", "Government"]

[[slots]]
name = "18-21"
start = "18:00"
end = "21:00"
[[slots]]
name = "21-24"
start = "21:00"
end = "24:00"
"""

OUTLETS = """outlet,medium,unit,ownership,region,language,monitored,name_ka
Channel A,tv,ms,state,,ka,yes,არხი ა
Channel B,tv,ms,private,,ka,yes,
Gazette,newspaper,mm2,private,,ka,yes,
Radio C,radio,ms,public,,ka,no,
"""

SUBJECTS = """subject,kind,ballot,affiliation,from,to,colour,aliases,name_ka,name_ru,name_ar
Blue Party,party,1,,,,#1f77b4,Blues|The Blues,ლურჯი პარტია,Синяя партия,الحزب الأزرق
Red Party,party,2,,,,#d62728,Reds,წითელი პარტია,Красная партия,الحزب الأحمر
Green Party,party,3,,,,#2ca02c,,,,
President,official,,Blue Party,2025-03-10,,,,,,
Government,body,,,,,,,,,
Ana Turncoat,candidate,,Blue Party,,2025-03-14,,,,,
Ana Turncoat,,,Red Party,2025-03-15,,,,,,
Election Commission,body,,,,,,,,,
"""

AIRINGS_HEADER = (
    "airing_id,outlet,date,date_to,kind,programme,format,slot,planned_start,planned_end,actual_start,actual_end,"
    "planned_size,actual_size,coded,note\n"
)

AIRINGS = (
    AIRINGS_HEADER
    + """a-0312,Channel A,2025-03-12,,programme,News,news,,20:30,21:30,20:30:00,21:30:00,,,yes,
a-0313,Channel A,2025-03-13,,programme,News,news,,20:30,21:30,20:30:00,21:30:00,,,yes,
a-0317,Channel A,2025-03-17,,programme,Late news,news,,23:30,24:20,23:31:00,24:20:00,,,yes,
a-0318,Channel A,2025-03-18,,programme,Early news,news,,18:30,19:00,18:30:00,19:00:00,,,yes,outside the later window
b-0312,Channel B,2025-03-12,,programme,News,news,,20:00,20:30,20:00:00,20:30:00,,,yes,
b-0313,Channel B,2025-03-13,,programme,News,news,,20:00,20:30,,,,,no,not recorded
g-0312,Gazette,2025-03-12,,issue,,,,,,,,900000,900000,yes,
"""
)


def write_mission(folder: Path, **files: str) -> Path:
    """The small mission as a folder; a keyword such as `subjects` replaces that file's text."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"mission.toml": MISSION, "outlets.csv": OUTLETS, "subjects.csv": SUBJECTS, "airings.csv": AIRINGS}
    texts |= {f"{name}.toml" if name == "mission" else f"{name}.csv": text for name, text in files.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def segment(
    number: int,
    airing: str = "a-0312",
    subject: str = "Blue Party",
    start: float | None = None,
    end: float | None = None,
    **more: object,
) -> Segment:
    """A segment of the small mission; `start` and `end` in seconds."""
    given: dict[str, object] = {
        "segment_id": str(UUID(int=number)),
        "airing_id": airing,
        "subject": subject,
        "tone": "neutral",
        "format": "news",
        "coder": "coder-1",
        "coded_at": "2025-04-01T10:00:00Z",
    }
    if start is not None and end is not None:
        given |= {"start_ms": round(start * 1000), "end_ms": round(end * 1000)}
    return Segment.model_validate(given | more)
