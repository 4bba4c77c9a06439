"""A fictitious mission in which law and rules are broken: no outlet, party or person of it exists.

Shortfalls are shown here, never on the real outlets of the sample. In it:

- *Green Radish Party* was granted 10 minutes on *Lantern TV* and got 7:00 (1:00 more was aired at night, and 2:00 was
  refused); *Blue Kettle Party* and *Red Umbrella Party* got their 10 minutes. *Whistle Radio* was not monitored.
- *Blue Kettle Party* has 4:00 of paid slots on *Lantern TV*, where each may have 2:00.
- The *Palace* has half of the time on *Lantern TV*, where it may have a third, and a quarter on *Compass TV*.
- On *Compass TV* a paid spot of *Red Umbrella Party* ran for 30 seconds in the silence, of which 20 lie inside.
- On *Compass TV* speaking time is equal over the day, and *Blue Kettle Party* has all of it between 9 and 18 h.
- *Lantern TV* gives each contestant the same in both slots.
"""

import csv
import io
from pathlib import Path
from uuid import UUID

from coding.segment import FIELDS

NOTICE = "fictitious mission"
BLUE, RED, GREEN, PALACE = "Blue Kettle Party", "Red Umbrella Party", "Green Radish Party", "Palace"
LANTERN, COMPASS, WHISTLE = "Lantern TV", "Compass TV", "Whistle Radio"

MISSION = """
[mission]
id = "fictitious"
title = "Fictitious mission: Teapotia"
time_zone = "Europe/Vilnius"
election_day = 2021-05-18
notice = "fictitious mission"
minimum_segments = 1

[[periods]]
name = "campaign"
from = 2021-05-05
to = 2021-05-16

[[windows]]
name = "whole days"
outlets = ["Lantern TV", "Compass TV"]
from = 2021-05-05
to = 2021-05-16
start = "06:00"
end = "26:00"

[[tone]]
name = "positive"
score = 1
[[tone]]
name = "neutral"
score = 0
[[tone]]
name = "negative"
score = -1

[[formats]]
name = "news"
[[formats]]
name = "free airtime"
editorial = false
[[formats]]
name = "paid advertising"
editorial = false

[[groups]]
name = "Palace"
subjects = ["Regent", "Cabinet of Spoons"]

[[slots]]
name = "09-18"
start = "09:00"
end = "18:00"
[[slots]]
name = "18-24"
start = "18:00"
end = "24:00"

[[benchmarks]]
name = "seats"
weights = { "Blue Kettle Party" = 50, "Red Umbrella Party" = 30, "Green Radish Party" = 20 }
source = "the assembly that never sat"
[[benchmarks]]
name = "half equal, half by seats"
mix = { equal = 0.5, seats = 0.5 }
source = "a law that nobody wrote"

[[entitlements]]
contestant = "*"
outlet = "Lantern TV"
format = "free airtime"
amount = 600000
unit = "ms"
from = 2021-05-06
to = 2021-05-09
start = "18:00"
end = "24:00"
source = "decision 1 of the commission of Teapotia"
[[entitlements]]
contestant = "*"
outlet = "Whistle Radio"
format = "free airtime"
amount = 1200000
unit = "ms"

[[rules]]
name = "equal speaking time"
kind = "equality"
benchmark = "equal"
tolerance = 0.2
at_least = 60000
times = [
  { name = "speaking time", speech = ["direct"] },
  { name = "all time" },
]
formats = ["news"]
source = "election law of Teapotia, article 7"

[[rules]]
name = "a third for the palace"
kind = "ceiling"
group = "Palace"
at_most = 0.3333
source = "election law of Teapotia, article 8"

[[rules]]
name = "paid slots"
kind = "paid"
formats = ["paid advertising"]
at_most = 120000
unit = "ms"
source = "election law of Teapotia, article 9"

[[rules]]
name = "silence"
kind = "silence"
opens = 2021-05-17T00:00:00
closes = 2021-05-18T20:00:00
source = "election law of Teapotia, article 10"
"""

OUTLETS = """outlet,medium,unit,ownership,region,language,monitored
Lantern TV,tv,ms,state,,,yes
Compass TV,tv,ms,private,,,yes
Whistle Radio,radio,ms,state,,,no
"""

SUBJECTS = """subject,kind,ballot,affiliation,from,to,colour,aliases
Blue Kettle Party,party,1,,,,#1f5fa8,
Red Umbrella Party,party,2,,,,#b3362b,
Green Radish Party,party,3,,,,#3a7d44,
Regent,official,,Blue Kettle Party,,,,
Cabinet of Spoons,body,,,,,,
"""

AIRINGS = """airing_id,outlet,date,date_to,kind,programme,format,slot,planned_start,planned_end,actual_start,actual_end,planned_size,actual_size,coded,note
lantern-day,Lantern TV,2021-05-06,,programme,Noon news,news,,12:00,13:00,12:00,13:00,,,yes,
lantern-evening,Lantern TV,2021-05-06,,programme,Evening news,news,,19:00,20:00,19:00,20:00,,,yes,
lantern-free,Lantern TV,2021-05-07,,programme,Free slots,free airtime,,18:00,18:30,18:00,18:30,,,yes,
lantern-night,Lantern TV,2021-05-08,,programme,Free slots at night,free airtime,,25:00,25:10,25:00,25:10,,,yes,
lantern-paid,Lantern TV,2021-05-09,,programme,Paid slots,paid advertising,,20:00,20:10,20:00,20:10,,,yes,
compass-day,Compass TV,2021-05-06,,programme,Noon news,news,,12:00,13:00,12:00,13:00,,,yes,
compass-evening,Compass TV,2021-05-06,,programme,Evening news,news,,19:00,20:00,19:00,20:00,,,yes,
compass-silence,Compass TV,2021-05-16,,programme,Paid slots,paid advertising,,23:59,24:10,23:59:00,24:10,,,yes,begins before the silence
"""

SAID = "direct"
_ROWS: tuple[tuple[str, str, int, int, str, str, str], ...] = (
    # airing, subject, start, end (seconds), format, speech, role
    *((airing, who, 60 * at, 60 * at + 60, "news", SAID, "contestant")
      for airing in ("lantern-day", "lantern-evening") for at, who in enumerate((BLUE, RED, GREEN))),
    ("lantern-day", "Regent", 600, 960, "news", "none", "institution"),
    ("compass-day", BLUE, 0, 120, "news", SAID, "contestant"),
    ("compass-evening", RED, 0, 120, "news", SAID, "contestant"),
    ("compass-evening", GREEN, 120, 240, "news", SAID, "contestant"),
    ("compass-evening", "Cabinet of Spoons", 600, 720, "news", "none", "institution"),
    ("lantern-free", BLUE, 0, 600, "free airtime", SAID, "contestant"),
    ("lantern-free", RED, 600, 1200, "free airtime", SAID, "contestant"),
    ("lantern-free", GREEN, 1200, 1620, "free airtime", SAID, "contestant"),
    ("lantern-night", GREEN, 0, 60, "free airtime", SAID, "contestant"),
    ("lantern-paid", BLUE, 0, 240, "paid advertising", "none", "contestant"),
    ("lantern-paid", RED, 240, 360, "paid advertising", "none", "contestant"),
    ("lantern-paid", GREEN, 360, 420, "paid advertising", "none", "contestant"),
    ("compass-silence", RED, 50, 80, "paid advertising", "none", "contestant"),
)  # fmt: skip

INCIDENTS = """incident_id,revision,kind,from,to,clock,title,text,outlet,contestant,format,airing_id,segment_id,amount,unit,documents,source,outcome,closed
00000000-0000-4000-8000-00000000000a,1,refused,2021-05-09,,,A free slot was refused,The script was called unsuitable.,Lantern TV,Green Radish Party,free airtime,,,120000,ms,,,,no
"""


def segments() -> list[dict[str, object]]:
    """The segments of the mission as rows of segments.csv."""
    return [
        {
            "segment_id": str(UUID(int=number)), "revision": 1, "airing_id": airing, "start_ms": start * 1000,
            "end_ms": end * 1000, "amount": (end - start) * 1000, "subject": subject, "role": role, "speech": speech,
            "tone": "neutral" if form == "news" else "", "format": form, "coder": "coder-1",
            "coded_at": "2021-05-20T10:00:00Z", "text": f"{subject} in a story that nobody told.",
        }
        for number, (airing, subject, start, end, form, speech, role) in enumerate(_ROWS, 1)
    ]  # fmt: skip


def write_fictitious(folder: Path, **files: str) -> Path:
    """The mission as a folder; a keyword such as `airings` replaces that file's text."""
    folder.mkdir(parents=True, exist_ok=True)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(segments())
    texts = {"mission.toml": MISSION, "outlets.csv": OUTLETS, "subjects.csv": SUBJECTS, "airings.csv": AIRINGS}
    texts["segments.csv"] = out.getvalue()
    texts |= {f"{name}.toml" if name == "mission" else f"{name}.csv": text for name, text in files.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
