// The coder's own segments of one airing, as they will be once everything is saved, and the sums over them.

export const CODES = ["role", "speech", "tone", "format", "topic"];

/** A UUID of version 4; over plain http on a local network crypto.randomUUID does not exist. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Record {
  /** `revisions` come from the server; `entries` are the queue's own messages about this airing, in order. */
  constructor(revisions, entries) {
    this.held = new Map();
    for (const revision of revisions) this.accept(revision.segment.segment_id, revision);
    for (const entry of entries) {
      this.apply(entry.operation);
      if (entry.answer) this.answered(entry.operation, entry.answer);
    }
  }

  get(id) {
    return this.held.get(id);
  }

  /** What the store will hold after this message. */
  apply(operation) {
    if (!operation.segment && !operation.segment_id) return;
    const id = operation.segment?.segment_id || operation.segment_id;
    const before = this.held.get(id) || { waiting: 0 };
    const base = operation.segment || { ...before.segment, revision: operation.revision };
    const revision = operation.kind === "add" ? base.revision : base.revision + 1;
    this.held.set(id, {
      ...before,
      segment: { ...base, revision },
      retracted: operation.kind === "retract",
      waiting: before.waiting + 1,
    });
  }

  /** The server's answer to one message. */
  answered(operation, told) {
    const id = operation.segment?.segment_id || operation.segment_id;
    const held = id && this.held.get(id);
    if (!held) return;
    if (told.outcome === "stored") {
      held.waiting = Math.max(0, held.waiting - 1);
      held.stored = told;
    } else if (told.outcome !== "held") held.trouble = told;
  }

  /** Put what the store holds in place of one's own: after a conflict, or a refusal that was given up. */
  accept(id, revision) {
    const stored = revision || this.held.get(id)?.stored;
    if (!stored) return this.held.delete(id);
    const { segment, retracted } = stored;
    return this.held.set(id, { segment, retracted, stored, waiting: 0 });
  }

  /** Segments that count, in the order of the airing (or of the pages). */
  get present() {
    return [...this.held.values()]
      .filter((each) => !each.retracted)
      .sort((one, other) => place(one.segment) - place(other.segment)); // subjects of one picture as they were entered
  }

  /** Segments that do not count any more and can be brought back. */
  get gone() {
    return [...this.held.values()].filter((each) => each.retracted && !each.trouble);
  }

  /** How many segments have something that the server has not yet answered. */
  get waiting() {
    return [...this.held.values()].filter((each) => each.waiting).length;
  }

  get troubled() {
    return [...this.held.values()].filter((each) => each.trouble);
  }

  /** The message that makes a segment what it was (null: not there), from what it is now. */
  operationTo(id, wanted, reason) {
    const now = this.held.get(id);
    if (!now || (!wanted && now.retracted)) return null; // given up meanwhile
    if (!wanted) return { kind: "retract", segment_id: id, revision: now.segment.revision, reason };
    const segment = { ...wanted, revision: now.segment.revision };
    return { kind: now.retracted ? "restore" : "revise", segment, reason };
  }

  /** Milliseconds that anything covers (once, however many subjects), and the sum over subjects. */
  times() {
    const stretches = this.present.filter((each) => each.segment.start_ms != null).map(({ segment }) => segment);
    let covered = 0;
    let reached = -1;
    for (const { start_ms, end_ms } of stretches) {
      covered += Math.max(0, end_ms - Math.max(start_ms, reached));
      reached = Math.max(reached, end_ms);
    }
    return { covered, summed: stretches.reduce((sum, each) => sum + each.end_ms - each.start_ms, 0) };
  }

  /** Where several subjects share seconds: a row for each segment, the first one free. */
  lanes() {
    const ends = [];
    return this.present
      .filter((each) => each.segment.start_ms != null)
      .map((each) => {
        let lane = ends.findIndex((end) => end <= each.segment.start_ms);
        if (lane < 0) lane = ends.length;
        ends[lane] = each.segment.end_ms;
        return { ...each, lane };
      });
  }
}

function place(segment) {
  if (segment.start_ms != null) return segment.start_ms;
  const [, top = 0] = (segment.box || "").split(" ").map(Number);
  return (segment.page || 0) * 10 + top;
}

/** The fields in which two segments differ, for a look at both. */
export function differences(one, other) {
  const shown = ["start_ms", "end_ms", "page", "box", "amount", "subject", ...CODES, "text", "note"];
  return shown.filter((name) => (one[name] ?? "") !== (other[name] ?? ""));
}
