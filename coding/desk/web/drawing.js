// What changes with a key: the segment in the making and the list. `desk` is read here, and told what was pressed.

import { area, clock, filled, h } from "./dom.js";
import { retracted } from "./panels.js";
import { troubleOf } from "./trouble.js";
import { line } from "./view.js";

/** Whole seconds, so that what is coded and what is left add up as they are shown. */
const seconds = (milliseconds) => Math.floor(milliseconds / 1000) * 1000;

/** The segment in the making: where it is, about whom, its codes. */
export function drawDraft(desk) {
  const { view, draft, words, drafting } = desk;
  const timed = drafting.unit(draft) === "ms";
  view.mode.textContent = draft.editing ? words.changing : words.new_segment;
  view.draft.classList.toggle("editing", Boolean(draft.editing));
  const span = draft.start != null && draft.end != null ? clock(draft.end - draft.start, true) : "–";
  const facts = timed
    ? [[words.in, clock(draft.start, true)], [words.out, clock(draft.end, true)], [words.length, span]]
    : [[words.page, draft.page ?? desk.source.page ?? "–"], drafting.unit(draft) === "lines" ? [words.lines, drafting.amount(draft) ?? "–"] : [words.area_cm2, area(drafting.amount(draft))]];
  view.when.replaceChildren(...facts.map(([label, value]) => h("div", { class: "fact" }, h("span", {}, label), h("output", { dir: "ltr" }, String(value)))));
  view.subjects.replaceChildren(...draft.subjects.map((each, i) => subjectRow(desk, each, i === draft.active, i)));
  if (!draft.subjects.length) view.subjects.replaceChildren(h("p", { class: "empty" }, words.no_subject));
  for (const each of view.numbers.querySelectorAll("[data-subject]"))
    each.setAttribute("aria-pressed", String(draft.subjects.some(({ name }) => name === each.dataset.subject)));
  drawCodes(desk);
  for (const field of ["text", "note"]) if (view[field].value !== draft[field]) view[field].value = draft[field];
  view.told.textContent = (desk.told || []).join(" ");
  view.told.classList.remove("good");
}

function subjectRow(desk, each, active, at) {
  const known = desk.subject_of.get(each.name);
  const words = [desk.words[`word.role.${each.role}`], each.speech === "none" ? null : desk.words[`word.speech.${each.speech}`], each.tone || "?"];
  return h(
    "div",
    { class: `subject-row${active ? " active" : ""}`, role: "listitem", "aria-current": active ? "true" : null, onclick: () => ((desk.draft = { ...desk.draft, active: at }), desk.redraw()) },
    h("span", { class: "colour", style: { background: known?.colour || "#6b7785" } }),
    h("span", { class: "name", dir: "auto" }, known?.label || each.name),
    h("span", { class: "said", dir: "auto" }, words.filter(Boolean).join(" · ")),
  );
}

function drawCodes(desk) {
  const { view, draft, words, map } = desk;
  const chosen = draft.subjects[draft.active];
  const choice = (label, key, on, press, extra = {}) =>
    h("button", { type: "button", "aria-pressed": String(on), onclick: press, onmousedown: (e) => e.preventDefault(), ...extra }, h("span", { class: "label", dir: "auto" }, label), key ? h("kbd", { "aria-hidden": "true" }, key) : null);
  const row = (label, key, ...parts) => h("div", { class: "code", role: "group", "aria-label": label }, h("span", { class: "code-name" }, label, key ? h("kbd", { "aria-hidden": "true" }, key) : null), ...parts);
  const tones = desk.mission.tone.map((point, i) => choice(point.name, map.label(`tone_${i + 1}`), chosen?.tone === point.name, () => desk.tone(point.name), { "data-tone": point.name, "data-score": point.score > 0 ? "positive" : point.score < 0 ? "negative" : "neutral" }));
  const listed = (field, values) => values.map((value) => choice(words[`word.${field}.${value}`], "", chosen?.[field] === value, () => desk.change(desk.drafting.code(desk.draft, field, value))));
  view.codes.replaceChildren(
    row(words.tone, "", ...tones),
    row(words.role, map.label("role"), ...listed("role", desk.mission.roles)),
    row(words.speech, map.label("speech"), ...listed("speech", desk.mission.speech)),
    row(words.format, "", choice(draft.format, map.label("format"), false, () => desk.act("format"))),
    row(words.topic, "", choice(draft.topic || "–", map.label("topic"), false, () => desk.act("topic"))),
  );
}

/** From when to when a segment lasts, or on which page and how large it is. */
export function whenOf({ words, drafting }, segment) {
  if (segment.start_ms != null) return `${clock(segment.start_ms)}–${clock(segment.end_ms)}`;
  const lines = drafting.formats.get(segment.format)?.unit === "lines";
  const size = lines ? filled(words.lines_short, { lines: segment.amount }) : filled(words.area_short, { area: area(segment.amount) });
  return `${filled(words.page_short, { page: segment.page ?? "–" })} · ${size}`;
}

/** What is coded, what was not taken, the sums, and how far the airing is. */
export function drawList(desk) {
  const { view, record, words } = desk;
  const all = record.present;
  view.empty.hidden = Boolean(all.length);
  view.list.replaceChildren(
    ...all.map((each) => {
      const { segment } = each;
      return line(each, { subject: desk.subject_of.get(segment.subject), words, chosen: segment.segment_id === desk.draft.editing, when: whenOf(desk, segment), choose: () => desk.choose(segment.segment_id) });
    }),
  );
  view.list.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  if (!desk.draft.editing && view.list.lastElementChild) view.list.scrollTop = view.list.scrollHeight;
  view.trouble.replaceChildren(...record.troubled.map((each) => troubleOf(desk, each)));
  const { covered, summed } = record.times();
  const coded = desk.source.kind === "page" ? all.reduce((sum, { segment }) => sum + (desk.drafting.formats.get(segment.format)?.unit === "lines" ? 0 : segment.amount), 0) : covered;
  const values = desk.source.kind === "page"
    ? { coded: area(coded), length: area(desk.airing.monitored), segments: all.length }
    : { coded: clock(coded), length: clock(desk.length), left: clock(seconds(desk.length) - seconds(coded)), sum: clock(summed), segments: all.length };
  view.totals.textContent = filled(desk.source.kind === "page" ? words.totals_page : words.totals, values);
  const progress = desk.assignment?.progress;
  view.assigned.textContent = desk.assignment ? words[`progress.${progress}`] : "";
  view.returned.textContent = desk.assignment?.note || "";
  view.gone.hidden = !record.gone.length;
  view.gone.textContent = filled(words.retracted, { count: record.gone.length });
  view.gone.onclick = () => retracted(view, { segments: record.gone, words, subjects: desk.subject_of, restore: (segment) => desk.restore(segment) });
  view.assigned.className = `assigned ${progress || ""}`;
  view.root.querySelector("[data-action=finish] .label").textContent = progress === "done" ? words.reopen : words["action.finish"];
}
