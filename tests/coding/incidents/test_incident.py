"""The incident as a checked value, its documents, and which incidents touch a result."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from coding.incident import BETWEEN, Document
from coding.incidents.amounts import amount_text, read_amount
from coding.incidents.differences import changed_fields
from coding.incidents.documents import documents_text, read_documents
from coding.incidents.touching import touching
from coding.problems import ProblemsFound
from coding.vocabulary import Unit
from tests.coding.incidents.made import incident

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="".join(BETWEEN)),
    min_size=1,
    max_size=40,
).filter(str.strip)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"incident_id": "7"}, "uuid"),
        ({"kind": "refusal"}, "enum"),
        ({"from": "12.03.2025"}, "date_from_datetime_parsing"),
        ({"to": "2025-03-11"}, "incident_reversed"),
        ({"clock": "25.70"}, "clock"),
        ({"title": "  "}, "string_too_short"),
        ({"unit": None}, "incident_unit"),
        ({"amount": 0}, "greater_than"),
        ({"documents": [{"name": "a|b"}]}, "incident_signs"),
        ({"documents": [{"name": "a", "address": "<b>"}]}, "incident_signs"),
        ({"said": "x"}, "extra_forbidden"),
    ],
)
def test_what_is_no_incident_is_refused(wrong: dict[str, object], kind: str) -> None:
    with pytest.raises(ValidationError) as found:
        incident(1, **wrong)
    assert kind in [each["type"] for each in found.value.errors()]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a", True),
        ("http://example.org/a", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/a", False),
        ("file:///etc/passwd", False),
        ("letters/7.pdf", False),
        (" javascript:https://example.org", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_links(address: str, link: bool) -> None:
    assert Document(name="Letter", address=address).is_link is link


def test_an_address_alone_is_name_and_address() -> None:
    assert read_documents("https://example.org/a.pdf") == [{"name": "https://example.org/a.pdf"}]
    assert Document(name="https://example.org/a.pdf").address == "https://example.org/a.pdf"


@given(st.lists(st.builds(Document, name=WORDS, address=st.one_of(st.just(""), WORDS)), max_size=4))
def test_documents_in_one_cell_come_back(documents: list[Document]) -> None:
    for between in (" | ", "\n"):
        read = [Document.model_validate(each) for each in read_documents(documents_text(documents, between))]
        assert read == documents


@given(st.integers(1, 2**53), st.sampled_from(list(Unit)))
def test_amounts_as_people_write_them_come_back(amount: int, unit: Unit) -> None:
    amount = min(amount, 10**12)
    assert read_amount(amount_text(amount, unit), unit) == amount


def test_a_wrong_amount_says_what_to_write() -> None:
    with pytest.raises(ProblemsFound, match="h:mm:ss"):
        read_amount("20 min", Unit.MS)


def test_which_incidents_touch_outlets_and_days() -> None:
    on_a = incident(1)
    long = incident(2, **{"from": "2025-03-01", "to": "2025-03-31"}, outlet="Channel B")
    everywhere = incident(3, **{"from": "2025-03-20"}, outlet="")
    log = [everywhere, long, on_a]
    first, last = date(2025, 3, 1), date(2025, 3, 31)
    assert touching(log, [], first, last) == [long, on_a, everywhere], "in the order of their days"
    assert touching(log, ["Channel A"], first, last) == [on_a, everywhere], "one without an outlet concerns all"
    assert touching(log, ["Channel B"], date(2025, 3, 31), last) == [long], "the last day is inside"
    assert touching(log, [], date(2025, 4, 1), date.max) == []
    assert touching(log, ["Channel A"], date(2025, 3, 12), date(2025, 3, 12)) == [on_a]


def test_what_a_correction_changed_is_named_field_by_field() -> None:
    later = incident(1, revision=2, outcome="The station apologised.", closed=True)
    told = [("outcome", "", "The station apologised."), ("closed", "no", "yes")]
    assert changed_fields(incident(1), later) == told
