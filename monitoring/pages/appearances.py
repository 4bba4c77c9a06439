"""How often against how long: appearances stand beside time, never in its place."""

from monitoring.answers import appearance_sentence, interval_note, thin_note
from monitoring.charts import appearances
from monitoring.pages import frame
from monitoring.pages.answer import answer, table_alone
from monitoring.pages.what_carries import what_carries


def body(view: frame.View) -> None:
    """Both shares in one chart, both tables."""
    words, selection = view.words, view.selection
    by = ("outlet", "group")
    timed = view.result("share", by)
    counted = view.result("appearance_share", by)
    basis = words.basis(selection, timed["unit"].iloc[0])
    figure = view.figure(
        appearance_sentence(counted, timed, selection, words),
        words.t("chart.appearances.basis", basis=basis),
        interval_note(timed, words),
        thin_note(timed, ["outlet"], words, "chart.shares.thin", view.minimum),
    )
    frame.text("note", words.t("page.appearances.note"))
    answer(view, "share", timed, view.drawn(appearances, counted, timed, figure))
    table_alone(view, "appearance_share", counted, words.t("page.appearances.counted"))
    what_carries(view, "appearance_share", counted)


frame.show("appearances", body)
