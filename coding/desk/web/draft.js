// The segment in the making (several subjects at once), what is wrong with it, and what it becomes when it is saved.

import { uuid } from "./record.js";

/** A new draft; the out of the one before is its in, and the format stays. */
export function fresh({ format, start = null, page = null }) {
  return {
    editing: null, // the segment that is being changed
    start,
    end: null,
    page,
    box: null,
    sides: null, // width and height in cm, where they were typed
    lines: null,
    subjects: [],
    active: 0,
    format,
    topic: "",
    text: "",
    note: "",
  };
}

/** The draft that changes a segment. */
export function changing(segment) {
  const { subject, role, speech, tone } = segment;
  return {
    editing: segment.segment_id,
    revision: segment.revision, // what was read: a later one of somebody else is a conflict, also after a reload
    start: segment.start_ms,
    end: segment.end_ms,
    page: segment.page,
    box: segment.box ? segment.box.split(" ").map(Number) : null,
    sides: null,
    lines: null,
    stated: segment.start_ms == null ? { format: segment.format, amount: segment.amount } : null,
    subjects: [{ name: subject, role, speech, tone }],
    active: 0,
    format: segment.format,
    topic: segment.topic,
    text: segment.text,
    note: segment.note,
  };
}

export class Drafting {
  /** `mission` and `airing` are what the server sent; `source` measures areas. */
  constructor(mission, airing, source) {
    Object.assign(this, { mission, airing, source });
    this.formats = new Map(mission.formats.map((part) => [part.name, part]));
    this.subjects = new Map(mission.subjects.map((subject) => [subject.name, subject]));
  }

  unit(draft) {
    return this.formats.get(draft.format)?.unit || this.airing.unit;
  }

  needsTone(draft) {
    return this.formats.get(draft.format)?.needs_tone ?? true;
  }

  /** The amount of a print segment in its unit; null where it is not known yet. */
  amount(draft) {
    // an amount that was stored counts only in the unit in which it was stored
    const stated = draft.stated && this.unit(draft.stated) === this.unit(draft) ? draft.stated.amount : null;
    if (this.unit(draft) === "lines") return draft.lines ?? stated;
    if (draft.sides) return Math.round(draft.sides[0] * draft.sides[1] * 100);
    return stated ?? this.source.area?.(draft.box, draft.page) ?? null;
  }

  /** Add a subject, or take the one away that is already there. */
  toggle(draft, name) {
    const at = draft.subjects.findIndex((each) => each.name === name);
    if (at >= 0) {
      const subjects = draft.subjects.filter((_, i) => i !== at);
      return { ...draft, subjects, active: Math.max(0, Math.min(draft.active, subjects.length - 1)) };
    }
    const role = this.subjects.get(name)?.role || "contestant";
    const subjects = [...draft.subjects, { name, role, speech: "none", tone: "" }];
    return { ...draft, subjects, active: subjects.length - 1 };
  }

  /** Give a code to the chosen subject; a tone also to those before it that have none yet. */
  code(draft, field, value) {
    const subjects = draft.subjects.map((each, i) =>
      i === draft.active || (field === "tone" && !each.tone) ? { ...each, [field]: value } : each,
    );
    return { ...draft, subjects };
  }

  /** The next value of a short list, for a key that walks through it. */
  next(draft, field, values) {
    const chosen = draft.subjects[draft.active];
    if (!chosen) return draft;
    return this.code(draft, field, values[(values.indexOf(chosen[field]) + 1) % values.length]);
  }

  /** Keys of the messages about what is still missing or wrong. */
  problems(draft) {
    const found = [];
    if (this.unit(draft) === "ms") {
      if (draft.start == null) found.push("missing_in");
      else if (draft.end == null) found.push("missing_out");
      else if (draft.end <= draft.start) found.push("out_before_in");
    } else {
      if (!draft.page) found.push("missing_page");
      if (!(this.amount(draft) > 0)) found.push(this.unit(draft) === "lines" ? "missing_lines" : "missing_area");
    }
    if (!draft.subjects.length) found.push("missing_subject");
    if (this.needsTone(draft) && draft.subjects.some((each) => !each.tone)) found.push("missing_tone");
    return found;
  }

  /** One message for each subject: a new segment, or the later version of the one being changed.
   *
   * `id_of(subject)` is the one under which a suggestion was asked for before the code, if any; a segment that was undone
   * since comes back as a later revision of itself, so that what its coder has seen goes with it.
   */
  operations(draft, { coder, now, record, id_of }) {
    const common = this.#common(draft);
    return draft.subjects.map((subject, i) => {
      const held = i === 0 && draft.editing && record.get(draft.editing);
      const codes = { subject: subject.name, role: subject.role, speech: subject.speech, tone: subject.tone };
      if (held) return { kind: "revise", segment: { ...held.segment, revision: draft.revision, codebook_version: this.mission.version, ...common, ...codes }, reason: "" };
      const id = (!draft.editing && id_of(subject.name)) || uuid();
      const undone = record.get(id);
      const made = { segment_id: id, revision: undone?.segment.revision ?? 1, airing_id: this.airing.airing_id, coder, coded_at: now };
      const segment = { ...made, codebook_version: this.mission.version, ...common, ...codes };
      return undone ? { kind: "restore", segment, reason: "" } : { kind: "add", segment };
    });
  }

  #common(draft) {
    const timed = this.unit(draft) === "ms";
    const { format, topic, text, note } = draft;
    const place = timed
      ? { start_ms: draft.start, end_ms: draft.end, amount: draft.end - draft.start }
      : { page: draft.page, box: (draft.box || []).map((side) => side.toFixed(5)).join(" "), amount: this.amount(draft) };
    return { ...place, format, topic, text: text.trim(), note: note.trim() };
  }
}

/** Whether saving would change anything. */
export function same(one, other) {
  const plain = (draft) => JSON.stringify({ ...draft, active: 0 });
  return plain(one) === plain(other);
}
