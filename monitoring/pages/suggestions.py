"""What suggestions do to the codes: the pull with its interval, acceptance, overrides, accuracy with and without."""

from functools import partial

import pandas as pd
import streamlit as st

from coding.store import Store, audit
from coding.store.engine import reading
from coding.store.tone_models import model_in_use
from coding.suggestions.scales import Present
from monitoring.charts import Figure, picture, pull
from monitoring.charts.theme import THIN_MARK
from monitoring.pages import frame
from monitoring.suggestion_use import changes, report
from monitoring.suggestion_uses import another_scale, uses
from monitoring.suggestion_words import gain_sentence, pull_sentence, shown_changes, shown_table
from monitoring.words import Words


def body(store: Store, words: Words) -> None:
    """The finding, the pull, all measures, and what codes became."""
    frame.head(words, "suggestions")
    found, changed, left_out = _computed(store.url, _state(store), words.mission.minimum_segments, store)
    if left_out:
        frame.text("note", words.t("page.suggestions.another_scale", count=words.number(left_out)))
    if found.empty:
        st.info(_nothing(store, words))
        return
    t = words.t
    frame.text("note", t("page.suggestions.about"))
    if (found["measure"] == "pull").any():
        _chart(found, words)
    else:
        frame.text("finding", words.with_notice(pull_sentence(found, words)))
    frame.text("note", gain_sentence(found, words))
    frame.text("head", t("page.suggestions.measures"), "h2")
    _table(found, words)
    frame.text("head", t("page.suggestions.overrides"), "h2")
    if changed.empty:
        frame.text("note", t("page.suggestions.no_overrides"))
    else:
        frame.text("note", t("page.suggestions.overrides_note"))
        st.dataframe(shown_changes(changed, words), hide_index=True, key="suggestions.changes")


def _state(store: Store) -> str:
    """The newest entry of all: suggestions leave the fingerprint of the results as it is."""
    with reading(store.engine) as connection:
        return audit.head(connection)


@st.cache_data(max_entries=20, show_spinner=False)
def _computed(url: str, state: str, minimum: int, _store: Store) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The report, what codes became, and how many segments have their suggestion from another scale."""
    table = uses(_store)
    return report(table, minimum), changes(table), another_scale(_store)


def _nothing(store: Store, words: Words) -> str:
    """What to do so that there is something to report."""
    return f"{words.t('page.suggestions.nothing')} {words.t(f'page.suggestions.next_{_following(store, words)}')}"


def _following(store: Store, words: Words) -> str:
    if words.mission.suggestions.show == "off":
        return "off"
    model = model_in_use(store)
    if model is None:
        return "no_model"
    return "none_yet" if Present(store, words.mission).fits(model.version) else "scale"


def _chart(found: pd.DataFrame, words: Words) -> None:
    pulls = found[found["measure"] == "pull"]
    thin = words.t("page.suggestions.thin", minimum=words.mission.minimum_segments)
    counted = (words.t("chart.pull.basis"), *(() if pulls["enough"].all() else (thin,)))
    spec = pull(pulls, Figure(words, pull_sentence(found, words), counted)).to_dict()
    st.vega_lite_chart(spec, theme=None, width="content", key="suggestions.pull")
    name = words.file_name("pull", "png")
    st.download_button(words.t("app.picture"), partial(picture, spec), name, "image/png", on_click="ignore")


def _table(found: pd.DataFrame, words: Words) -> None:
    """All measures, those that rest on too little marked."""
    shown, value = shown_table(found, words), words.t("page.suggestions.column_value")
    shown[value] = shown[value].where(found["enough"], shown[value] + f" {THIN_MARK}")
    st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 460), key="suggestions.table")
    if not found["enough"].all():
        frame.text("note", words.t("page.suggestions.thin", minimum=words.mission.minimum_segments))
    st.download_button(
        words.t("app.download"), words.csv(found), words.file_name("suggestions"), "text/csv", on_click="ignore"
    )


frame.show_store(lambda store, language: body(store, Words(store.mission(), language)))
