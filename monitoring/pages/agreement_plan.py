"""A part of the page Agreement: how many airings an interval of a wanted width takes, and what is done and left."""

from math import isnan

import pandas as pd
import streamlit as st

from coding.double_coding.planning import progress_of
from coding.store import Store
from monitoring.agreement.coding_plan import done_so_far, tone_plan
from monitoring.agreement.planning import Plan
from monitoring.pages import frame
from monitoring.pages.agreement_parts import PAGE, Reader, table
from monitoring.pages.agreement_state import Found
from monitoring.words import Words

LEAST, MOST, STEP, USUAL = 0.01, 0.30, 0.01, 0.05


def plan(found: Found, reader: Reader, store: Store) -> None:
    """The wanted width, what it takes, and the airings by outlet and week."""
    words, t = reader.words, reader.words.t
    progress = found.part("progress", lambda: progress_of(store, words.mission))
    rows = done_so_far(found.codings, progress)
    half = float(st.number_input(
        t(f"{PAGE}.plan_width"), LEAST, MOST, USUAL, STEP, format="%.2f", key="agreement.width", width=320,
    ))  # fmt: skip
    possible, done = int(rows["airings"].sum()), int(rows["done"].sum())
    wanted = found.part(f"plan.{half:.2f}", lambda: tone_plan(found.codings, found.table, half, possible or None))
    frame.text("finding", words.with_notice(sentence(wanted, half, possible, done, words)))
    if wanted.assumed:
        frame.text("note", t("sentence.plan.assumed"))
    policy = words.mission.double_coding
    share = words.percent(policy.share)
    numbers = {"done": done, "wanted": round(policy.share * possible), "possible": possible, "open": rows["open"].sum()}
    frame.text("note", t(f"{PAGE}.plan_done", share=share, **{name: words.number(n) for name, n in numbers.items()}))
    frame.text("head", t(f"{PAGE}.plan_where"), "h2")
    _table(rows, words)


def sentence(wanted: Plan, half: float, possible: int, done: int, words: Words) -> str:
    """How many airings the width takes, and how many are left."""
    width = words.number(half, 2)
    if wanted.clusters is None or isnan(wanted.airings) or (possible and wanted.airings > possible):
        airings = words.number(wanted.airings) if not isnan(wanted.airings) else words.t("word.no_value")
        return words.t("sentence.plan.all", width=width, airings=airings, possible=words.number(possible))
    left = max(int(wanted.airings) - done, 0)
    numbers = {"airings": wanted.airings, "days": wanted.clusters, "done": done, "left": left}
    told = {name: words.number(number) for name, number in numbers.items()}
    share = words.t("word.no_value") if isnan(wanted.share) else words.percent(wanted.share)
    return words.t(f"sentence.plan.{'needed' if left else 'enough'}", width=width, share=share, **told)


def _table(rows: pd.DataFrame, words: Words) -> None:
    t = words.t
    shown = pd.DataFrame({
        t("agreement.column.outlet"): [words.named("outlet", name) for name in rows["outlet"]],
        t("agreement.column.week"): [words.day(week) for week in rows["week"]],
        **{
            t(f"agreement.column.{heading}"): [words.number(number) for number in rows[name]]
            for name, heading in (("airings", "possible"), ("drawn", "drawn"), ("done", "done"), ("open", "open"))
        },
    })  # fmt: skip
    table(shown, list(shown.columns[2:]))
