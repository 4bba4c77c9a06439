// What is looked at: the picture of a recording, the clock of live air, the page of a paper with its boxes.

import { button, clock, filled, h } from "./dom.js";

/** Fill the screen of the desk for its source; leaves `desk.screen` with what has to be drawn again later. */
export function drawScreen(desk) {
  if (desk.source.kind === "recording") desk.screen = picture(desk);
  else if (desk.source.kind === "page") desk.screen = paper(desk);
  else desk.screen = wallClock(desk);
}

function picture(desk) {
  const { media, view, words, recording } = desk;
  media.setAttribute("aria-label", words.recording);
  const failed = h("p", { class: "failed", hidden: true }, words.recording_failed);
  const again = () => {
    const at = desk.source.position;
    media.addEventListener("loadedmetadata", () => desk.source.seek(at), { once: true });
    media.load();
  };
  failed.append(" ", button(words.try_again, "", again));
  media.onerror = () => (failed.hidden = false);
  media.onloadeddata = () => (failed.hidden = true);
  const sound = recording.kind === "audio" ? h("p", { class: "sound" }, words.sound_only) : null;
  view.screen.replaceChildren(media, ...[sound, failed].filter(Boolean));
  return { again: () => media.error && again() };
}

/** The wall clock of the mission's zone beside the position in the airing. */
function wallClock(desk) {
  const { view, words, mission, source } = desk;
  const zone = new Intl.DateTimeFormat("en-GB", { timeZone: mission.time_zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const hands = h("output", { class: "wall", dir: "ltr" });
  const inside = h("output", { class: "inside", dir: "ltr" });
  const about = h("p", { class: "about" });
  view.screen.replaceChildren(h("div", { class: "watch" }, hands, inside, about));
  const tick = () => {
    const instant = source.kind === "live" ? desk.now() : (source.began ?? 0) + source.position;
    hands.textContent = zone.format(new Date(instant));
    inside.textContent = clock(source.position);
    const key = source.kind === "live" ? (source.began == null ? "live_waits" : "live_runs") : "stopwatch_about";
    about.textContent = filled(words[key], { zone: mission.time_zone, key: desk.map.label("begin_or_end") });
  };
  tick();
  const timer = setInterval(() => (desk.closed ? clearInterval(timer) : tick()), 500);
  return { tick };
}

function paper(desk) {
  const { view, words, source } = desk;
  const held = source.picture;
  const boxes = h("div", { class: "boxes" });
  const size = held?.width_mm ? filled(words.page_size, { width: held.width_mm / 10, height: held.height_mm / 10 }) : words.page_size_unknown;
  const image = held
    ? h("img", { src: `/recordings/${held.id}?${new URLSearchParams({ mission: desk.settings.mission })}`, alt: filled(words.page_picture, { page: source.page }), draggable: "false" })
    : h("div", { class: "blank" }, h("p", {}, filled(words.no_picture, { page: source.page, key: desk.map.label("box_sides") })));
  const sheet = h("div", { class: "sheet", dir: "ltr" }, image, boxes);
  view.screen.replaceChildren(sheet, h("p", { class: "about" }, held ? size : ""));
  if (held) drawing(sheet, (box) => desk.setBox(box), (point) => desk.chooseAt(point));
  const drawn = () => boxes.replaceChildren(...onPage(desk));
  drawn();
  return { boxes: drawn };
}

function onPage(desk) {
  const { source, draft, record } = desk;
  const there = record.present.filter(({ segment }) => segment.page === source.page && segment.box && segment.segment_id !== draft.editing);
  const one = (sides, kind, colour, title) =>
    h("div", { class: `box ${kind}`, title, style: { left: `${sides[0] * 100}%`, top: `${sides[1] * 100}%`, width: `${sides[2] * 100}%`, height: `${sides[3] * 100}%`, "--colour": colour } });
  const drawn = there.map(({ segment }) => {
    const subject = desk.subject_of.get(segment.subject);
    return one(segment.box.split(" ").map(Number), "coded", subject?.colour || "#6b7785", subject?.label || segment.subject);
  });
  if (draft.box && (draft.page ?? source.page) === source.page) drawn.push(one(draft.box, "drafted", "#111", ""));
  return drawn;
}

/** Draw a box with the mouse or a finger, in fractions of the page; a press without a box is `chosen`. */
function drawing(sheet, done, chosen) {
  let from = null;
  const at = (event) => {
    const frame = sheet.querySelector("img").getBoundingClientRect();
    const part = (value, start, size) => Math.min(1, Math.max(0, (value - start) / size));
    return [part(event.clientX, frame.left, frame.width), part(event.clientY, frame.top, frame.height)];
  };
  const box = (one, other) => [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1])];
  sheet.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    from = at(event);
    sheet.setPointerCapture(event.pointerId);
  });
  const guide = h("div", { class: "box drafted" });
  sheet.addEventListener("pointermove", (event) => {
    if (!from) return;
    const sides = box(from, at(event));
    Object.assign(guide.style, { left: `${sides[0] * 100}%`, top: `${sides[1] * 100}%`, width: `${sides[2] * 100}%`, height: `${sides[3] * 100}%` });
    if (!guide.isConnected) sheet.append(guide);
  });
  sheet.addEventListener("pointerup", (event) => {
    if (!from) return;
    const sides = box(from, at(event));
    from = null;
    guide.remove();
    if (sides[2] > 0.004 && sides[3] > 0.004) done(sides);
    else chosen(at(event));
  });
}
