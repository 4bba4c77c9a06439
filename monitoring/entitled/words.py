"""Rulings in words: the answer of each in one sentence, who is over and who is short, and what could not be judged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from coding.incident import Incident
from monitoring.entitled import ceiling, entitlements, equality, paid, silence
from monitoring.entitled.judged import BREACHES, UNKNOWN, Judged, Ruling, Verdict
from monitoring.words import Words

NAMED_AT_MOST = 5


def answer(ruling: Ruling, words: Words) -> str:
    """The sentence that the ruling supports; a chart's title. The notice is not in it."""
    return _ANSWERS[ruling.kind](ruling, words)


def quoted(ruling: Ruling, words: Words) -> str:
    """The same as a sentence that can stand alone: with the mission's notice."""
    return words.with_notice(answer(ruling, words))


def _entitlement(ruling: Ruling, words: Words) -> str:
    amounts = sorted(set(ruling.facts["amounts"].values()))  # type: ignore[attr-defined]
    unit = str(ruling.facts["unit"])
    low, high = words.amount(amounts[0], unit), words.amount(amounts[-1], unit)
    told = {
        "amount": low if low == high else words.t("word.range", low=low, high=high),
        "format": words.named("format", str(ruling.facts["format"])),
        "outlet": words.named("outlet", str(ruling.facts["outlet"])),
        "contestants": len(ruling.rows),
    }
    if all(row.verdict == Verdict.NOT_MONITORED for row in ruling.rows):
        return words.t("sentence.rules.granted_unseen", **told)
    full = len(ruling.having(Verdict.WITHIN, Verdict.OVER))
    sentence = words.t("sentence.rules.granted", full=full, **told)
    short = [f"{words.named('group', row.group)} ({_left(row, words)})" for row in ruling.having(Verdict.UNDER)]
    parts = [sentence, words.t("sentence.rules.short", names=", ".join(short)) if short else ""]
    unknown = len(ruling.having(*UNKNOWN))
    parts.append(words.t("sentence.rules.unknown", number=unknown) if unknown else "")
    return " ".join(filter(None, parts))


def _left(row: Judged, words: Words) -> str:
    return words.t("sentence.rules.left", left=words.amount(row.left or 0, row.unit))


def _equality(ruling: Ruling, words: Words) -> str:
    found = equality.worst(ruling.rows)
    judged = found[found["places"] > 0]
    told: dict[str, Any] = {"outlets": len(judged), "tolerance": words.percent(float(str(ruling.facts["tolerance"])))}
    if judged.empty:
        return words.t("sentence.rules.nothing_judged")
    unequal = judged[judged["unequal"] > 0]
    if unequal.empty:
        return words.t("sentence.rules.equal", **told)
    most = unequal.iloc[unequal["departure"].argmax()]
    return words.t("sentence.rules.unequal", unequal=len(unequal), **told, **_worst(most, words))


def _worst(row: pd.Series, words: Words) -> dict[str, str]:
    """The worst place of an outlet in words."""
    return {
        "outlet": words.named("outlet", row["outlet"]),
        "place": place(str(row["slot"]), str(row["time"]), words),
        "name": words.named("group", row["group"]),
        "value": words.percent(row["value"]),
        "due": words.percent(row["due"]),
        "amount": words.amount(row["amount"], row["unit"]),
        "total": words.amount(row["total_amount"], row["unit"]),
        "number": words.number(row["effective_number"], 1),
        "day": words.number(row["effective_day"], 1),
    }


def place(slot: str, time: str, words: Words) -> str:
    """A slot and a kind of time in words."""
    return ", ".join(filter(None, (slot or words.t("word.rules.whole_day"), time)))


def _ceiling(ruling: Ruling, words: Words) -> str:
    judged = [row for row in ruling.rows if row.value is not None]
    if not judged:
        return words.t("sentence.rules.nothing_judged")
    most = max(judged, key=lambda row: row.value or 0)
    over = {row.outlet for row in judged if row.verdict == Verdict.OVER}
    return words.t(
        "sentence.rules.ceiling_over" if over else "sentence.rules.ceiling",
        name=words.named("group", str(ruling.facts["group"])),
        limit=words.percent(float(str(ruling.facts["at_most"])), 1),
        over=len(over),
        outlets=len({row.outlet for row in judged}),
        outlet=words.named("outlet", most.outlet),
        value=words.percent(most.value or 0, 1),
        amount=words.amount(most.amount or 0, most.unit),
        total=words.amount(most.total_amount or 0, most.unit),
    )


def _paid(ruling: Ruling, words: Words) -> str:
    judged = [row for row in ruling.rows if row.value is not None]
    if not judged:
        return words.t("sentence.rules.nothing_judged")
    told = {"outlets": len({row.outlet for row in judged}), "rule": _paid_limit(ruling, words)}
    beyond = [row for row in judged if row.verdict in BREACHES]
    if not beyond:
        return words.t("sentence.rules.paid", **told)
    names = [
        words.t(
            f"sentence.rules.paid_{row.verdict}",
            name=words.named("group", row.group),
            outlet=words.named("outlet", row.outlet),
            amount=words.amount(row.amount or 0, row.unit),
        )
        for row in beyond[:3]
    ]
    more = len(beyond) - len(names)
    names += [words.t("sentence.rules.and_more", number=more)] if more else []
    return words.t("sentence.rules.paid_beyond", names="; ".join(names), **told)


def _paid_limit(ruling: Ruling, words: Words) -> str:
    parts = []
    if ruling.facts["at_most"] is not None:
        amount = words.amount(int(str(ruling.facts["at_most"])), str(ruling.facts["unit"]))
        parts.append(words.t("sentence.rules.at_most", amount=amount))
    if ruling.facts["tolerance"] is not None:
        share = words.percent(float(str(ruling.facts["tolerance"])))
        parts.append(words.t("sentence.rules.of_mean", tolerance=share))
    return ", ".join(parts)


def _silence(ruling: Ruling, words: Words) -> str:
    told: dict[str, Any] = {
        "opens": _moment(ruling.facts["opens"], words),
        "closes": _moment(ruling.facts["closes"], words),
    }
    seen = ruling.having(Verdict.OVER, Verdict.WITHIN)
    over = ruling.having(Verdict.OVER)
    log = words.t("sentence.rules.incidents", number=len(ruling.incidents)) if ruling.incidents else ""
    if not seen:
        monitored = bool(ruling.having(Verdict.NOT_JUDGED))
        said = words.t("sentence.rules.nothing_judged" if monitored else "sentence.rules.silence_unseen", **told)
        return " ".join(filter(None, (said, log)))
    outlets = list(dict.fromkeys(row.outlet for row in over or seen))
    told |= {"outlets": words.listed("outlet", outlets), "number": len(outlets)}
    if not over:
        return " ".join(filter(None, (words.t("sentence.rules.silence_kept", **told), log)))
    amounts = [f"{words.named('group', row.group)} {words.amount(row.over or 0, row.unit)}" for row in over]
    told |= {"segments": sum(row.segments for row in over), "names": ", ".join(amounts)}
    return " ".join(filter(None, (words.t("sentence.rules.silence_broken", **told), log)))


def _moment(value: object, words: Words) -> str:
    if isinstance(value, datetime):
        return f"{words.day(value.date())} {value:%H:%M}"
    return str(value)


_ANSWERS = {
    entitlements.KIND: _entitlement, equality.KIND: _equality, ceiling.KIND: _ceiling, paid.KIND: _paid,
    silence.KIND: _silence,
}  # fmt: skip


def unjudged(ruling: Ruling, words: Words) -> list[str]:
    """What could not be judged and why, one line for each reason with how many rows and which outlets."""
    lines = []
    for name in dict.fromkeys(row.reason for row in ruling.rows if row.reason):
        rows = [row for row in ruling.rows if row.reason == name]
        outlets = _some_outlets(list(dict.fromkeys(row.outlet for row in rows)), words)
        told = {"outlets": outlets, "number": len(rows), "reason": words.t(f"word.reason.{name}")}
        lines.append(words.t("sentence.rules.unjudged", **told))
    return lines


def _some_outlets(names: Sequence[str], words: Words) -> str:
    """Names in one line; of many the first ones, and how many more there are."""
    if len(names) <= NAMED_AT_MOST:
        return words.listed("outlet", names)
    more = words.t("sentence.rules.and_more", number=len(names) - NAMED_AT_MOST)
    return f"{words.listed('outlet', names[:NAMED_AT_MOST])} {more}"


def incident(each: Incident, words: Words) -> str:
    """An incident in one line: day, outlet, title, and what was refused."""
    key = "incident_outlet" if each.outlet else "incident"
    told = words.t(
        f"page.rules.{key}", day=words.day(each.start), title=each.title, outlet=words.named("outlet", each.outlet)
    )
    if each.amount is None or each.unit is None:
        return told
    return words.t("page.rules.incident_amount", text=told, amount=words.amount(each.amount, each.unit))
