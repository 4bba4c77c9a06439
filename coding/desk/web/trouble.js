// What the server did not take, beside the list.

import { clock, filled, h } from "./dom.js";
import { changing } from "./draft.js";
import { compared } from "./panels.js";

/** What the server did not take: why, both versions where there are two, and what can be done. */
export function troubleOf(desk, each) {
  const { words } = desk;
  const id = each.segment.segment_id;
  const { trouble } = each;
  const settle = async (operation, draft) => {
    await desk.outbox.forget(id);
    desk.record.accept(id, trouble.current);
    if (operation) await desk.send([operation(desk.record.get(id))], draft || desk.draft);
    desk.redraw();
  };
  const press = (label, does) => h("button", { type: "button", onclick: does, onmousedown: (e) => e.preventDefault() }, label);
  if (trouble.outcome === "conflict") {
    const { current } = trouble;
    const mine = each.segment;
    const keep = (stored) => each.retracted
      ? { kind: "retract", segment_id: id, revision: stored.segment.revision, reason: words.kept_mine }
      : { kind: stored.retracted ? "restore" : "revise", segment: { ...mine, revision: stored.segment.revision }, reason: words.kept_mine };
    const values = { who: current.recorded_by, when: current.recorded_at.slice(0, 19).replace("T", " ") };
    return h(
      "section",
      { class: "trouble", role: "alert", "data-trouble": "conflict" },
      h("h3", {}, filled(current.retracted ? words.conflict_retracted : words.conflict, values)),
      compared(mine, current.segment, { words, subjects: desk.subject_of, heads: [words.mine, words.theirs] }),
      h("div", { class: "actions" }, press(words.keep_mine, () => settle(keep)), press(words.keep_theirs, () => settle(null))),
    );
  }
  const again = async () => {
    const { segment } = each;
    await settle(null);
    const stored = desk.record.get(id);
    if (!desk.draft.editing) desk.stashed = desk.draft;
    desk.draft = { ...changing(segment), editing: stored ? id : null, revision: stored?.segment.revision };
    desk.redraw();
    desk.keep();
  };
  return h(
    "section",
    { class: "trouble", role: "alert", "data-trouble": trouble.outcome },
    h("h3", {}, filled(words.refused, { subject: desk.subject_of.get(each.segment.subject)?.label || each.segment.subject, time: clock(each.segment.start_ms) })),
    ...(trouble.problems || []).map((problem) => h("p", { dir: "auto" }, problem)),
    h("div", { class: "actions" }, press(words.mend, again), press(words.give_up, () => settle(null))),
  );
}
