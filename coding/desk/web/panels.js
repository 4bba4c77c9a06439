// What opens over the desk: the finder, the help sheet, the history of a segment, the reason of a retraction.
// Each is a dialog of the browser: Escape closes it, Tab stays inside.

import { differences } from "./record.js";
import { button, clock, filled, h } from "./dom.js";

function shown(view, dialog, { modal = true } = {}) {
  view.dialogs.replaceChildren(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  if (modal) dialog.showModal();
  else dialog.show();
  return dialog;
}

/** The form under which names are compared, as the server makes it. */
function plain(text) {
  return text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** Choose one of many by the first letters of any word of any of its spellings. `options`: name, label, spellings. */
export function finder(view, { title, options, words, choose }) {
  let found = [];
  let at = 0;
  const list = h("ul", { id: "found", role: "listbox", "aria-label": title });
  const field = h("input", {
    type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-label": title,
    autocomplete: "off", spellcheck: "false", placeholder: words.first_letters,
  });
  const nothing = h("p", { class: "empty", role: "status", hidden: true }, words.nothing_found);
  const take = (option) => {
    field.blur(); // the next key is for the desk, however soon it comes
    dialog.close();
    if (option) choose(option.name);
  };
  const draw = () => {
    list.replaceChildren(
      ...found.map((option, i) =>
        h(
          "li",
          { role: "option", id: `found-${i}`, "aria-selected": String(i === at), dir: "auto", onclick: () => take(option) },
          option.label, option.label === option.name ? null : h("small", {}, ` ${option.name}`),
        ),
      ),
    );
    nothing.hidden = Boolean(found.length);
    field.setAttribute("aria-activedescendant", found.length ? `found-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const search = () => {
    const asked = plain(field.value);
    // first the letters that begin a name, then those that begin a word of it, then (an article before it) any
    const ways = [(text) => text.startsWith(asked), (text) => text.includes(` ${asked}`), (text) => text.includes(asked)];
    const rank = (option) => ways.findIndex((fits) => [plain(option.label), ...option.spellings].some(fits));
    found = options.filter((option) => rank(option) >= 0).sort((one, other) => rank(one) - rank(other));
    at = 0;
    draw();
  };
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") at = Math.min(at + 1, found.length - 1);
    else if (event.key === "ArrowUp") at = Math.max(at - 1, 0);
    else if (event.key === "Enter") return take(found[at]), event.preventDefault();
    else return undefined;
    event.preventDefault();
    return draw();
  });
  const dialog = shown(view, h("dialog", { class: "finder", "aria-label": title }, h("h2", {}, title), field, list, nothing));
  search();
  field.focus();
}

/** Every action with its keys; `named(action)` is what it is called here, empty where there is no such thing. */
export function help(view, { keys, words, named }) {
  const groups = Object.entries(keys.groups).map(([group, actions]) =>
    h(
      "section",
      {},
      h("h3", {}, words[`group.${group}`]),
      h(
        "dl",
        {},
        ...Object.entries(actions)
          .filter(([action, held]) => held.length && named(action))
          .flatMap(([action, held]) => [
            h("dt", {}, ...held.map((key) => h("kbd", {}, keys.printed(key)))),
            h("dd", { dir: "auto" }, named(action)),
          ]),
      ),
    ),
  );
  const close = h("form", { method: "dialog" }, h("button", {}, words.close));
  shown(view, h("dialog", { class: "help", "aria-label": words["action.help"] }, h("h2", {}, words.help_title), h("p", {}, words.help_about), h("div", { class: "groups", tabindex: "0" }, ...groups), close));
}

/** Ask for a line of text; `done` is told when it is not empty. */
export function asked(view, { title, about, label, words, done }) {
  const field = h("input", { type: "text", "aria-label": label, maxlength: "300", required: true });
  const form = h(
    "form",
    { method: "dialog" },
    h("p", {}, about),
    h("label", {}, label, field),
    h("div", { class: "actions" }, h("button", { value: "yes" }, title), h("button", { type: "button", onclick: () => dialog.close() }, words.cancel)),
  );
  form.addEventListener("submit", (event) => {
    if (!field.value.trim()) return event.preventDefault();
    return done(field.value.trim());
  });
  const dialog = shown(view, h("dialog", { "aria-label": title }, h("h2", {}, title), form));
  field.focus();
}

/** Say what will happen and ask whether it shall. */
export function confirmed(view, { title, about, words, done }) {
  const yes = h("button", { value: "yes", autofocus: true }, title);
  const form = h("form", { method: "dialog", onsubmit: () => done() }, h("p", {}, about), h("div", { class: "actions" }, yes, h("button", { type: "button", onclick: () => dialog.close() }, words.cancel)));
  const dialog = shown(view, h("dialog", { "aria-label": title }, h("h2", {}, title), form));
  yes.focus();
}

/** What was retracted here, each with the way back. */
export function retracted(view, { segments, words, subjects, restore }) {
  const items = segments.map(({ segment, stored }) =>
    h("li", {}, h("p", { dir: "auto" }, h("span", { dir: "ltr" }, `${clock(segment.start_ms)}–${clock(segment.end_ms)} `), [subjects.get(segment.subject)?.label || segment.subject, segment.tone, segment.text].filter(Boolean).join(" · ")), stored?.reason ? h("p", { class: "reason" }, stored.reason) : null, button(words.restore, "", () => (dialog.close(), restore(segment)), { "data-restore": segment.segment_id })),
  );
  const close = h("form", { method: "dialog" }, h("button", {}, words.close));
  const title = filled(words.retracted, { count: segments.length });
  const dialog = shown(view, h("dialog", { class: "history", "aria-label": title }, h("h2", {}, title), h("ol", { tabindex: "0" }, ...items), close));
}

/** What two versions say, field by field; those that differ are marked. */
export function compared(one, other, { words, subjects, heads }) {
  const differ = new Set(differences(one, other));
  const rows = ["subject", "start_ms", "end_ms", "page", "amount", "role", "speech", "tone", "format", "topic", "text", "note"];
  const used = rows.filter((name) => differ.has(name) || (one[name] ?? "") !== "" || (other[name] ?? "") !== "");
  const cell = (segment, name) => h("td", { dir: "auto" }, told(segment, name, { words, subjects }));
  return h(
    "table",
    { class: "compared" },
    h("tr", {}, h("th", {}), h("th", {}, heads[0]), h("th", {}, heads[1])),
    ...used.map((name) => h("tr", { class: differ.has(name) ? "differs" : null }, h("th", {}, words[`field.${name}`]), cell(one, name), cell(other, name))),
  );
}

function told(segment, name, { words, subjects }) {
  const value = segment[name] ?? "";
  if (name.endsWith("_ms")) return value === "" ? "–" : clock(value, true);
  if (name === "subject") return subjects.get(value)?.label || value;
  if (name === "role" || name === "speech") return words[`word.${name}.${value}`] || value;
  return String(value);
}

/** All revisions of a segment; an earlier one can be brought back. */
export function history(view, { revisions, words, subjects, restore }) {
  const newest = revisions[revisions.length - 1];
  const items = [...revisions].reverse().map((revision) => {
    const { segment } = revision;
    const values = { number: segment.revision, who: revision.recorded_by, when: revision.recorded_at.slice(0, 19).replace("T", " ") };
    const head = filled(revision.retracted ? words.revision_retracted : words.revision, values);
    const codes = [clock(segment.start_ms, true), clock(segment.end_ms, true)].join("–");
    const what = [subjects.get(segment.subject)?.label || segment.subject, segment.tone, segment.format, segment.topic, segment.text, segment.note];
    const back = revision !== newest && !revision.retracted;
    return h(
      "li",
      {},
      h("strong", {}, head),
      revision.reason ? h("p", { class: "reason" }, revision.reason) : null,
      h("p", { dir: "auto" }, segment.start_ms != null ? h("span", { dir: "ltr" }, `${codes} `) : null, what.filter(Boolean).join(" · ")),
      back ? button(words.restore, "", () => (dialog.close(), restore(segment)), { "data-restore": segment.revision }) : null,
    );
  });
  const close = h("form", { method: "dialog" }, h("button", {}, words.close));
  const dialog = shown(view, h("dialog", { class: "history", "aria-label": words["action.history"] }, h("h2", {}, words["action.history"]), h("ol", { tabindex: "0" }, ...items), close));
}

/** Width and height of a box, typed in centimetres; or a number of lines. */
export function sides(view, { words, lines, start, most, done }) {
  // a field of its own kind would read a comma by the language of the browser: 5,5 became 55
  const number = (label, value) => h("label", {}, label, h("input", { type: "text", inputmode: "decimal", autocomplete: "off", value: value ?? "", required: true }));
  const told = h("p", { class: "told", role: "alert" });
  const fields = lines ? [number(words.lines, start?.[0])] : [number(words.width_cm, start?.[0]), number(words.height_cm, start?.[1])];
  const form = h("form", { method: "dialog" }, ...fields, told, h("div", { class: "actions" }, h("button", { value: "yes" }, words.take), h("button", { type: "button", onclick: () => dialog.close() }, words.cancel)));
  form.addEventListener("submit", (event) => {
    const values = fields.map((field) => Number(field.querySelector("input").value.trim().replace(",", ".")));
    const wrong = values.some((value, i) => !(value > 0) || (lines ? !Number.isInteger(value) || value > 100_000 : value > most[i]));
    if (!wrong) return done(values);
    told.textContent = lines ? words.lines_wrong : filled(words.sides_wrong, { width: most[0], height: most[1] });
    return event.preventDefault();
  });
  const dialog = shown(view, h("dialog", { "aria-label": words["action.box_sides"] }, h("h2", {}, lines ? words.lines : words["action.box_sides"]), form));
  fields[0].querySelector("input").focus();
}
