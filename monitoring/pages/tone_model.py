"""How good the suggestions of the mission's tone model are: where it may speak, and where it errs, the worst first."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from coding.languages import DEFAULT
from coding.pages import frame
from coding.people.rights import Right
from coding.store import Store
from coding.store.tone_models import ToneModel, tone_models
from coding.suggestions.reached import language_name
from models.evaluation.evaluate import DIMENSIONS, MINIMUM_GROUPS, Evaluation
from models.evaluation.fairness import Change, Swaps, read_swaps
from models.refusal import Refused
from monitoring import tone_evaluation as source_of
from monitoring import tone_findings as say
from monitoring.charts import Figure, confusion, picture, reliability
from monitoring.charts.theme import THIN_MARK
from monitoring.words import Words

PAGE = "page.tone_model"
SOURCES = (source_of.HELD_OUT, source_of.SINCE)
PARTS = (
    "value",
    "rows",
    "groups",
    "accuracy",
    "low",
    "high",
    "majority",
    "f1",
    "f1_sides",
    "error",
    "coverage90",
    "labels",
)
FRACTIONS = ("accuracy", "low", "high", "majority", "f1", "f1_sides", "error", "coverage90")


def body(opened: frame.Opened) -> None:
    """The version, the languages that it earned, then its figures on the mission's own labels."""
    words = Words(opened.mission, str(st.session_state.get("language", DEFAULT)))
    models = tone_models(opened.store)
    if not models:
        frame.text("told", words.t(f"{PAGE}.empty", page=words.t("page.tone_model_training.menu")))
        return
    model = _version(words, models)
    _earned(words, model)
    source = st.segmented_control(
        words.t(f"{PAGE}.source"), SOURCES, default=SOURCES[0], required=True, key="tone_model.source",
        format_func=lambda name: words.t(f"{PAGE}.{name}"), persist_state="session",
    )  # fmt: skip
    try:
        rows, found = _judged(opened, model, str(source))
    except Refused as refused:
        frame.text("bad", words.t(f"{PAGE}.unfit", reason=refused.reason))
        return
    if rows is None or found is None:
        frame.text("told", words.t(f"{PAGE}.no_{source}"))
    else:
        _figures(opened, words, rows, found, str(source))
    _fairness(words, model)


def _version(words: Words, models: list[ToneModel]) -> ToneModel:
    """The version in use, else the newest; another one on request."""
    newest = models[::-1]
    known = {model.version: model for model in newest}
    first = next((model.version for model in newest if model.in_use), newest[0].version)
    chosen = first
    if len(newest) > 1:
        chosen = st.selectbox(
            words.t(f"{PAGE}.version"), list(known), list(known).index(first), key="tone_model.version",
            format_func=lambda name: words.t(f"{PAGE}.used", version=name) if known[name].in_use else name,
        )  # fmt: skip
    model = known[str(chosen)]
    made = {"version": model.version, "day": model.made_at[:10], "who": model.made_by}
    frame.text("note", words.t(f"{PAGE}.made", **made, labels=words.number(model.labels)))
    if not model.in_use:
        frame.text("told", words.t(f"{PAGE}.not_in_use"))
    return model


def _earned(words: Words, model: ToneModel) -> None:
    """Each language with whether the model may speak it, and the held-out figures that decide."""
    t, rows = words.t, source_of.spoken(model)
    frame.text("head", t(f"{PAGE}.speaks"), "h2")
    if not any(each.earned for each in rows):
        frame.text("told", t(f"{PAGE}.earned_none"))
    shown = pd.DataFrame(
        [
            {
                "language": language_name(words.t, each.language),
                "earned": t("tone_model.earned" if each.earned else f"tone_model.reason.{each.reason or 'no_gain'}"),
                "segments": words.number(each.labels),
                "groups": words.number(each.airings),
                "accuracy": _fraction(words, each.accuracy),
                "majority": _fraction(words, each.majority),
                "gain": _gain(words, each),
            }
            for each in rows
        ]
    )
    if rows:
        _table(words, shown, "earned")
    frame.text("note", t(f"{PAGE}.speaks_note"))


def _gain(words: Words, each: source_of.Spoken) -> str:
    """The interval of the difference to always saying the commonest tone, in points with their signs."""
    if each.low is None or each.high is None:
        return words.t("word.no_value")
    low, high = (f"{'−' if end < 0 else '+'}{words.number(abs(100 * end), 1)}" for end in (each.low, each.high))
    return words.t("word.range", low=low, high=high)


def _judged(opened: frame.Opened, model: ToneModel, source: str) -> tuple[pd.DataFrame | None, Evaluation | None]:
    state = opened.store.fingerprint() if source == source_of.SINCE else str(opened.store.codebook_version())
    return _computed(opened.store.url, model.version, source, state, opened.store, model)


@st.cache_data(max_entries=50, show_spinner=False)
def _computed(
    url: str, version: str, source: str, state: str, _store: Store, _model: ToneModel
) -> tuple[pd.DataFrame | None, Evaluation | None]:
    rows = source_of.predictions(_store, _model, source)
    return rows, None if rows is None else source_of.judged(rows, _store.mission())


def _figures(opened: frame.Opened, words: Words, rows: pd.DataFrame, found: Evaluation, source: str) -> None:
    whole = found.overall
    frame.text("head", say.quality_sentence(whole, words), "h2")
    for sentence in (say.coverage_sentence(whole, words), say.silence_sentence(whole, words)):
        frame.text("line", sentence)
    if not whole.judged:
        return
    _parts(words, found)
    counted = words.t(
        f"{PAGE}.counted", rows=words.number(whole.judged), groups=words.number(whole.groups),
        source=words.t(f"{PAGE}.{source}"),
    )  # fmt: skip
    _confusion(opened, words, rows, found, counted)
    bins = say.reliability_bins(whole)
    figure = Figure(
        words, say.calibration_sentence(whole, words), (words.t("chart.reliability.basis"), counted), found.minimum
    )
    _chart(words, "reliability", reliability(bins, figure))
    _sets(words, found)


def _parts(words: Words, found: Evaluation) -> None:
    """One dimension: its parts, the worst first, those with little material marked and last."""
    t = words.t
    dimensions = [name for name in DIMENSIONS if found.by.get(name)]
    chosen = st.segmented_control(
        t(f"{PAGE}.by"), dimensions, default=dimensions[0], required=True, key="tone_model.by",
        format_func=lambda name: t(f"{PAGE}.column.{name}"), persist_state="session",
    )  # fmt: skip
    table = found.table([str(chosen)]).iloc[1:].reset_index(drop=True)
    named = [_named(words, str(chosen), value) for value in table["value"]]
    marked = [f"{name} {THIN_MARK}" if few else name for name, few in zip(named, table["few"], strict=True)]
    empty = [name for name in ("majority", "f1_sides", "error", "coverage90") if table[name].isna().all()]
    shown = table.assign(value=marked)[[name for name in PARTS if name not in empty]]
    _table(words, _styled(words, shown), f"by.{chosen}", shown.columns, {"value": str(chosen)})
    if table["few"].any():
        frame.text("note", t(f"{PAGE}.few", mark=THIN_MARK, minimum=found.minimum, groups=MINIMUM_GROUPS))
    frame.text("note", t(f"{PAGE}.{'tone_note' if chosen == 'tone' else 'parts_note'}"))
    st.download_button(
        t("app.download"), words.csv(found.table()), words.file_name("suggestion-quality"), "text/csv",
        key="tone_model.csv", on_click="ignore",
    )  # fmt: skip


def _styled(words: Words, shown: pd.DataFrame) -> Any:
    """Numbers beneath, so that sorting is right; per cent for the eye."""
    fractions: Any = [name for name in FRACTIONS if name in shown.columns]
    count: Any = words.number
    part: Any = partial(words.percent_sign, decimals=1)
    none = words.t("word.no_value")
    styled = shown.style.format(count, subset=["rows", "groups"]).format(part, subset=fractions, na_rep=none)
    size: Any = partial(words.number, decimals=2)
    return styled.format(size, subset=["labels"], na_rep=none)


def _confusion(opened: frame.Opened, words: Words, rows: pd.DataFrame, found: Evaluation, counted: str) -> None:
    """The chart of mistakes; a click on a square shows the segments behind it."""
    pairs = say.confusion_pairs(found, words)
    figure = Figure(words, say.confusion_sentence(pairs, words), (words.t("chart.confusion.basis"), counted))
    picked = _chart(words, "confusion", confusion(pairs, figure), select=True)
    if not picked:
        frame.text("note", words.t(f"{PAGE}.hint"))
        return
    tone, said = str(picked[0]["tone"]), str(picked[0]["said"])
    names = {"tone": say.tone_name(tone, words), "said": say.tone_name(said, words)}
    behind, total = source_of.behind(opened.store, rows, opened.mission, tone, said)
    frame.text(
        "head", words.t(f"{PAGE}.behind", **names, total=words.number(total), shown=words.number(len(behind))), "h2"
    )
    named = {name: behind[name].map(partial(words.named, name)) for name in ("outlet", "subject", "tone")}
    sure = behind["confidence"].map(words.percent_sign)
    _table(words, behind.assign(**named, said=names["said"], confidence=sure), "behind")


def _chart(words: Words, name: str, chart: Any, select: bool = False) -> list[dict[str, Any]]:
    key = f"tone_model.{name}"
    how: Any = "rerun" if select else "ignore"
    spec = chart.to_dict()
    event: Any = st.vega_lite_chart(spec, theme=None, width="content", key=key, on_select=how)
    st.download_button(
        words.t("app.picture"), partial(picture, spec), words.file_name(name, "png"), "image/png", key=f"{key}.png",
        on_click="ignore",
    )  # fmt: skip
    return (event["selection"].get("pick") or []) if select else []


def _sets(words: Words, found: Evaluation) -> None:
    """Sets of labels by size and by tone, and how often they hold what the coder said."""
    t, whole = words.t, found.overall
    sizes = [(t(f"{PAGE}.size_{min(each.labels, 3)}"), each.rows, each.held) for each in whole.sizes]
    tones = [(say.tone_name(each.tone, words), each.rows, each.share) for each in whole.held]
    shown = pd.DataFrame([*sizes, *tones], columns=["set", "segments", "held"])
    frame.text("head", t(f"{PAGE}.sets"), "h2")
    texts = {
        "segments": shown["segments"].map(words.number),
        "held": shown["held"].map(partial(words.percent_sign, decimals=1)),
    }
    _table(words, shown.assign(**texts), "sets")
    frame.text("note", t(f"{PAGE}.sets_note"))


def _fairness(words: Words, model: ToneModel) -> None:
    """Whether a suggestion hangs on who it is about."""
    t, swaps = words.t, read_swaps(model.path)
    frame.text("head", t(f"{PAGE}.fairness"), "h2")
    if swaps is None:
        frame.text("told", t(f"{PAGE}.fair_unknown"))
        return
    told = {
        "texts": words.number(swaps.texts),
        "pairs": words.number(swaps.swapped + swaps.replaced),
        "changed": words.number(swaps.changed),
        "most": words.number(100 * swaps.largest, 1),
    }
    frame.text("bad" if swaps.changed else "good", t(f"{PAGE}.{'unfair' if swaps.changed else 'fair'}", **told))
    if swaps.changed:
        _table(words, _changes(words, swaps), "swaps")


def _changes(words: Words, swaps: Swaps) -> pd.DataFrame:
    def told(labels: tuple[str, ...], silent: str) -> str:
        return ", ".join(say.tone_name(label, words) for label in labels) or words.t(f"sentence.silent.{silent}")

    def row(change: Change) -> dict[str, str]:
        return {
            "before": change.text,
            "about": f"{change.target}: {told(change.labels, change.silent)}",
            "after": change.other_text,
            "about_after": f"{change.other_target}: {told(change.other_labels, change.other_silent)}",
        }

    return pd.DataFrame([row(change) for change in swaps.changes])


def _table(words: Words, shown: Any, key: str, columns: Any = None, headings: dict[str, str] | None = None) -> None:
    named = {
        name: (headings or {}).get(str(name), str(name)) for name in (shown.columns if columns is None else columns)
    }
    config = {name: st.column_config.Column(words.t(f"{PAGE}.column.{heading}")) for name, heading in named.items()}
    st.dataframe(shown, hide_index=True, column_config=config, key=f"tone_model.{key}")


def _named(words: Words, dimension: str, value: str) -> str:
    if not value:
        return words.t("word.no_value")
    if dimension == "tone":
        return say.tone_name(value, words)
    return language_name(words.t, value) if dimension == "language" else words.named(dimension, value)


def _fraction(words: Words, value: float | None) -> str:
    return words.t("word.no_value") if value is None else words.percent_sign(value, 1)


frame.show("tone_model", body, Right.RESULTS)
