// The coding desk: opens an airing, follows the keys, and puts every change into the outbox.

import { Drafting, changing, fresh, same } from "./draft.js";
import { clock, filled, h } from "./dom.js";
import { drawDraft, drawList } from "./drawing.js";
import { Keys } from "./keys.js";
import { aboutOf, described, outboxOf } from "./outbox.js";
import { asked, confirmed, finder, help, history, sides } from "./panels.js";
import { drawScreen } from "./screen.js";
import { Record, uuid } from "./record.js";
import { PageSource, RecordingSource, StopwatchSource } from "./sources.js";
import { drawPages, drawRange, drawStrip, place } from "./strip.js";
import { Suggestions } from "./suggestion.js";
import { made, numbers } from "./view.js";

const JUMP = 30_000; // ms of Page Up and Page Down
const LIVE_WITHIN = 12 * 3_600_000; // ms around the plan in which an airing can be begun live
const LIVE_AFTER = 5 * 60_000; // ms after its end in which live air can still go on
const LOOK_AGAIN = 5_000; // ms until the store is asked again what another tab has sent, where it did not answer
const STEPS_BACK = 500; // undo remembers that many changes
const desks = new WeakMap();

/** Draw the desk for what Streamlit hands over; called again at every run of the page. */
export async function draw(root, settings) {
  const held = desks.get(root);
  const same_place = held && ["mission", "airing", "coder", "language", "proxy"].every((name) => held.settings[name] === settings[name]);
  if (same_place) return;
  held?.close();
  const desk = new Desk(root, settings);
  desks.set(root, desk);
  await desk.open();
}

/** The page is left: keys and clocks stop; what is not yet saved stays in the browser. */
export function leave(root) {
  desks.get(root)?.close();
  desks.delete(root);
}

class Desk {
  constructor(root, settings) {
    this.root = root;
    this.settings = settings;
    this.past = [];
    this.future = [];
    this.place = root.querySelector(".ev-desk") || root;
  }

  async open() {
    const { mission, airing, coder, language } = this.settings;
    const query = new URLSearchParams({ mission, airing, coder: coder || "", lang: language });
    this.place.replaceChildren(h("p", { class: "opening" }, this.settings.opening));
    this.outbox = await outboxOf(this.settings.person, language);
    for (;;) {
      const asked_at = Date.now();
      const settled = this.outbox.settlements;
      try {
        const reply = await fetch(`/desk/airing?${query}`, { credentials: "same-origin" });
        const told = await reply.json();
        if (this.closed) return;
        if (!reply.ok) return this.place.replaceChildren(h("p", { class: "opening" }, (told.problems || [this.settings.failed]).join(" ")));
        if (settled !== this.outbox.settlements) continue; // something was stored while the answer was on its way
        this.clock_ahead = told.now - (asked_at + Date.now()) / 2;
        return await this.#begin(told);
      } catch (error) {
        if (this.closed) return;
        if (!(error instanceof TypeError)) throw error;
        this.place.replaceChildren(h("p", { class: "opening" }, this.settings.failed));
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
    }
  }

  now() {
    return Date.now() + this.clock_ahead;
  }

  async #begin(told) {
    const { mission, airing, assignment, recordings, segments, coder, person, keys, words, language, direction } = told;
    Object.assign(this, { mission, airing, assignment, recordings, segments, coder, person, keys, words, language, direction });
    this.subject_of = new Map(this.mission.subjects.map((subject) => [subject.name, subject]));
    this.map = new Keys(this.keys, this.words);
    const context = { mission: this.settings.mission, airing: this.airing.airing_id };
    this.context = context;
    this.listens = { told: () => this.view && this.#drawSaved(), settled: (entry, answer) => this.#settled(entry, answer), elsewhere: () => this.#again() };
    this.record = new Record(this.segments, this.outbox.mine(context.mission, context.airing));
    this.key = [this.person, context.mission, context.airing, this.coder].join("|");
    this.#source();
    this.drafting = new Drafting(this.mission, this.airing, this.source);
    const kept = await this.outbox.draft(this.key).catch(() => null);
    if (this.closed) return;
    this.draft = this.#usable(kept?.draft) || this.#fresh();
    this.stashed = kept?.stashed || null;
    this.ended = kept?.ended || false;
    if (this.ended && this.source.kind === "live") {
      this.source.close();
      this.#source();
      this.drafting.source = this.source;
    }
    this.outbox.hears.add(this.listens);
    this.suggestions = new Suggestions(this, told.suggestions, kept?.ids);
    this.#build();
    if (kept?.position) this.source.seek(kept.position);
    this.#listen();
    this.redraw();
    // what was answered while another airing was open
    for (const entry of this.outbox.mine(context.mission, context.airing)) if (entry.answer) this.#settled(entry, entry.answer);
  }

  /** Another tab has coded here, or sent what was coded: look at the store again. */
  async #again() {
    clearTimeout(this.looking);
    this.behind = true;
    const look = (this.looks = (this.looks || 0) + 1);
    const { mission, airing, coder, language } = this.settings;
    const query = new URLSearchParams({ mission, airing, coder: coder || "", lang: language });
    const settled = this.outbox.settlements;
    try {
      const told = await (await fetch(`/desk/airing?${query}`, { credentials: "same-origin" })).json();
      if (this.closed || look !== this.looks) return undefined; // a later look knows more
      if (!told.segments || told.person !== this.person) return this.#look_later(); // signed out, or somebody else here
      if (settled !== this.outbox.settlements) return this.#again();
      this.record = new Record(told.segments, this.outbox.mine(this.context.mission, this.context.airing));
      this.assignment = told.assignment;
      this.behind = false;
      this.redraw();
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
      this.#look_later(); // no connection
    }
    return undefined;
  }

  /** The lines must not go on saying that something waits which another tab has sent. */
  #look_later() {
    if (!this.closed) this.looking = setTimeout(() => this.#again(), LOOK_AGAIN);
  }

  /** A draft that was kept, as far as the codebook still knows its words. */
  #usable(draft) {
    if (!draft) return null;
    const subjects = draft.subjects.filter((each) => this.subject_of.has(each.name));
    if (draft.editing && !this.record.get(draft.editing)) return null;
    const known = this.mission.formats.some((part) => part.name === draft.format);
    return { ...draft, subjects, format: known ? draft.format : this.airing.first_format };
  }

  get medium() {
    if (this.airing.unit !== "ms") return "page";
    return this.source?.kind === "recording" ? "recording" : this.source?.kind === "live" ? "live" : "stopwatch";
  }

  #source() {
    const moved = () => this.view && this.#moved();
    this.parts = this.recordings.filter((each) => each.kind !== "page").sort((one, other) => other.offset_ms - one.offset_ms);
    const recording = this.parts[this.part ?? 0];
    if (this.airing.unit !== "ms") {
      this.source = new PageSource(this.recordings.filter((each) => each.kind === "page"), moved);
    } else if (recording) {
      this.recording = recording;
      this.media = document.createElement(recording.kind === "audio" ? "audio" : "video");
      this.media.preload = "auto";
      this.media.playsInline = true;
      this.media.src = this.#address(recording, recording.proxy && this.settings.proxy);
      this.source = new RecordingSource(this.media, recording, this.airing.monitored, moved);
    } else {
      const { actual_start: start, actual_end: end } = this.airing;
      const planned = this.airing.planned_start ?? this.now();
      const soon = start == null && Math.abs(this.now() - planned) < LIVE_WITHIN;
      const live = !this.ended && (soon || (start != null && this.now() >= start && this.now() < end + LIVE_AFTER));
      this.source = new StopwatchSource({ began: start, live, length: this.airing.monitored, now: () => this.now() }, moved);
    }
  }

  #address(recording, proxy) {
    const query = new URLSearchParams({ mission: this.settings.mission, ...(proxy ? { proxy: "1" } : {}) });
    return `/recordings/${recording.id}?${query}`;
  }

  /** How long the airing is, as far as is known; live air grows. */
  get length() {
    const known = this.airing.monitored ?? this.airing.planned ?? 3_600_000;
    return this.source.kind === "live" ? Math.max(known, this.source.position) : known;
  }

  #fresh(start = null) {
    return fresh({ format: this.draft?.format || this.airing.first_format, start, page: this.source.page ?? null });
  }

  #build() {
    const act = (action) => this.act(action);
    this.view = made({ words: this.words, keys: this.map, act, medium: this.medium, direction: this.direction, parts: this.parts.length });
    const { view } = this;
    this.place.replaceChildren(view.root);
    this.place.lang = this.language;
    view.title.textContent = [this.airing.outlet_label, this.airing.programme, this.airing.date, this.airing.clock].filter(Boolean).join(" · ");
    view.notice.textContent = this.mission.notice;
    view.notice.hidden = !this.mission.notice;
    view.numbers.replaceChildren(...numbers(this.mission.subjects, this.map, this.words, (name) => this.#toggle(name), () => this.act("find_subject")));
    for (const field of ["text", "note"]) {
      view[field].addEventListener("focus", () => (this.before_typing = this.draft));
      view[field].addEventListener("input", () => {
        this.draft = { ...this.draft, [field]: view[field].value };
        this.keep();
      });
      view[field].addEventListener("blur", () => this.#typed(field));
    }
    if (this.source.kind === "stopwatch" && this.airing.actual_start == null) this.#say(["no_times"]);
    drawScreen(this);
    view.saved.addEventListener("click", () => this.outbox.send());
  }

  #listen() {
    this.pressed = (event) => this.#press(event);
    this.leaving = (event) => {
      if (this.outbox.state.waiting) event.preventDefault();
    };
    document.addEventListener("keydown", this.pressed, true);
    addEventListener("beforeunload", this.leaving);
    addEventListener("pagehide", (this.hiding = () => this.keep()));
  }

  close() {
    this.closed = true;
    clearTimeout(this.looking);
    document.removeEventListener("keydown", this.pressed, true);
    removeEventListener("beforeunload", this.leaving);
    removeEventListener("pagehide", this.hiding);
    if (this.outbox && this.view) this.keep();
    this.outbox?.hears.delete(this.listens);
    this.source?.close();
  }

  // keys

  #press(event) {
    const from = event.composedPath()[0];
    if (event.isComposing || from.closest?.("dialog[open]")) return;
    const typing = from.matches?.("input, textarea, select, [contenteditable]") && !from.closest("dialog");
    if (typing) return this.#typing(event, from);
    const inside = event.composedPath().includes(this.place);
    const control = from.matches?.("button, a, [role=option], [role=button], [role=combobox]");
    if (control && (!inside || ["Enter", "Space"].includes(event.code)) && !event.ctrlKey) return undefined;
    const action = this.map.of(event);
    if (!action) return undefined;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat || /^(back|forward|box_|in_|out_)/.test(action)) this.act(action);
    return undefined;
  }

  #typing(event, field) {
    if (!field.dataset?.field) return;
    const leaves = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
    if (leaves) {
      event.preventDefault();
      event.stopPropagation();
      field.blur();
    }
  }

  /** Do one action of the key map. */
  act(action) {
    const { source, draft } = this;
    const number = /^(subject|tone)_(\d+)$/.exec(action);
    if (number) return number[1] === "subject" ? this.#toggle(this.mission.subjects[number[2] - 1]?.name) : this.tone(this.mission.tone[number[2] - 1]?.name);
    const steps = {
      play: () => source.toggle?.(),
      faster: () => source.shuttle?.(1),
      slower_or_back: () => source.shuttle?.(-1),
      normal_speed: () => source.setSpeed?.(1),
      back_second: () => source.step?.(-1000),
      forward_second: () => source.step?.(1000),
      back_frame: () => source.frames?.(-1),
      forward_frame: () => source.frames?.(1),
      back_jump: () => source.step?.(-JUMP),
      forward_jump: () => source.step?.(JUMP),
      begin_or_end: () => this.#beginOrEnd(),
      in: () => this.#mark("start"),
      out: () => this.#mark("end"),
      go_in: () => draft.start != null && source.seek(draft.start),
      go_out: () => draft.end != null && source.seek(draft.end),
      loop: () => this.#loop(),
      page_before: () => this.#turn(-1),
      page_after: () => this.#turn(1),
      box_sides: () => this.#sides(),
      find_subject: () => this.#find("find_subject", this.mission.subjects, (name) => this.#toggle(name)),
      subject_above: () => this.#activate(-1),
      subject_below: () => this.#activate(1),
      drop_subject: () => draft.subjects[draft.active] && this.#toggle(draft.subjects[draft.active].name),
      role: () => this.change(this.drafting.next(draft, "role", this.mission.roles)),
      speech: () => this.change(this.drafting.next(draft, "speech", this.mission.speech)),
      format: () => this.#find("format", this.mission.formats, (name) => this.change({ ...this.draft, format: name })),
      topic: () => this.#find("topic", this.mission.topics.map((name) => ({ name })), (name) => this.change({ ...this.draft, topic: name })),
      text: () => this.#write("text"),
      note: () => this.#write("note"),
      save: () => this.save(),
      clear: () => this.#clear(),
      undo: () => this.undo(),
      redo: () => this.redo(),
      previous: () => this.#walk(-1),
      next: () => this.#walk(1),
      in_earlier: () => this.#nudge("start", -1),
      in_later: () => this.#nudge("start", 1),
      out_earlier: () => this.#nudge("end", -1),
      out_later: () => this.#nudge("end", 1),
      retract: () => this.#retract(),
      history: () => this.#history(),
      suggestion_keep: () => this.suggestions.dismiss(),
      suggestion_take: () => this.suggestions.take(),
      finish: () => this.#finish(),
      help: () => help(this.view, { keys: this.map, words: this.words, named: (name) => this.#named(name) }),
    };
    if (action.startsWith("box_") && action !== "box_sides") return this.#moveBox(action);
    return steps[action]?.();
  }

  /** What an action is called here: keys of subjects and tones by their names; "" where the mission has fewer. */
  #named(action) {
    const [, kind, number] = /^(subject|tone)_(\d+)$/.exec(action) || [];
    if (!kind) return this.words[`action.${action}`];
    const listed = kind === "subject" ? this.mission.subjects : this.mission.tone;
    return listed[number - 1]?.short || listed[number - 1]?.name || "";
  }

  // the draft

  /** A step of the draft that undo takes back. */
  change(later) {
    if (same(later, this.draft) && later.active === this.draft.active) return;
    this.#remember({ before: this.draft, after: later });
    this.draft = later;
    this.told = [];
    drawDraft(this); // the list and the strip do not change with it
    if (this.source.kind === "page") this.screen?.boxes();
    else drawRange(this.view, this.draft, this.length);
    this.keep();
    this.suggestions.consider();
  }

  #remember(step) {
    this.past.push(step);
    if (this.past.length > STEPS_BACK) this.past.shift();
    this.future = [];
  }

  #kept() {
    return { key: this.key, draft: this.draft, stashed: this.stashed, position: this.source.position, ended: this.ended, ids: this.suggestions.ids };
  }

  keep() {
    return this.outbox.keep(this.#kept()).catch(() => this.#drawSaved());
  }

  #toggle(name) {
    if (name) this.change(this.drafting.toggle(this.draft, name));
  }

  tone(name) {
    if (name && this.draft.subjects.length) this.change(this.drafting.code(this.draft, "tone", name));
  }

  #activate(by) {
    const active = Math.max(0, Math.min(this.draft.subjects.length - 1, this.draft.active + by));
    this.draft = { ...this.draft, active };
    this.redraw();
  }

  #mark(edge) {
    if (this.source.kind === "page") return;
    if (this.source.kind === "live" && this.source.began == null) return this.#say(["not_begun"]);
    this.change({ ...this.draft, [edge]: this.source.position });
  }

  #nudge(edge, by) {
    if (this.draft[edge] == null || !this.source.beside) return;
    const later = this.source.beside(this.draft[edge], by);
    this.change({ ...this.draft, [edge]: later });
    this.source.pause?.();
    this.source.seek(later);
  }

  #loop() {
    const { start, end } = this.draft;
    if (this.source.loop && start != null && (end ?? this.source.position) > start) {
      this.source.loop(start, end ?? this.source.position);
      if (this.source.looping && !this.source.playing) this.source.toggle();
      this.#moved();
    }
  }

  #find(action, options, choose) {
    const listed = options.map((each) => ({ name: each.name, label: each.label || each.name, spellings: each.spellings || [each.name.toLowerCase()] }));
    finder(this.view, { title: this.words[`action.${action}`], options: listed, words: this.words, choose });
  }

  /** What was typed at one go is one step for undo. */
  #typed(field) {
    const before = this.before_typing;
    if (before && before.editing === this.draft.editing && before[field] !== this.draft[field]) this.#remember({ before, after: this.draft });
    this.before_typing = null;
    this.suggestions.consider();
  }

  #write(field) {
    this.view[field].focus();
  }

  #clear() {
    if (!this.draft.editing) {
      this.suggestions.begin();
      return this.change(this.#fresh());
    }
    this.#leaveDraft();
    return this.#stopEditing();
  }

  // pages

  #turn(by) {
    if (this.source.kind === "recording") return this.#turnPart(by);
    this.source.turn?.(by);
    // a segment that is being changed stays where it is until a box is drawn, or its sides are typed
    if (!this.draft.editing) this.draft = { ...this.draft, page: this.source.page, box: null };
    drawScreen(this);
    return this.redraw();
  }

  /** The next file of an airing that was recorded in several. */
  #turnPart(by) {
    const part = Math.max(0, Math.min(this.parts.length - 1, (this.part ?? 0) + by));
    if (part === (this.part ?? 0)) return;
    this.part = part;
    this.source.close();
    this.#source();
    this.drafting.source = this.source;
    drawScreen(this);
    this.source.seek(Math.max(0, -this.recording.offset_ms));
    this.redraw();
  }

  setBox(box) {
    this.change({ ...this.draft, page: this.source.page, box, sides: null, stated: null });
  }

  #moveBox(action) {
    if (this.source.kind !== "page") return undefined;
    if (this.draft.sides || this.drafting.unit(this.draft) === "lines") return this.#say(["sides_typed"]);
    const step = 0.005;
    let [left, top, width, height] = this.draft.box || [0.1, 0.1, 0.3, 0.2];
    if (action === "box_left") left -= step;
    if (action === "box_right") left += step;
    if (action === "box_up") top -= step;
    if (action === "box_down") top += step;
    if (action === "box_narrower") width -= step;
    if (action === "box_wider") width += step;
    if (action === "box_lower") height -= step;
    if (action === "box_higher") height += step;
    const within = (value, from, to) => Math.min(to, Math.max(from, value));
    width = within(width, step, 1);
    height = within(height, step, 1);
    return this.setBox([within(left, 0, 1 - width), within(top, 0, 1 - height), width, height]);
  }

  /** The segment whose box lies under a point of the page. */
  chooseAt([across, down]) {
    const inside = ({ segment }) => {
      const [left, top, width, height] = (segment.box || "").split(" ").map(Number);
      return segment.page === this.source.page && across >= left && across <= left + width && down >= top && down <= top + height;
    };
    const found = this.record.present.filter(inside).at(-1);
    if (found) this.choose(found.segment.segment_id);
  }

  #sides() {
    if (this.source.kind !== "page") return;
    const lines = this.drafting.unit(this.draft) === "lines";
    const start = lines ? [this.draft.lines] : this.draft.sides;
    const done = (values) =>
      this.change(lines ? { ...this.draft, page: this.source.page, lines: values[0], box: null, stated: null } : { ...this.draft, page: this.source.page, sides: values, box: null, stated: null });
    const held = this.source.picture;
    const most = [(held?.width_mm || 2000) / 10, (held?.height_mm || 2000) / 10];
    sides(this.view, { words: this.words, lines, start, most, done });
  }

  // saving

  async save() {
    let { draft } = this;
    const timed = this.drafting.unit(draft) === "ms";
    if (timed && draft.end == null && draft.start != null && this.source.position > draft.start) draft = { ...draft, end: this.source.position };
    if (!timed && draft.page == null) draft = { ...draft, page: this.source.page };
    const missing = this.drafting.problems(draft);
    if (missing.length) return this.#say(missing);
    const editing = draft.editing && this.record.get(draft.editing);
    if (draft.editing && !editing) {
      this.draft = { ...draft, editing: null };
      return this.#say(["gone"]);
    }
    if (editing && same(draft, changing(editing.segment))) return this.#stopEditing();
    const now = new Date(this.now()).toISOString();
    const operations = this.drafting.operations(draft, { coder: this.coder, now, record: this.record, id_of: (subject) => this.suggestions.idOf(subject) });
    const after = editing ? this.stashed || this.#fresh() : this.#fresh(timed ? draft.end : null);
    const states = operations.map((operation) => [operation.segment.segment_id, this.#content(operation.segment.segment_id)]);
    this.stashed = null;
    if (!editing) this.suggestions.begin();
    this.#remember({ before: draft, after, states });
    return this.send([...this.#times(draft), ...operations], after);
  }

  /** What a segment says now; null where it is not there. */
  #content(id) {
    const held = this.record.get(id);
    return held && !held.retracted ? held.segment : null;
  }

  /** Live air: the airing must reach to where the segment ends. */
  #times(draft) {
    if (this.source.kind !== "live" || draft.end <= (this.airing.monitored ?? 0)) return [];
    const start = Math.round(this.source.began);
    const end = start + Math.max(draft.end, this.airing.planned ?? 0);
    return [this.#setTimes(start, end)];
  }

  #setTimes(start, end) {
    Object.assign(this.airing, { actual_start: start, actual_end: end, monitored: end - start });
    return { kind: "times", id: uuid(), airing_id: this.airing.airing_id, start, end };
  }

  send(operations, draft) {
    for (const operation of operations) this.record.apply(operation);
    this.draft = draft;
    this.told = [];
    this.redraw();
    return this.outbox.add(operations, this.context, this.#kept());
  }

  #settled(entry, answer) {
    if (entry.mission !== this.context.mission || entry.airing !== this.context.airing || !this.record) return;
    this.record.answered(entry.operation, answer);
    if (answer.outcome === "stored" && answer.progress) this.assignment = { ...this.assignment, progress: answer.progress };
    if (answer.airing) this.#onAir(answer.airing);
    if (answer.outcome === "stored" && answer.segment) this.suggestions.saved(answer);
    if (answer.outcome !== "stored" && !entry.operation.segment && !entry.operation.segment_id) {
      this.told = answer.problems || this.told;
      this.outbox.forget(aboutOf(entry.operation));
    }
    this.redraw();
  }

  /** The times that the store holds: another coder may have begun the same airing first. */
  #onAir({ start, end }) {
    Object.assign(this.airing, { actual_start: start, actual_end: end, monitored: end - start });
    if (this.source.kind === "live") this.source.began = start;
  }

  #beginOrEnd() {
    if (this.source.kind !== "live") return;
    const instant = Math.round(this.now());
    if (this.source.began == null) {
      this.source.begin(instant);
      const operation = this.#setTimes(instant, instant + (this.airing.planned || 3_600_000));
      this.send([operation], { ...this.draft, start: this.draft.start ?? 0 });
    } else {
      const last = Math.max(0, ...this.record.present.map((each) => each.segment.end_ms || 0));
      const end = Math.max(instant, this.source.began + last);
      this.ended = true;
      const operation = this.#setTimes(this.source.began, end);
      this.source.close();
      this.#source(); // from here on a stopwatch, for what is still to be coded
      this.drafting.source = this.source;
      drawScreen(this);
      this.source.seek(this.airing.monitored);
      this.send([operation], this.draft);
      this.#say(["ended"], true);
    }
  }

  #finish() {
    const done = this.assignment?.progress === "done";
    if (!this.assignment) return this.#say(["not_assigned"]);
    if (!done && this.outbox.state.stuck) return this.#say(["settle_first"]);
    const operation = { kind: done ? "reopen" : "done", airing_id: this.airing.airing_id, coder: this.coder, read: this.assignment.progress };
    if (done) return this.send([operation], this.draft);
    const about = `${this.view.totals.textContent} ${this.draft.subjects.length ? this.words.draft_unsaved : ""}`;
    return confirmed(this.view, { title: this.words["action.finish"], about, words: this.words, done: () => this.send([operation], this.draft) });
  }

  // undo and redo: of the draft, and of what was saved (by a retraction or a revision, which leave their trace)

  undo() {
    const step = this.past.pop();
    if (!step) return this.#say(["nothing_to_undo"]);
    this.future.push(step);
    return this.#goTo(step, "before");
  }

  redo() {
    const step = this.future.pop();
    if (!step) return this.#say(["nothing_to_redo"]);
    this.past.push(step);
    return this.#goTo(step, "after");
  }

  #goTo(step, side) {
    const draft = step[side];
    if (!step.states) {
      this.draft = draft;
      this.told = [];
      this.redraw();
      return this.keep();
    }
    const reason = this.words[side === "before" ? "undone" : "redone"];
    const turned = step.states.map(([id]) => [id, this.#content(id)]);
    const operations = step.states.map(([id, content]) => this.record.operationTo(id, content, reason)).filter(Boolean);
    const gone = turned.filter((_, i) => !step.states[i][1]).map(([, content]) => content);
    if (gone.length && !draft.editing) this.suggestions.begin(gone);
    step.states = turned; // the way back
    const sent = this.send(operations, draft);
    const held = draft.editing && this.record.get(draft.editing);
    if (held) this.draft = { ...draft, revision: held.segment.revision };
    return sent;
  }

  // segments that are there

  #walk(by) {
    const all = this.record.present;
    if (!all.length) return this.#say(["no_segments"]);
    const at = all.findIndex((each) => each.segment.segment_id === this.draft.editing);
    const here = this.source.kind === "page" ? -1 : all.findIndex((each) => each.segment.start_ms > this.source.position);
    const beside = by > 0 ? (here < 0 ? all.length - 1 : here) : (here < 0 ? all.length : here) - 1;
    const next = at < 0 ? beside : at + by;
    return this.choose(all[Math.max(0, Math.min(all.length - 1, next))].segment.segment_id);
  }

  /** Take a segment into the draft; the new one that was begun waits until Escape or Save. */
  choose(id, position) {
    const held = this.record.get(id);
    if (!held || held.retracted) return;
    this.#leaveDraft();
    this.draft = changing(held.segment);
    this.told = [];
    if (this.source.kind === "page") {
      this.source.page = held.segment.page || this.source.page;
      drawScreen(this);
    } else this.source.seek(position ?? held.segment.start_ms);
    this.suggestions.show(id);
    this.redraw();
    this.keep();
  }

  /** The new segment that was begun waits; changes that were not saved can be brought back by undo. */
  #leaveDraft() {
    if (!this.draft.editing) this.stashed = this.draft;
    else if (!same(this.draft, changing(this.record.get(this.draft.editing)?.segment || this.draft))) this.#remember({ before: this.draft, after: this.draft });
  }

  #stopEditing() {
    this.draft = this.stashed || this.#fresh();
    this.stashed = null;
    this.told = [];
    this.redraw();
    this.keep();
  }

  #chosen() {
    const held = this.draft.editing && this.record.get(this.draft.editing);
    if (!held) this.#say(["choose_first"]);
    return held;
  }

  #retract() {
    const held = this.#chosen();
    if (!held) return;
    const id = held.segment.segment_id;
    const done = (reason) => {
      const after = this.stashed || this.#fresh();
      this.stashed = null;
      this.#remember({ before: this.draft, after, states: [[id, held.segment]] });
      this.send([this.record.operationTo(id, null, reason)], after);
    };
    asked(this.view, { title: this.words["action.retract"], about: this.words.retract_about, label: this.words.reason, words: this.words, done });
  }

  restore(segment) {
    const id = segment.segment_id;
    this.#remember({ before: this.draft, after: this.draft, states: [[id, null]] });
    this.send([this.record.operationTo(id, segment, this.words.brought_back)], this.draft);
  }

  /** Another tone for a saved segment, as a revision that undo takes back. */
  recode(id, tone, reason) {
    const held = this.record.get(id);
    if (!held || held.retracted || held.trouble || held.segment.tone === tone) return;
    const operation = this.record.operationTo(id, { ...held.segment, codebook_version: this.mission.version, tone }, reason);
    const subjects = this.draft.subjects.map((each, i) => (i === 0 ? { ...each, tone } : each));
    const after = this.draft.editing === id ? { ...this.draft, revision: held.segment.revision + 1, subjects } : this.draft;
    this.#remember({ before: this.draft, after, states: [[id, held.segment]] });
    this.send([operation], after);
  }

  async #history() {
    const held = this.#chosen();
    if (!held) return;
    const id = held.segment.segment_id;
    const query = new URLSearchParams({ mission: this.settings.mission, segment: id, lang: this.language });
    try {
      const reply = await fetch(`/desk/history?${query}`, { credentials: "same-origin" });
      const told = await reply.json();
      if (!reply.ok) throw new Error(told.problems?.join(" "));
      const restore = (segment) => {
        const after = this.stashed || this.#fresh();
        this.stashed = null;
        this.#remember({ before: this.draft, after, states: [[id, this.#content(id)]] });
        this.send([{ kind: "restore", segment: { ...segment, revision: this.record.get(id).segment.revision }, reason: filled(this.words.restored, { number: segment.revision }) }], after);
      };
      history(this.view, { revisions: told.revisions, words: this.words, subjects: this.subject_of, restore });
    } catch (error) {
      this.#say([error.message && !(error instanceof TypeError) ? error.message : "history_needs_server"]);
    }
  }

  // drawing

  #say(keys, good = false) {
    this.told = keys.map((key) => this.words[`told.${key}`] || key);
    drawDraft(this);
    this.view.told.classList.toggle("good", good);
  }

  redraw() {
    if (!this.view) return; // an answer came before the desk was drawn
    drawDraft(this);
    drawList(this);
    this.#drawStrip();
    this.#drawSaved();
    this.suggestions.draw();
    this.#moved();
  }

  #moved() {
    const { source, view } = this;
    if (source.kind === "page") return;
    const position = source.position;
    view.position.textContent = clock(position, true);
    const rate = source.playing ? `${source.speed}×` : "❚❚";
    view.speed.textContent = source.looping ? `${rate} ↻` : rate;
    place(view, position, this.length);
    if (source.kind !== "recording") this.screen?.tick();
  }

  #drawStrip() {
    const { record, draft, words } = this;
    if (this.source.kind === "page") {
      drawPages(this.view, { record, source: this.source, airing: this.airing, words, go: (page) => this.#turn(page - this.source.page) });
      return this.screen?.boxes();
    }
    return drawStrip(this.view, {
      record, draft, words, length: this.length, subjects: this.subject_of,
      go: (position) => this.source.seek(position), choose: (id, position) => this.choose(id, position),
    });
  }

  #drawSaved() {
    const { saved } = this.view;
    const state = this.outbox.state;
    if (this.behind) state.waiting = Math.max(state.waiting, this.record.waiting); // gone from the queue, not yet seen in the store
    const { count, text, mood } = described(state, this.words, filled);
    saved.textContent = text;
    saved.className = `saved ${mood}`;
    saved.dataset.waiting = count;
    saved.dataset.trouble = state.trouble;
    this.view.sign_in.hidden = state.trouble !== "signed_out";
    if (!state.trouble) this.screen?.again?.(); // a recording that was refused meanwhile
  }
}
