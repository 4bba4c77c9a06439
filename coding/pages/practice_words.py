"""How a coding in training or in a test is told: shares with what they are of, and passage by passage what differs."""

from collections.abc import Iterator

from coding.double_coding.gold import FOUND, SHOWN, Difference, Score, Share
from coding.languages import Translate
from coding.mission.clock import duration_text
from coding.mission.model import Mission
from coding.pages import frame
from coding.pages.adjudication_words import code

SECOND = 1000


def share(t: Translate, held: Share) -> str:
    """So many of so many, and what that is in per cent; a dash where there is nothing to be alike in."""
    if not held.of:
        return t("word.no_value")
    values = {"alike": frame.number(t, held.alike), "of": frame.number(t, held.of), "percent": per_cent(held)}
    return t("page.gold.share", **values)


def per_cent(held: Share) -> str:
    """A share as a whole number of per cent, rounded down: nobody reaches a mark by rounding."""
    return "" if held.value is None else str(int(100 * held.value + 1e-9))


def summary(t: Translate, score: Score) -> str:
    """A score in a few sentences."""
    if not score.exists:
        return t("page.gold.nothing_agreed")
    codes = "; ".join(f"{t(f'page.gold.column_{name}')}: {share(t, score.shares[name])}" for name in SHOWN[1:])
    lines = [t("page.gold.sum_found", found=share(t, score.shares[FOUND]), extra=frame.number(t, score.extra))]
    lines += [t("page.gold.sum_codes", codes=codes)]
    if score.together.of:
        lines += [t("page.gold.sum_together", percent=per_cent(score.together))]
    return " ".join(lines)


def differences(t: Translate, mission: Mission, score: Score) -> Iterator[tuple[str, str, str]]:
    """Place, subject and what differs, for each passage that is not alike."""
    for each in score.differences:
        yield _place(t, each), code(t, mission, "subject", each.subject), _what(t, mission, each)


def _place(t: Translate, each: Difference) -> str:
    if each.start_ms is not None and each.end_ms is not None:
        return "–".join(duration_text(int(end) // SECOND * SECOND) for end in (each.start_ms, each.end_ms))
    return t("page.gold.on_page", page=each.page) if each.page is not None else t("word.no_value")


def _what(t: Translate, mission: Mission, each: Difference) -> str:
    if each.kind:
        return t(f"page.gold.{each.kind}")
    said = (
        t(
            "page.gold.differs",
            code=t(f"page.gold.column_{name}"),
            agreed=code(t, mission, name, one),
            own=code(t, mission, name, own),
        )
        for name, (one, own) in each.what.items()
    )
    return "; ".join(said)
