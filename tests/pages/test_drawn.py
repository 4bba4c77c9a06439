"""A chart is written out once; whatever it hangs on shows at the next run after it changed."""

from collections.abc import Callable
from pathlib import Path

import altair as alt
import pytest
from streamlit.testing.v1 import AppTest

from monitoring import coverage
from tests.missions import segment
from tests.pages.conftest import chart, lines, stored
from tests.pages.test_intervals_page import rows

COLOUR = "#123456"


def test_a_chart_is_written_out_anew_only_where_something_changed(
    page: Callable[..., AppTest], small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, store = stored(small_folder, tmp_path)
    now = [100.0]
    monkeypatch.setattr(coverage, "monotonic", lambda: now[0])
    app = page("tone", tmp_path / "store.sqlite")
    first, drawn = chart(app), rows(app)
    with monkeypatch.context() as nobody:
        nobody.setattr(alt.TopLevelMixin, "to_dict", None)
        assert not app.run().exception
        assert chart(app) == first
        assert rows(app).equals(drawn)

    app.button_group(key="weight").set_value("segments").run()
    assert lines(app, "subtitle") != first["title"]["subtitle"]
    app.button_group(key="weight").set_value("amount").run()
    assert chart(app) == first
    in_russian = page("tone", tmp_path / "store.sqlite", language="ru")
    assert chart(in_russian)["title"] != first["title"]

    recoloured = tuple(part.model_copy(update={"colour": COLOUR}) for part in held.mission.subjects)
    store.put_mission(held.mission.model_copy(update={"subjects": recoloured}), held.airings, "test", "colours")
    now[0] += 3600
    assert COLOUR in set(rows(app.run(), 1)["colour"])
    store.add([segment(9, start=1200, end=1300)], "coder")
    now[0] += 3600
    assert not rows(app.run()).equals(drawn)
