"""Who received how much: shares of each outlet."""

from monitoring.answers import interval_note, leader_sentence, thin_note
from monitoring.charts import shares
from monitoring.pages import frame
from monitoring.pages.answer import answer
from monitoring.pages.what_carries import what_carries


def body(view: frame.View) -> None:
    """One panel for each outlet, the table, the segments behind a bar."""
    words, selection = view.words, view.selection
    result = view.result("share", ("outlet", "group"))
    basis = words.basis(selection, result["unit"].iloc[0])
    figure = view.figure(
        leader_sentence(result, selection, words, "outlet"),
        words.t("chart.shares.basis", basis=basis),
        interval_note(result, words),
        thin_note(result, ["outlet"], words, "chart.shares.thin", view.minimum),
    )
    answer(view, "share", result, view.drawn(shares, result, figure, frame.unmonitored(view)))
    what_carries(view, "share", result)


frame.show("share", body, denominator=True)
