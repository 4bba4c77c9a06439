"""What the five stations broadcast: news twice a day, weekly programmes, debates, free and paid slots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sample_data.kazakhstan_2007_facts import (
    CONTESTANTS,
    DEBATES_OF_ALL,
    DEBATES_OF_TWO,
    FREE_AIRTIME_MS,
)
from sample_data.kazakhstan_2007_layout import cut, on_air
from sample_data.kazakhstan_2007_record import DAYS, MINUTE, NOT_RECORDED, SEED, Programme, Record, air
from sample_data.kazakhstan_2007_stories import (
    POLICY_TOPICS,
    Dice,
    Item,
    Mood,
    Newsroom,
    Plan,
    Texts,
    mean_lengths,
    rare_criticism,
    scaled,
)

BULLETINS = {"kk": "Evening news (Kazakh)", "ru": "Evening news (Russian)"}


def bulletin(record: Record, programme: Programme, items: Sequence[Item], dice: Dice) -> None:
    """A news programme or review: the political items with the rest of the world between them."""
    content = sum(item.amount for item in items)
    gap = max(4_000.0, (dice.between(0.86, 0.96) * programme.minutes * MINUTE - content) / (len(items) + 1))
    placed = on_air(items, dice, gap, together=0.05)
    pieces = [piece for one in placed for piece in cut(one, dice)]
    air(record, programme, pieces, dice, (20, 70))


def ordered(items: Iterable[Item], dice: Dice) -> list[Item]:
    """A running order: two neighbours on one subject are moved apart where that is possible."""
    waiting = dice.shuffled(items)
    result: list[Item] = []
    while waiting:
        last = result[-1].subject if result else ""
        chosen = next((item for item in waiting if item.subject != last), waiting[0])
        waiting.remove(chosen)
        result.append(chosen)
    return result


def stories_of_day(
    newsroom: Newsroom, lengths: Mapping[str, float], counts: Mapping[str, float], moods: Mapping[str, Mood], dice: Dice
) -> list[Item]:
    """What happened today; on busy days there are more stories and longer ones."""
    stories = []
    for group, mean in counts.items():
        mood = moods[group].today()
        for _ in range(dice.count(mean * mood**0.4)):
            stories.append(newsroom.story(group, "news", lengths[group] * mood**0.6 * dice.factor(0.3)))
    return stories


def television_news(record: Record, outlet: str, plan: Plan, texts: Texts) -> None:
    """Two bulletins a day that repeat most of the day's stories, with each group's share of the time as planned."""
    settings, dice = plan.tv[outlet], Dice(f"{SEED}/{outlet}/news")
    newsroom = Newsroom(settings, plan.who, texts, dice)
    lengths = mean_lengths(settings)
    counts = {
        group: share / 100 * settings["seconds"] * 1000 / lengths[group] / 0.85
        for group, share in settings["share"].items()
    }
    moods = {group: Mood(dice, 0.25) for group in counts}
    bulletins: dict[Programme, list[Item]] = {}
    for day in DAYS:
        stories = stories_of_day(newsroom, lengths, counts, moods, dice)
        for language, start in settings["news"].items():
            programme = news_programme(outlet, settings["slug"], day, language, start)
            recorded = programme.key not in NOT_RECORDED
            bulletins[programme] = [told_again(item, dice) for item in stories if recorded and dice.chance(0.85)]
    items = [item for told in bulletins.values() for item in told]
    scaled(items, settings["share"], 8_000, 180_000)
    if settings["equal_appearances"]:
        rare_criticism(items, 0.002)
    for programme, told in bulletins.items():
        bulletin(record, programme, ordered(told, dice), dice)


def told_again(item: Item, dice: Dice) -> Item:
    """The same story in one of the bulletins, a little longer or shorter."""
    return replace(item, amount=item.amount * dice.between(0.85, 1.15))


def news_programme(outlet: str, slug: str, day: date, language: str, start: str) -> Programme:
    """The evening news in one language."""
    return Programme(outlet, slug, day, BULLETINS[language], "news", language, start, 35, f"news-{language}")


def weekly_review(record: Record, outlet: str, plan: Plan, texts: Texts) -> None:
    """Sundays: current affairs, with the shares and tones of the station's news."""
    settings, dice = plan.tv[outlet], Dice(f"{SEED}/{outlet}/review")
    newsroom = Newsroom(settings, plan.who, texts, dice)
    weeks: dict[date, list[Item]] = {}
    for day in (day for day in DAYS if day.isoweekday() == 7):
        groups = [*settings["share"], *(dice.weighted(settings["share"]) for _ in range(12))]
        weeks[day] = [newsroom.story(group, "current affairs", 50_000 * dice.factor(0.4)) for group in groups]
    scaled([item for items in weeks.values() for item in items], settings["share"], 12_000, 240_000)
    for day, items in weeks.items():
        slug, title = settings["slug"], "Week in review"
        programme = Programme(outlet, slug, day, title, "current affairs", "ru", "22:15", 45, "review")
        bulletin(record, programme, ordered(items, dice), dice)


def all_for_elections(record: Record, plan: Plan, texts: Texts) -> None:
    """KTK's programme, which portrayed ANSDP negatively throughout; its days and its content are made up."""
    dice = Dice(f"{SEED}/KTK/all-for-elections")
    newsroom = Newsroom(plan.tv["KTK"], plan.who, texts, dice)
    for day in (day for day in DAYS if day.isoweekday() == 4):
        parties = [*CONTESTANTS, "ANSDP", "ANSDP", "Nur Otan", "Ak Zhol", "Central Election Commission"]
        items = [
            newsroom.story(party, "current affairs", 70_000 * dice.factor(0.3), "negative" if party == "ANSDP" else "")
            for party in parties
        ]
        title = "All for Elections"
        programme = Programme("KTK", "ktk", day, title, "current affairs", "ru", "22:00", 30, "all-for-elections")
        bulletin(record, programme, ordered(items, dice), dice)


def slot_item(subject: str, kind: str, speech: str, amount: int, dice: Dice) -> Item:
    """A part of a debate (neutral), or of a free or paid slot (no tone)."""
    role = "contestant" if subject in CONTESTANTS else "institution"
    topics = {"paid advertising": ("campaign",), "voter education": ("election administration",)}
    tone = "neutral" if kind == "debate" else ""
    topic = dice.pick(topics.get(kind, POLICY_TOPICS))
    return Item(subject, subject, role, speech, tone, kind, topic, dice.below(60), 0, amount)


def debate(record: Record, programme: Programme, parties: Sequence[str], rounds: int, dice: Dice) -> None:
    """Each party speaks once in every round."""
    turns = [
        slot_item(party, "debate", "direct", round(dice.between(86_000, 94_000)), dice)
        for _ in range(rounds)
        for party in parties
    ]
    air(record, programme, on_air(turns, dice, 9_000), dice, (30, 60))


def debates(record: Record, plan: Plan) -> None:
    """All seven parties on the two state-funded stations, pairs on Channel 31."""
    dice = Dice(f"{SEED}/debates")
    for outlet, day in DEBATES_OF_ALL.items():
        start = {"TV Kazakhstan": "21:10", "TV Khabar": "22:00"}[outlet]
        slug = plan.tv[outlet]["slug"]
        programme = Programme(outlet, slug, day, "Election debate", "debate", "ru", start, 65, "debate")
        debate(record, programme, CONTESTANTS, 5, dice)
    for day, pair in DEBATES_OF_TWO:
        programme = Programme("Channel 31", "channel-31", day, "Election debate", "debate", "ru", "22:00", 40, "debate")
        debate(record, programme, pair, 10, dice)


def free_airtime(record: Record) -> None:
    """TV Khabar: seven programmes of four parties with five minutes each, so that each party gets its 20 minutes."""
    dice = Dice(f"{SEED}/free-airtime")
    for number in range(7):
        parties = [CONTESTANTS[(4 * number + turn) % 7] for turn in range(4)]
        items = [slot_item(party, "free airtime", "direct", FREE_AIRTIME_MS // 4, dice) for party in parties]
        day, title = DAYS[5] + timedelta(days=3 * number), "Party broadcasts"
        programme = Programme("TV Khabar", "tv-khabar", day, title, "free airtime", "ru", "18:15", 22, "free")
        air(record, programme, on_air(items, dice, 6_000), dice, (10, 25))


def paid_and_public_slots(record: Record, outlet: str, slug: str) -> None:
    """Paid spots of all parties on three days a week; how to vote, on Mondays."""
    dice = Dice(f"{SEED}/{outlet}/slots")
    for day in (day for day in DAYS if day.isoweekday() in (2, 4, 6)):
        spots = [slot_item(party, "paid advertising", "none", 30_000, dice) for party in dice.shuffled(CONTESTANTS)]
        title = "Campaign advertising"
        programme = Programme(outlet, slug, day, title, "paid advertising", "ru", "18:50", 5, "paid")
        air(record, programme, on_air(spots, dice, 3_000), dice, (2, 6))
    for day in (day for day in DAYS if day.isoweekday() == 1):
        spots = [slot_item("Central Election Commission", "voter education", "direct", 50_000, dice) for _ in range(2)]
        programme = Programme(outlet, slug, day, "How to vote", "voter education", "kk", "18:40", 3, "voters")
        air(record, programme, on_air(spots, dice, 6_000), dice, (3, 8))


def broadcast(record: Record, plan: Plan, texts: Texts) -> None:
    """Everything on television."""
    for outlet, settings in plan.tv.items():
        television_news(record, outlet, plan, texts)
        weekly_review(record, outlet, plan, texts)
        paid_and_public_slots(record, outlet, settings["slug"])
    all_for_elections(record, plan, texts)
    debates(record, plan)
    free_airtime(record)
