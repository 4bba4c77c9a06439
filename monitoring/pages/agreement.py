"""How alike coders code: codes with their thresholds, time, drift, and what disagreement does to the numbers."""

import streamlit as st

from coding.pages import who
from coding.people.rights import Person, Right
from coding.store import Store
from monitoring.pages import frame
from monitoring.pages.agreement_confusions import confusions
from monitoring.pages.agreement_drift import drift
from monitoring.pages.agreement_numbers import numbers
from monitoring.pages.agreement_parts import PAGE, Reader, codes, time, where
from monitoring.pages.agreement_plan import plan
from monitoring.pages.agreement_state import Found, found_in
from monitoring.words import Words

PARTS = ("codes", "where", "confusion", "time", "spread", "drift", "plan")


def body(store: Store, words: Words, person: Person) -> None:
    """The material, then one part at a time; the rule by which codings are compared stands beneath each."""
    frame.head(words, "agreement")
    found = found_in(store, words.t(f"{PAGE}.computing"))
    if found.codings.airings.empty:
        st.info(_nothing(words, person))
        return
    reader = Reader(person, words, sorted(set(found.codings.airings["coder"])))
    _basis(found, store, words)
    part = str(st.segmented_control(
        words.t(f"{PAGE}.part"), PARTS, default=PARTS[0], required=True, key="agreement.part",
        format_func=lambda name: words.t(f"{PAGE}.part_{name}"), persist_state="session", label_visibility="collapsed",
    ))  # fmt: skip
    _part(part, found, reader, store)
    with st.expander(words.t(f"{PAGE}.rule_head")):
        frame.text("note", words.t(f"{PAGE}.rule"))
        frame.text("note", words.t(f"{PAGE}.rule_paper"))


def _part(part: str, found: Found, reader: Reader, store: Store) -> None:
    if part != "codes":
        frame.text("head", reader.words.t(f"{PAGE}.{part}"), "h2")
    match part:
        case "where":
            where(found, reader)
        case "confusion":
            confusions(found, reader)
        case "time":
            time(found, reader)
        case "spread":
            numbers(found, reader, store)
        case "drift":
            drift(found, reader, store)
        case "plan":
            plan(found, reader, store)
        case _:
            codes(found, reader)


def _nothing(words: Words, person: Person) -> str:
    """What to do so that there is something to compare."""
    following = "next_assign" if person.may(Right.SUPERVISE) else "next_ask"
    parts = [words.t(f"{PAGE}.nothing"), words.t(f"{PAGE}.{following}", page=words.t("page.assign.menu"))]
    return " ".join([*parts, words.t(f"{PAGE}.next_import")])


def _basis(found: Found, store: Store, words: Words) -> None:
    """One line: what was coded twice, and as of when where that is not now."""
    airings, table = found.codings.airings, found.table
    each = table.groupby("passage")["found"].sum()
    counts = {
        "airings": airings["airing_id"].nunique(),
        "days": airings["day"].nunique(),
        "coders": airings["coder"].nunique(),
        "passages": len(each),
        "both": int((each > 1).sum()),
    }
    told = [words.t(f"{PAGE}.basis", **{name: words.number(count) for name, count in counts.items()})]
    if found.codings.fingerprint != store.fingerprint():
        told.append(words.t("app.as_of", time=f"{found.as_of.astimezone(words.mission.zone):%H:%M:%S}"))
    frame.text("note", " ".join(told))


def _draw(store: Store, language: str) -> None:
    person = who.person()
    if person is not None:
        body(store, Words(store.mission(), language), person)


frame.show_store(_draw)
