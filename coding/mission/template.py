"""A commented mission folder to start from; it loads as it is."""

from pathlib import Path

from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS

RULES = """[[entitlements]]                   # what is granted free of charge; "*" is each contestant
contestant = "*"
outlet = "Channel One"
format = "free airtime"
amount = 1200000                   # a whole number of the unit: 20 minutes in milliseconds
unit = "ms"                        # ms, mm2 or lines: what the format is counted in on that outlet
from = 2027-04-16                  # days and hours may be left out; both days are inside
to = 2027-05-14
start = "18:00"                    # both hours or neither; a night goes on above 24:00, such as 26:00
end = "24:00"
source = "the decision that grants it"

[[rules]]                          # every contestant alike, in each slot of the day and each kind of time
name = "equal speaking time"
kind = "equality"
benchmark = "equal"                # or the name of one of [[benchmarks]]
tolerance = 0.1                    # as a part of what is due
at_least = 600000                  # a slot with less of all contestants' time is not judged
unit = "ms"                        # what at_least is counted in; papers are judged however little they have
times = [
  { name = "speaking time", speech = ["direct"] },
  { name = "all time" },
]
source = "the law, its article"

[[rules]]                          # at most a part of the time of all subjects
name = "a third for the executive"
kind = "ceiling"
group = "President and Government" # a subject or a group of the mission
at_most = 0.3333
per = "week"                       # period, month, week or day
source = "the law, its article"

[[rules]]                          # paid slots: a limit for each contestant and outlet, or equal access, or both
name = "paid slots"
kind = "paid"
formats = ["paid advertising"]
at_most = 900000
unit = "ms"
tolerance = 0.25                   # how far from the mean of all contestants
source = "the law, its article"

[[rules]]                          # nothing about contestants from one local time to another
name = "silence"
kind = "silence"
opens = 2027-05-15T00:00:00
closes = 2027-05-16T20:00:00
source = "the law, its article"
"""
"""Examples of every kind, which fit the mission below; also what an empty page of rules shows."""

MISSION = """# A mission of Evenhand. Lines that begin with # are remarks; change the rest to your own.
# When you have finished: python -m monitoring check FOLDER

topics = ["economy", "education", "elections"]   # what segments are about; may be left out

[mission]
id = "my-mission"                  # lower-case letters, digits, - and _
title = "My mission"
country = ""
time_zone = "Asia/Almaty"          # an IANA name; all times in the files are local times of this zone
election_day = 2027-05-16
notice = ""                        # words that every page, figure and export must carry
minimum_segments = 20              # a share made of fewer segments is shown greyed

[[periods]]                        # the days that can be analysed; periods share no day
name = "campaign"
from = 2027-04-16
to = 2027-05-14

[[windows]]                        # what is to be monitored; add one for each change, with its dates
name = "prime time"
outlets = ["Channel One"]
from = 2027-04-16
to = 2027-05-14
start = "18:00"
end = "24:00"                      # a night goes on above 24:00, such as 26:00
[[windows]]
name = "papers"                    # without start and end: the whole day
outlets = ["The Gazette"]
from = 2027-04-16
to = 2027-05-14

[[tone]]                           # three points, or five: very positive 1, positive 0.5, neutral 0, …
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
name = "current affairs"
[[formats]]
name = "debate"
[[formats]]
name = "free airtime"
editorial = false                  # never pooled with editorial content unless you ask
[[formats]]
name = "paid advertising"
editorial = false
[[formats]]
name = "other"

[[groups]]                         # subjects that count together when they appear in office
name = "President and Government"
subjects = ["The President", "The Government"]
colour = "#5b4a8a"

[suggestions]                      # what coders see of the tone model: python -m coding train --help
show = "after"                     # after the own first code, before it, or off
withheld = 0.15                    # share of segments that never get a suggestion, drawn at random; at least 0.15

[double_coding]                    # airings that two people code without knowing of each other
share = 0.10                       # drawn at random within each outlet and week, on the page Assign
pass_mark = 0.8                    # what a new coder must reach in a test on an agreed coding

# [[retired]]                      # a name that new segments may not carry any more, and what it became
# kind = "topic"                   # subject, topic or format
# name = "economy"
# into = ["prices", "jobs"]

[[benchmarks]]                     # what shares may be compared with
name = "equal"
weights = { "First Party" = 1, "Second Party" = 1 }
# source = "where the numbers come from"
# [[benchmarks]]                   # a law's own rule: a mix of the others
# name = "half and half"
# mix = { equal = 0.5, votes = 0.5 }

# What the law grants and forbids; take the "# " away from what you need.

"""

OUTLETS = """outlet,medium,unit,ownership,region,language,monitored
Channel One,tv,ms,state,,,yes
The Gazette,newspaper,mm2,private,,,yes
"""

SUBJECTS = """subject,kind,ballot,affiliation,from,to,colour,aliases,name_en,name_ru,name_kk
First Party,party,1,,,,#1f77b4,First|FP,,,
Second Party,party,2,,,,#ff7f0e,,,,
The President,official,,First Party,2027-04-20,,,,,,
The Government,body,,,,,,,,,
"""

AIRINGS = """airing_id,outlet,date,date_to,kind,programme,format,slot,\
planned_start,planned_end,actual_start,actual_end,planned_size,actual_size,coded,note
c1-2027-04-16,Channel One,2027-04-16,,programme,Evening news,news,,20:00,20:30,20:00:10,20:29:40,,,no,
gazette-2027-04-16,The Gazette,2027-04-16,,issue,,,,,,,,1792000,1792000,no,16 pages of 280 x 400 mm
"""


def write_template(folder: Path) -> None:
    """Write the folder. Raises ProblemsFound where it exists and is not empty; nothing is overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProblemsFound([Problem("folder_exists", str(folder))])
    folder.mkdir(parents=True, exist_ok=True)
    remarks = "".join(f"# {line}" if line.strip() else line for line in RULES.splitlines(keepends=True))
    texts = {
        "mission.toml": MISSION + remarks,
        "outlets.csv": OUTLETS,
        "subjects.csv": SUBJECTS,
        "airings.csv": AIRINGS,
    }
    texts["segments.csv"] = ",".join(FIELDS) + "\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
