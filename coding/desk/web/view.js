// The desk's elements, made once; `desk.js` fills them. Keys are printed on the buttons that do the same.

import { button, h } from "./dom.js";

const LONGEST = "32767"; // letters of a text or a note, as the server takes them

/** Everything that stays in place; `keys` prints, `act(action)` is what a button does. */
export function made({ words, keys, act, medium, direction, parts }) {
  const view = {};
  const key = (action) => keys.label(action);
  const does = (action, label = words[`action.${action}`]) => button(label, key(action), () => act(action), { "data-action": action });

  view.title = h("span", { class: "title" });
  view.notice = h("span", { class: "notice", hidden: true });
  view.assigned = h("span", { class: "assigned" });
  view.returned = h("p", { class: "returned-note", dir: "auto" });
  view.sign_in = h("a", { href: "/signin", target: "_blank", hidden: true }, words.sign_in);
  view.totals = h("span", { class: "totals" });
  view.saved = h("button", { type: "button", class: "saved", "aria-live": "polite", onmousedown: (e) => e.preventDefault() });
  view.bar = h(
    "header",
    { class: "bar" },
    h("div", { class: "names" }, view.title, view.notice, view.assigned),
    view.totals,
    view.saved,
    view.sign_in,
    does("finish"),
    does("help"),
  );

  view.pieces = h("div", { class: "pieces" });
  view.range = h("div", { class: "range", hidden: true });
  view.head = h("div", { class: "head" });
  view.ticks = h("div", { class: "ticks", "aria-hidden": "true" });
  const paper = medium === "page";
  view.strip = h(
    "div",
    { class: `strip${paper ? " pages" : ""}`, dir: paper ? direction : "ltr", role: paper ? "group" : "slider", tabindex: paper ? null : "0", "aria-valuemin": paper ? null : "0", "aria-label": words.strip },
    view.pieces,
    paper ? null : view.range,
    paper ? null : view.head,
  );

  view.source = h("div", { class: "source" });
  view.screen = h("div", { class: "screen" });
  view.position = h("output", { class: "position", dir: "ltr" });
  view.speed = h("output", { class: "speed", dir: "ltr" });
  view.controls = h("div", { class: "controls" }, ...controls(medium, does, view, { parts, words }));
  view.source.append(view.screen, view.controls);

  view.when = h("div", { class: "when" });
  view.subjects = h("div", { class: "rows", role: "list", "aria-label": words.subjects });
  view.numbers = h("div", { class: "numbers" });
  view.codes = h("div", { class: "codes" });
  view.text = h("textarea", { rows: "2", maxlength: LONGEST, "data-field": "text", "aria-label": words.text, placeholder: `${words.text} (${key("text")})` });
  view.note = h("input", { type: "text", maxlength: LONGEST, "data-field": "note", "aria-label": words.note, placeholder: `${words.note} (${key("note")})` });
  view.told = h("p", { class: "told", role: "status", "aria-live": "polite" });
  view.mode = h("h2", { class: "mode" });
  view.draft = h(
    "section",
    { class: "draft", "aria-label": words.draft },
    view.mode,
    view.when,
    h("div", { class: "who" }, view.subjects, view.numbers),
    view.codes,
    view.text,
    view.note,
    h("div", { class: "actions" }, view.told, does("save"), does("clear"), does("undo"), does("redo")),
  );

  view.list = h("ol", { class: "list", "aria-label": words.segments });
  view.empty = h("p", { class: "empty" }, paper ? words.no_pieces : words.no_segments);
  view.gone = h("button", { type: "button", hidden: true, onmousedown: (e) => e.preventDefault() });
  view.suggestion = h("section", { class: "suggestion", hidden: true, "aria-label": words["suggestion.label"] });
  view.trouble = h("div", { class: "trouble-box" });
  view.side = h(
    "section",
    { class: "side", "aria-label": words.segments },
    view.trouble,
    h("div", { class: "actions" }, does("previous"), does("next"), does("history"), does("retract")),
    view.empty,
    view.list,
    view.suggestion,
    view.gone,
  );

  view.dialogs = h("div", { class: "dialogs" });
  view.root = h(
    "div",
    { class: `desk ${medium}`, dir: direction },
    view.bar,
    view.returned,
    h("div", { class: "strip-box" }, view.strip, view.ticks),
    h("div", { class: "body" }, view.source, view.draft, view.side),
    view.dialogs,
  );
  return view;
}

function controls(medium, does, view, { parts, words }) {
  const row = (...parts) => h("div", { class: "row" }, ...parts);
  if (medium === "page")
    return [
      row(does("page_before"), does("page_after"), does("box_sides")),
      row(does("box_left"), does("box_right"), does("box_up"), does("box_down")),
      row(does("box_narrower"), does("box_wider"), does("box_lower"), does("box_higher")),
    ];
  const clocks = row(view.position, view.speed, does("in"), does("out"));
  if (medium === "live") return [clocks, row(does("begin_or_end"))];
  const part = parts > 1 ? [does("page_before", words.part_before), does("page_after", words.part_after)] : [];
  const shuttle = ["slower_or_back", "faster", "normal_speed"].map((action) => does(action));
  return [
    clocks,
    row(does("play"), ...(medium === "recording" ? shuttle : []), does("loop"), ...part),
    row(
      does("back_jump"), does("back_second"), does("back_frame"), does("forward_frame"), does("forward_second"),
      does("forward_jump"),
    ),
    row(does("go_in"), does("in_earlier"), does("in_later")),
    row(does("go_out"), does("out_earlier"), does("out_later")),
  ];
}

/** The first ten subjects with their keys, and the way to the others. */
export function numbers(subjects, keys, words, choose, find) {
  const first = subjects.slice(0, 10).map((subject, i) =>
    button(subject.short, keys.label(`subject_${i + 1}`), () => choose(subject.name), {
      class: "subject",
      "data-subject": subject.name,
      style: { "--colour": subject.colour || "#6b7785" },
      title: subject.label,
    }),
  );
  return [...first, button(words["action.find_subject"], keys.label("find_subject"), find, { class: "subject find" })];
}

/** One line of the list. */
export function line(each, { subject, words, chosen, when, choose }) {
  const { segment } = each;
  const state = each.trouble ? "trouble" : each.waiting ? "waiting" : "kept";
  return h(
    "li",
    { class: `line ${state}${chosen ? " chosen" : ""}`, "data-id": segment.segment_id },
    h(
      "button",
      { type: "button", onclick: choose, onmousedown: (e) => e.preventDefault(), "aria-current": chosen ? "true" : null },
      h("span", { class: "colour", style: { background: subject?.colour || "#6b7785" } }),
      h("span", { class: "time", dir: "ltr" }, when),
      h("span", { class: "name", dir: "auto" }, subject?.short || segment.subject),
      h("span", { class: "tone", dir: "auto" }, segment.tone || words.no_tone),
      h("span", { class: "state", title: words[`state.${state}`], role: "img", "aria-label": words[`state.${state}`] }, { trouble: "!", waiting: "…", kept: "✓" }[state]),
    ),
  );
}
