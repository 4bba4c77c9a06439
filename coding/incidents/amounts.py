"""Amounts as people write them: time as h:mm:ss, space in cm2, lines as they are. Inside they are integers."""

from decimal import Decimal

from coding.exchange.cells import CellError, amount
from coding.mission.clock import duration_text
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Unit

READINGS = {Unit.MS: "h:mm:ss", Unit.MM2: "cm2", Unit.LINES: "lines"}
"""How an amount of each unit is written."""
_MM2_IN_CM2 = 100


def amount_text(value: int, unit: Unit) -> str:
    """An amount to the last digit, so that `read_amount` gives it back.

    >>> amount_text(1_200_000, Unit.MS), amount_text(35_050, Unit.MM2), amount_text(250, Unit.LINES)
    ('0:20:00', '350.5', '250')
    """
    if unit == Unit.MS:
        return duration_text(value)
    return f"{(Decimal(value) / _MM2_IN_CM2).normalize():f}" if unit == Unit.MM2 else str(value)


def read_amount(text: str, unit: Unit) -> int:
    """An integer of the unit; a comma is a decimal mark too. Raises ProblemsFound for any other form, and for nothing.

    >>> read_amount("0:20:00", Unit.MS), read_amount("350,5", Unit.MM2)
    (1200000, 35050)
    """
    try:
        return amount(text.replace(",", "."), READINGS[unit], ".")
    except CellError as error:
        values = {"decimal": ".", **error.values}
        raise ProblemsFound([Problem(error.key, column="amount", value=text, values=values)]) from None
