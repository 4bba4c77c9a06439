"""The Tone model page: what there is to learn from, training in the background, and which version is in use."""

import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from coding.mission.model import ShowSuggestions
from coding.pages import frame, work_words
from coding.people.rights import Right
from coding.store import audit
from coding.store.engine import reading
from coding.store.places import is_url
from coding.store.tone_models import ToneModel, tone_models, use_model
from coding.suggestions import jobs
from coding.suggestions.labels import Labels, labels_of
from coding.suggestions.reached import alone, lacking, language_name, percent, reached, stage_words
from coding.suggestions.scales import Present, points_of
from coding.suggestions.training import models_folder

TOLD = "tone_model.told"
COLUMNS = ("version", "in_use", "language", "verdict", "accuracy", "majority", "gain", "used", "airings", "model",
           "scale", "made", "by")  # fmt: skip


def body(opened: frame.Opened) -> None:
    """How the training stands, the labels, the button, and the versions side by side."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.tone_model_training.folder"))
        return
    frame.text("note", t("page.tone_model_training.about"))
    job = jobs.job_of(opened.store.url)
    if job is not None and not job.running:
        _over(opened, job)
    frame.text("head", t("page.tone_model_training.labels"), "h2")
    labels = _labels(opened)
    if job is not None and job.running:
        _running(opened)
    elif len(labels.table):
        _train(opened)
    frame.text("head", t("page.tone_model_training.versions"), "h2")
    _versions(opened, tone_models(opened.store))


# the labels


def _labels(opened: frame.Opened) -> Labels:
    """How many labels each language has, and what it lacks; counted anew when anything was written."""
    t = opened.t
    with reading(opened.store.engine) as connection:
        key = (opened.store.url, audit.head(connection))
    with st.spinner(t("page.tone_model_training.counting")):
        labels = frame.remembered("tone_model.labels", key, lambda: labels_of(opened.store))
    if labels.by_language:
        st.dataframe(_counts(opened, labels), hide_index=True, height="content")
        learned_alone = [language_name(t, each) for each in alone(each.language for each in labels.by_language)]
        if learned_alone:
            frame.text("note", t("page.tone_model_training.alone", languages=", ".join(learned_alone)))
    else:
        frame.text("told", t("page.tone_model_training.no_labels"))
    for name, count in labels.left_out.items():
        if count:
            frame.text("note", t(f"page.tone_model_training.{name}", count=frame.number(t, count)))
    return labels


def _counts(opened: frame.Opened, labels: Labels) -> pd.DataFrame:
    t, tones = opened.t, [point.name for point in opened.mission.tone]
    headings = [t(f"page.tone_model_training.column_{name}") for name in ("language", "labels", "airings", "state")]
    rows = [
        (
            language_name(t, each.language),
            each.labels,
            each.airings,
            *(each.counts.get(tone, 0) for tone in tones),
            lacking(t, each, len(tones)),
        )
        for each in labels.by_language
    ]
    return pd.DataFrame(rows, columns=[*headings[:3], *tones, headings[3]])


# the training


def _train(opened: frame.Opened) -> None:
    t = opened.t
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(t("page.tone_model_training.train"), type="primary", key="tone_model.train")
        use = st.checkbox(t("page.tone_model_training.use"), key="tone_model.use")
    if pressed:
        jobs.start_training(opened.store.url, opened.person.name, use=use)
        st.rerun()


@st.fragment(run_every=1)
def _running(opened: frame.Opened) -> None:
    """The bar; the whole page is drawn anew when the work is over."""
    t, job = opened.t, jobs.job_of(opened.store.url)
    if job is None or not job.running:
        st.rerun()
        return
    minutes = int((time.time() - job.begun) // 60)
    frame.text("told", t("page.tone_model_training.running", stage=stage_words(t, job.stage), minutes=minutes))
    st.progress(min(1.0, max(0.0, job.share)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t(f"page.tone_model_training.{'stopping' if job.stopping else 'stop'}"),
            key="tone_model.stop", on_click=jobs.cancel, args=(opened.store.url,), disabled=job.stopping,
        )  # fmt: skip
        frame.text("note", t("page.tone_model_training.goes_on"))


def _over(opened: frame.Opened, job: jobs.Job) -> None:
    """How the last training ended."""
    t, log = opened.t, models_folder(opened.store.url) / "training.log"
    styles = {jobs.State.DONE: "good", jobs.State.CANCELLED: "told"}
    frame.text(styles.get(job.state, "bad"), t(f"page.tone_model_training.{job.state}", version=job.version, log=log))
    if job.problems:
        frame.problem_table(t, job.problems)
    st.button(
        t("page.tone_model_training.close"), key="tone_model.close", on_click=jobs.dismiss, args=(opened.store.url,)
    )


# the versions


def _versions(opened: frame.Opened, models: Sequence[ToneModel]) -> None:
    t = opened.t
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)
    if not models:
        frame.text("told", t("page.tone_model_training.no_versions"))
        return
    if opened.mission.suggestions.show == ShowSuggestions.OFF:
        frame.text("told", t("page.tone_model_training.show_off"))
    st.dataframe(_compared(opened, models), hide_index=True, height="content")
    for model in models:
        if model.in_use and not model.path.is_dir():
            frame.text("bad", t("page.tone_model_training.gone", version=model.version))
        elif model.in_use:
            _scale(opened, model)
    _choice(opened, models)


def _scale(opened: frame.Opened, model: ToneModel) -> None:
    """Whether the version in use learned another scale than the mission's, or its points under other names."""
    present = Present(opened.store, opened.mission)
    its = present.learned(model.version)
    if its is None or its == present.now:
        return
    fits = present.fits(model.version)
    style, key = ("told", "renamed") if fits else ("bad", "other_points")
    learned, now = (points_of(scale, scores=not fits) for scale in (its, present.now))
    frame.text(style, opened.t(f"page.tone_model_training.{key}", version=model.version, learned=learned, now=now))


def _compared(opened: frame.Opened, models: Sequence[ToneModel]) -> pd.DataFrame:
    """A row for each version and language, the newest version first."""
    t = opened.t
    rows = [
        (
            model.version,
            t("page.tone_model_training.yes") if model.in_use else "",
            language_name(t, each.language),
            each.verdict(t),
            percent(each.accuracy),
            percent(each.majority),
            each.gain(t),
            each.labels,
            each.airings,
            t(f"tone_model.chosen.{each.chosen}") if each.chosen else "",
            each.scale(t),
            work_words.saved(t, opened.mission, model.made_at),
            model.made_by,
        )
        for model in reversed(models)
        for each in reached(model)
    ]
    return pd.DataFrame(rows, columns=[t(f"page.tone_model_training.column_{name}") for name in COLUMNS])


def _choice(opened: frame.Opened, models: Sequence[ToneModel]) -> None:
    """Which version coders get suggestions from, or none."""
    t = opened.t
    versions = ["", *(model.version for model in reversed(models))]
    held = next((model.version for model in models if model.in_use), "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("page.tone_model_training.which"), versions, versions.index(held),
            format_func=lambda version: version or t("page.tone_model_training.none"),
            key=f"tone_model.version.{len(models)}.{held}", width=300,
        )  # fmt: skip
        st.button(
            t(f"page.tone_model_training.{'put' if chosen else 'put_none'}"),
            key="tone_model.put", on_click=_put, args=(opened, chosen), disabled=chosen == held,
        )  # fmt: skip


def _put(opened: frame.Opened, version: str) -> None:
    use_model(opened.store, version, opened.person.name)
    key = "put_done" if version else "put_none_done"
    st.session_state[TOLD] = ("good", opened.t(f"page.tone_model_training.{key}", version=version))


frame.show("tone_model_training", body, Right.SUPERVISE)
