"""Which codes two coders exchange for which: counts of passages by what the one and what the other said.

Example: of three passages A and B gave (neutral, neutral), (neutral, negative), (negative, neutral). Without regard to
who said what: neutral with neutral 1, negative with neutral 2. For the pair of A and B, A's code first: all three.
"""

import pandas as pd

from coding.vocabulary import Unit
from monitoring.agreement.pairs import pairs

CONFUSION = ("one", "other", "passages", "amount")
PAIRED = ("coder_one", "coder_other", *CONFUSION)


def confusion(table: pd.DataFrame, variable: str, unit: str = Unit.MS) -> pd.DataFrame:
    """How often two codes met, whoever gave which: columns CONFUSION, the most frequent first.

    In: passages; `variable` is one of those of `coding.double_coding.passages.SAID`. For the subject, "" is what one
    coder did not find; the other codes are compared where both found the same subject, and empty tones are left out.
    Two different codes are one row, the one that sorts first as `one`. `passages` counts pairs of coders on a passage
    (an airing of three coders has three); `amount` is the mean of the two coders' amounts, of passages in `unit` only.
    """
    told = _told(table, variable, unit)
    turned = told["one"] > told["other"]
    ordered = told.assign(
        one=told["one"].where(~turned, told["other"]), other=told["other"].where(~turned, told["one"])
    )
    return _counted(ordered, ["one", "other"])


def confusion_by_pair(table: pd.DataFrame, variable: str, unit: str = Unit.MS) -> pd.DataFrame:
    """The same for every two coders: columns PAIRED, `one` said by coder_one, whose name comes first."""
    return _counted(_told(table, variable, unit), ["coder_one", "coder_other", "one", "other"])


def _told(table: pd.DataFrame, variable: str, unit: str) -> pd.DataFrame:
    """One row for each two coders on a passage: what both said, and the amount it is about."""
    both = pairs(table)
    one, other = both[f"{variable}_one"], both[f"{variable}_other"]
    if variable == "subject":
        kept = both["found_one"] | both["found_other"]
    else:
        kept = both["found_one"] & both["found_other"] & (both["subject_one"] == both["subject_other"])
        kept &= (variable != "tone") | ((one != "") & (other != ""))
    amounts = [both[f"amount_{side}"].where(both[f"unit_{side}"] == unit, 0) for side in ("one", "other")]
    found = both["found_one"].astype("int64") + both["found_other"].astype("int64")
    amount = (amounts[0] + amounts[1]) // found.clip(lower=1)
    return both[["coder_one", "coder_other"]].assign(one=one, other=other, amount=amount)[kept.astype(bool)]


def _counted(told: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    found = told.groupby(keys, sort=True).agg(passages=("amount", "size"), amount=("amount", "sum")).reset_index()
    found = found.sort_values("passages", ascending=False, kind="stable", ignore_index=True)
    return found[[*keys, "passages", "amount"]].astype({"passages": "int64", "amount": "int64"})
