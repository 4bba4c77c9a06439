"""The log of incidents from the command line: for people, and as CSV for machines."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from coding.store import Store
from coding.store.incidents import record_incident
from monitoring.__main__ import app as monitoring_app
from tests.coding.incidents.made import incident

run = CliRunner().invoke


def test_the_log_is_listed_with_filters_and_as_csv(small_store: Callable[..., Store], tmp_path: Path) -> None:
    store = small_store()
    record_incident(store, incident(1), "Ana")
    other = {"amount": None, "unit": None, "format": "", "contestant": ""}
    record_incident(store, incident(2, kind="edited", title="An article was edited", outlet="Gazette", **other), "Ana")
    told = run(monitoring_app, ["incidents", store.url]).stdout
    assert "A small mission (made for a test)" in told
    assert "12 March · Refused · Channel A · Blue Party\n  A spot was refused\n    what happened: The station" in told
    assert "An article was edited" not in run(monitoring_app, ["incidents", store.url, "--outlet", "Channel A"]).stdout
    assert "No incidents." in run(monitoring_app, ["incidents", store.url, "--kind", "silence"]).stdout
    rows = run(monitoring_app, ["incidents", store.url, "--kind", "refused", "--csv", "-"])
    assert [row["amount"] for row in csv.DictReader(io.StringIO(rows.stdout))] == ["30000"]
    assert rows.stdout.startswith("incident_id,revision,kind,from,to,clock,title,")
    assert "made for a test" in rows.stderr
    file = tmp_path / "log.csv"
    assert "2 rows written" in run(monitoring_app, ["incidents", store.url, "--csv", str(file)]).stdout
    described = json.loads((tmp_path / "log.csv-metadata.json").read_text(encoding="utf-8"))
    assert (described["notice"], described["store_fingerprint"]) == ("made for a test", store.fingerprint())
    unknown = run(monitoring_app, ["incidents", store.url, "--outlet", "Channel Z"])
    assert unknown.exit_code == 1
    assert re.search("outlet: «Channel Z» is not known. Known: Channel A", unknown.output)
