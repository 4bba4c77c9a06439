// What a model suggests, in a quiet place beside the list. It is asked for when the coder's own code is saved (or, where
// the mission wants that, before the code), and never in the way of a key: the focus stays where it is, and without a
// connection there is nothing. Only the coder's own key changes a code.

import { button, filled, h } from "./dom.js";
import { whenOf } from "./drawing.js";
import { uuid } from "./record.js";

const PATIENCE = 8_000; // ms; the server itself gives up earlier

export class Suggestions {
  /** `show`: after, before or off; `subtitles`: a segment may have a text without words of the coder. */
  constructor(desk, { show = "off", subtitles = false } = {}, ids = {}) {
    Object.assign(this, { desk, mode: show, subtitles });
    this.ids = ids; // of the segments in the making that were asked about, by subject
    this.asked = new Set(); // segment and subject
    this.answers = new Map(); // segment -> what was told
    this.waiting = []; // to be asked, one at a time
    this.shown = []; // what belongs to one picture, the first one on top
  }

  /** A segment was stored: ask about it once. */
  saved({ segment, retracted }) {
    if (this.mode !== "after" || retracted) return;
    const when = whenOf(this.desk, segment);
    if (segment.tone && (segment.text || this.subtitles)) this.#ask({ id: segment.segment_id, subject: segment.subject, when, body: { segment_id: segment.segment_id } });
    else if (segment.revision === 1) this.shown = this.shown.filter((each) => each.when === when);
  }

  /** Before the code: ask about every subject of the draft that has no tone yet, once all else is there. */
  consider() {
    const { desk } = this;
    const { draft, drafting } = desk;
    if (this.mode !== "before" || draft.editing || desk.view.text.matches(":focus")) return;
    if (!(draft.text.trim() || this.subtitles) || drafting.problems(draft).some((key) => key !== "missing_tone")) return;
    for (const { name, tone } of draft.subjects) if (!tone) this.#before(name);
  }

  #before(subject) {
    const { airing, draft, drafting } = this.desk;
    const id = this.idOf(subject) || uuid();
    this.ids = { ...this.ids, [subject]: id };
    this.desk.keep(); // a reload asks under the same id, and is told the same
    const timed = drafting.unit(draft) === "ms";
    const [start_ms, end_ms] = timed ? [draft.start, draft.end] : [null, null];
    const when = whenOf(this.desk, { start_ms, end_ms, page: draft.page, format: draft.format, amount: drafting.amount(draft) });
    const body = { draft: { segment_id: id, airing_id: airing.airing_id, subject, text: draft.text.trim(), language: "", start_ms, end_ms } };
    this.#ask({ id, subject, when, body });
  }

  /** Under which id a subject of the draft was asked about; a segment that stands is not made again. */
  idOf(subject) {
    const id = this.ids[subject];
    const held = id && this.desk.record.get(id);
    return held && !held.retracted ? undefined : id;
  }

  /** Another segment is in the making: a fresh one, or (after an undo) these that were saved before. */
  begin(segments = []) {
    if (this.mode !== "before") return;
    this.ids = Object.fromEntries(segments.filter(Boolean).map((segment) => [segment.subject, segment.segment_id]));
    this.shown = [];
  }

  #ask(question) {
    const key = `${question.id} ${question.subject}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    // the coder has gone on: what was not yet asked about earlier pictures is not asked any more
    const [late, same] = [false, true].map((alike) => this.waiting.filter((each) => (each.when === question.when) === alike));
    for (const each of late) this.asked.delete(`${each.id} ${each.subject}`);
    this.waiting = [...same, question];
    this.shown = this.shown.filter((each) => each.when === question.when);
    this.draw();
    if (!this.asking) this.#next();
  }

  async #next() {
    const question = this.waiting[0];
    this.asking = question;
    if (!question) return;
    const answer = await this.#told(question.body);
    this.waiting = this.waiting.filter((each) => each !== question);
    if (!answer?.recorded) this.asked.delete(`${question.id} ${question.subject}`); // with the next save, perhaps
    if (answer) this.#keep({ ...question, answer });
    this.draw();
    this.#next();
  }

  #keep(told) {
    this.answers.set(told.id, told);
    const newest = this.waiting[0] || told;
    if (newest.when === told.when) this.shown = [...this.shown.filter((each) => each.when === told.when && each.id !== told.id), told];
  }

  /** The server's answer; null where there is none. */
  async #told(body) {
    const { settings, language } = this.desk;
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const reply = await fetch(`/desk/suggest?${new URLSearchParams({ mission: settings.mission, lang: language })}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: stop.signal,
        credentials: "same-origin",
        redirect: "error",
      });
      return reply.ok ? await reply.json() : null;
    } catch {
      return null; // no connection, or it took too long
    } finally {
      clearTimeout(clock);
    }
  }

  /** What was told of a segment that is looked at again. */
  show(id) {
    if (this.answers.has(id)) this.shown = [this.answers.get(id)];
  }

  get #current() {
    return this.shown.find(({ id }) => !this.desk.record.get(id)?.retracted);
  }

  /** The own code stands; what was suggested leaves the screen. */
  dismiss() {
    this.shown = this.shown.filter((each) => each !== this.#current);
    this.draw();
  }

  /** The coder takes the suggestion over: a revision of what is saved, or the tone of the segment in the making. */
  take() {
    const told = this.#current;
    const { desk } = this;
    if (!told?.answer.take) return;
    if (desk.record.get(told.id)) desk.recode(told.id, told.answer.take, desk.words["suggestion.taken"]);
    else if (this.ids[told.subject] === told.id && !desk.draft.editing) {
      const subjects = desk.draft.subjects.map((each) => (each.name === told.subject ? { ...each, tone: told.answer.take } : each));
      desk.change({ ...desk.draft, subjects });
    }
    this.draw();
  }

  /** The same lines and keys whether there is a suggestion or not, so that nothing jumps and none says more by its size. */
  draw() {
    const { view, words } = this.desk;
    if (!view) return;
    view.suggestion.hidden = this.mode === "off";
    if (this.mode === "off") return;
    if (!this.parts) this.#build(view.suggestion);
    const { of, says, why, actions, keep, take } = this.parts;
    const told = this.#current;
    const about = told || this.waiting[0];
    const subject = about && (this.desk.subject_of.get(about.subject)?.short || about.subject);
    const write = (element, text) => element.textContent !== text && Object.assign(element, { textContent: text, title: text });
    write(of, about ? filled(words["suggestion.of"], { subject, when: about.when }) : "");
    write(says, told ? this.#said(told.answer) : about ? words["suggestion.asking"] : "");
    const more = this.shown.filter((each) => each !== told).length;
    write(why, [told && this.#why(told.answer), more ? filled(words["suggestion.more"], { count: more }) : ""].filter(Boolean).join(" · "));
    const answer = told?.answer;
    actions.classList.toggle("none", !answer?.shown);
    write(take.querySelector(".label"), answer?.take ? filled(words["suggestion.take"], { tone: answer.take }) : words["action.suggestion_take"]);
    keep.disabled = !told;
    take.disabled = !answer?.take;
  }

  #said({ shown, labels, probability }) {
    const { words } = this.desk;
    if (!shown) return words["suggestion.none"];
    const sure = words[`suggestion.sure.${probability >= 0.9 ? "very" : probability >= 0.7 ? "likely" : "possibly"}`];
    const percent = Math.min(99, Math.round(100 * probability)); // no model is certain
    return filled(words["suggestion.is"], { labels: labels.join(words["suggestion.or"]), sure, percent });
  }

  #why({ shown, model, language, reason }) {
    return shown ? filled(this.desk.words["suggestion.about"], { model, language }) : reason;
  }

  #build(place) {
    const { desk } = this;
    const key = (action) => button(desk.words[`action.${action}`], desk.map.label(action), () => desk.act(action), { "data-action": action });
    const part = (name, live) => h("p", { class: name, dir: "auto", "aria-live": live });
    const [keep, take, undo] = ["suggestion_keep", "suggestion_take", "undo"].map(key);
    const actions = h("div", { class: "actions" }, keep, undo, take);
    this.parts = { of: part("of"), says: part("says", "polite"), why: part("why"), actions, keep, take };
    place.replaceChildren(this.parts.of, this.parts.says, this.parts.why, actions);
  }
}
