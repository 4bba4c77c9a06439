"""How often against how long: appearances stand beside time, never in its place."""

from monitoring.charts import appearances
from monitoring.findings import appearance_sentence, thin_note
from monitoring.pages import frame
from monitoring.pages.answer import answer, table


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
        thin_note(timed, ["outlet"], words, "chart.shares.thin", view.minimum),
    )
    frame.text("note", words.t("page.appearances.note"))
    answer(view, "share", timed, appearances(counted, timed, figure))
    table(view, "appearance_share", counted, words.t("page.appearances.counted"))


frame.show("appearances", body)
