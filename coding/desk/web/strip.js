// The strip: the airing from end to end, its segments, what is not coded yet, and where one is. Click to go there.

import { button, clock, filled, h } from "./dom.js";

const MOST_LANES = 4;

/** Draw what changes with the segments; `place` below moves what changes with every frame. */
export function drawStrip(view, { record, draft, length, subjects, words, go, choose }) {
  const of = (milliseconds) => `${((100 * milliseconds) / length).toFixed(4)}%`;
  const lanes = record.lanes();
  const rows = Math.min(MOST_LANES, Math.max(1, ...lanes.map((each) => each.lane + 1)));
  const parts = lanes.map((each) => {
    const { start_ms: start, end_ms: end, subject } = each.segment;
    const known = subjects.get(subject);
    return h("div", {
      class: `piece${each.waiting ? " waiting" : ""}${each.trouble ? " trouble" : ""}`,
      title: `${known?.label || subject} ${clock(start)}–${clock(end)}`,
      "data-id": each.segment.segment_id,
      style: {
        left: of(start),
        width: of(end - start),
        top: `${(100 * Math.min(each.lane, MOST_LANES - 1)) / rows}%`,
        height: `calc(${100 / rows}% - 1px)`,
        background: known?.colour || "#6b7785",
      },
      onclick: (event) => {
        event.stopPropagation();
        choose(each.segment.segment_id, (event.offsetX / event.target.clientWidth) * (end - start) + start);
      },
    });
  });
  const marks = ticks(length).map((at) => h("span", { class: "tick", style: { left: of(at) } }, clock(at)));
  view.pieces.replaceChildren(...parts);
  view.ticks.replaceChildren(...marks);
  view.strip.onclick = (event) => {
    const box = view.strip.getBoundingClientRect();
    go(((event.clientX - box.left) / box.width) * length);
  };
  drawRange(view, draft, length);
  view.strip.setAttribute("aria-valuemax", Math.round(length / 1000));
  view.strip.setAttribute("aria-label", words.strip);
}

/** From the in to the out of the draft: all of the strip that changes with most keys. */
export function drawRange(view, draft, length) {
  const marked = draft.start != null;
  view.range.hidden = !marked;
  if (!marked) return;
  view.range.style.left = `${(100 * draft.start) / length}%`;
  view.range.style.width = `${(100 * Math.max(0, (draft.end ?? draft.start) - draft.start)) / length}%`;
}

/** Where one is. */
export function place(view, position, length) {
  view.head.style.left = `${(100 * Math.min(position, length)) / length}%`;
  view.strip.setAttribute("aria-valuenow", Math.round(position / 1000));
  view.strip.setAttribute("aria-valuetext", clock(position));
}

/** A mark every so many minutes, at most a dozen. */
function ticks(length) {
  const minute = 60_000;
  const every = [0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120].map((n) => n * minute).find((n) => length / n <= 12) || length;
  return Array.from({ length: Math.floor(length / every) }, (_, i) => i * every);
}

/** For a paper: a button for each page with what is coded on it. */
export function drawPages(view, { record, source, airing, words, go }) {
  const used = new Map();
  for (const { segment } of record.present)
    if (segment.page) used.set(segment.page, [...(used.get(segment.page) || []), segment.amount]);
  const numbers = new Set([...source.pages.map((each) => each.page), ...used.keys(), source.page]);
  view.pieces.replaceChildren(
    ...[...numbers].sort((a, b) => a - b).map((page) => {
      const count = (used.get(page) || []).length;
      const label = filled(words.page_and_segments, { page, segments: count });
      return button(label, "", () => go(page), { class: "page", "aria-pressed": String(page === source.page) });
    }),
  );
  view.ticks.replaceChildren();
}
