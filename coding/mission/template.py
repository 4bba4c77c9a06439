"""A commented mission folder to start from; it loads as it is."""

from pathlib import Path

from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS

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
    texts = {"mission.toml": MISSION, "outlets.csv": OUTLETS, "subjects.csv": SUBJECTS, "airings.csv": AIRINGS}
    texts["segments.csv"] = ",".join(FIELDS) + "\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
