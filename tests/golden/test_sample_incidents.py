"""The incidents of the sample are those that were published: each with its source, and nothing filled in."""

from datetime import date

import pytest

from coding.demo import prepared_demo
from coding.incident import Incident
from coding.mission.loader import load
from coding.store.incidents import incidents
from coding.store.places import SAMPLE, open_mission
from coding.vocabulary import IncidentKind

CAMPAIGN = (date(2007, 7, 18), date(2007, 8, 16))


@pytest.fixture(scope="module")
def log() -> dict[IncidentKind, Incident]:
    found = {each.kind: each for each in load(SAMPLE).incidents}
    assert len(found) == len(load(SAMPLE).incidents) == 5
    return found


def test_the_published_incidents_are_in_the_log(log: dict[IncidentKind, Incident]) -> None:
    refused, edited = log[IncidentKind.REFUSED], log[IncidentKind.EDITED]
    assert refused.title == "Five paid spots were refused"
    assert edited.title == "A free article was edited by the newspaper"
    footage = log[IncidentKind.SILENCE]
    assert (footage.outlet, footage.start, footage.last) == ("TV Kazakhstan", date(2007, 8, 18), date(2007, 8, 18))
    assert "documentaries favouring the President" in footage.text
    complaints = log[IncidentKind.COMPLAINT]
    assert (
        "Complaints on media went to an advisory body set up on 19 July; 61 complaints in all by the end of the campaign"
    ) in complaints.text
    assert "regardless of their length" in log[IncidentKind.OTHER].title


def test_nothing_is_filled_in_that_was_not_published(log: dict[IncidentKind, Incident]) -> None:
    for each in log.values():
        assert each.amount is None
        assert not each.segment_id
        assert not each.documents
        assert "OSCE/ODIHR" in each.source
        assert "30 October 2007" in each.source
    for kind in (IncidentKind.REFUSED, IncidentKind.EDITED, IncidentKind.OTHER):
        assert (log[kind].outlet, log[kind].contestant) == ("", "")
        assert (log[kind].start, log[kind].last) == CAMPAIGN
        assert "No day is given here: the days are those of the official campaign." in log[kind].text


def test_the_sample_and_its_demo_store_hold_them() -> None:
    for where in (SAMPLE, prepared_demo()):
        assert incidents(open_mission(where)) == sorted(
            load(SAMPLE).incidents, key=lambda each: (each.start, each.clock, each.incident_id)
        )


def test_the_datasheet_says_that_they_are_real() -> None:
    real, _, made_up = (SAMPLE / "datasheet.md").read_text(encoding="utf-8").partition("## What is made up")
    assert "Every incident in `incidents.csv`" in real
    assert "incidents.csv" not in made_up
