"""What the eleven newspapers printed: articles by area, party texts by lines, advertisements."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sample_data.kazakhstan_2007_facts import CONTESTANTS, FREE_LINES, STATE_PAPERS
from sample_data.kazakhstan_2007_layout import Placed, Sheet
from sample_data.kazakhstan_2007_record import DAYS, NOT_RECORDED, SEED, Record, Row
from sample_data.kazakhstan_2007_stories import Dice, Item, Newsroom, Plan, Texts, scaled
from sample_data.kazakhstan_2007_television import ordered, slot_item

FORMATS = {"news": 0.72, "opinion": 0.14, "image": 0.09, "other": 0.05}
MEAN_AREA = {"news": 9_500.0, "opinion": 14_000.0, "image": 6_500.0, "other": 4_500.0}
ADVERTISEMENT_MM2 = 18_000
TABLOID_MM2 = 280 * 400
FIRST_ISSUE_WITH_FREE_SPACE = 3


def articles(newsroom: Newsroom, settings: Mapping[str, Any], scale: float, dice: Dice) -> list[Item]:
    """The political items of one issue, with areas still to be scaled; in a weekly every group is in."""
    items, stories = [], settings["stories"]
    for group, percent in settings["share"].items():
        mean = stories * percent / 100
        for _ in range(dice.count(mean) if stories < 20 else max(1, dice.count(mean))):
            kind = dice.weighted(FORMATS)
            items.append(newsroom.story(group, kind, scale * MEAN_AREA[kind] * dice.factor(0.45)))
    return items


def free_texts(number: int) -> list[tuple[str, int]]:
    """Which parties have free space in this issue, and how many lines: 150 in one issue, 100 in a later one."""
    turn = number - FIRST_ISSUE_WITH_FREE_SPACE
    if not 0 <= turn < 2 * len(CONTESTANTS):
        return []
    return [(CONTESTANTS[turn % 7], 150 if turn < 7 else FREE_LINES - 150)]


def issue_row(paper: str, slug: str, day: date, size: int) -> Row:
    """One issue; one that was not obtained has no actual size."""
    key = f"{slug}-{day}"
    missed = NOT_RECORDED.get(key, "")
    return {
        "airing_id": key,
        "outlet": paper,
        "date": day.isoformat(),
        "kind": "issue",
        "planned_start": "",
        "planned_size": str(size),
        "actual_size": "" if missed else str(size),
        "coded": "no" if missed else "yes",
        "note": missed,
    }


def laid_out(items: list[Item], paper: str, number: int, settings: Mapping[str, Any], dice: Dice) -> list[Placed]:
    """Articles, the advertisement of every third issue, and the free space."""
    width, height = settings["page"]
    sheet = Sheet(width, height, dice)
    placed = [sheet.place(item) for item in ordered(items, dice)]
    if number % 3 == 1:
        party = CONTESTANTS[number // 3 % 7]
        placed.append(sheet.place(slot_item(party, "paid advertising", "none", ADVERTISEMENT_MM2, dice)))
    for party, lines in free_texts(number) if paper in STATE_PAPERS else []:
        placed.append(sheet.lines(slot_item(party, "free space", "direct", lines, dice)))
    return placed


def print_paper(record: Record, paper: str, plan: Plan, texts: Texts) -> None:
    """All issues of one paper, with each group's share of the editorial area as planned."""
    settings, dice = plan.papers[paper], Dice(f"{SEED}/{paper}")
    newsroom = Newsroom(settings, plan.who, texts, dice)
    width, height = settings["page"]
    scale = width * height / TABLOID_MM2
    issues: dict[date, list[Item]] = {}
    for day in (day for day in DAYS if day.isoweekday() in settings["weekdays"]):
        obtained = f"{settings['slug']}-{day}" not in NOT_RECORDED
        issues[day] = articles(newsroom, settings, scale, dice) if obtained else []
    scaled([item for items in issues.values() for item in items], settings["share"], 1_500 * scale, 50_000 * scale)
    for number, (day, items) in enumerate(issues.items()):
        row = issue_row(paper, settings["slug"], day, settings["pages"] * width * height)
        placed = laid_out(items, paper, number, settings, dice) if items else []
        record.add(row, day, settings["language"], placed, dice)


def press(record: Record, plan: Plan, texts: Texts) -> None:
    """Everything on paper."""
    for paper in plan.papers:
        print_paper(record, paper, plan, texts)
