// The recording of a passage, what each coding has of it, and the keys of the page. Keys go by place on the keyboard
// (KeyboardEvent.code), so that they are the same under every layout; each presses the page's own button.

const shown = new WeakMap();
const CLOSED = "[role=combobox][aria-expanded=false]";

export default function (component) {
  const { parentElement: root, data } = component;
  const place = root.querySelector(".ev-player") || root;
  const held = shown.get(root) || started(root);
  held.keys = data.keys;
  const told = JSON.stringify(data.passage);
  if (held.told !== told) {
    held.told = told;
    held.media = drawn(place, data.passage);
  }
  return () => {
    held.gone();
    shown.delete(root);
  };
}

function started(root) {
  const page = root.ownerDocument;
  const held = { keys: {}, told: "", media: null };
  const pressed = (event) => act(event, held, page);
  const released = (event) => event.code === "Space" && !typing(event, page) && stop(event);
  // a button that was clicked keeps the focus, and the space bar would press it again
  const clicked = (event) => event.detail > 0 && event.target.closest?.("[class*='st-key-adjudication'] button")?.blur();
  // a list that something was picked from keeps the focus too, and would take every key for the beginning of a search
  const picked = (event) => {
    const done = event.type === "click" ? "[role=option]" : event.key === "Enter" && "[role=combobox]";
    if (done && event.target.closest?.(done)) setTimeout(() => page.activeElement?.matches(CLOSED) && page.activeElement.blur(), 100);
  };
  page.addEventListener("keydown", picked, true);
  page.addEventListener("click", picked, true);
  page.addEventListener("keydown", pressed, true);
  page.addEventListener("keyup", released, true);
  page.addEventListener("click", clicked);
  held.gone = () => {
    page.removeEventListener("keydown", picked, true);
    page.removeEventListener("click", picked, true);
    page.removeEventListener("keydown", pressed, true);
    page.removeEventListener("keyup", released, true);
    page.removeEventListener("click", clicked);
  };
  shown.set(root, held);
  return held;
}

function act(event, held, page) {
  if (event.altKey || event.metaKey || event.ctrlKey || event.repeat) return;
  if (typing(event, page)) return;
  if (event.code === "Space" || event.code === "KeyR") {
    if (!held.media || (event.code === "Space" && tabbed(page))) return;
    stop(event);
    if (event.code === "KeyR") held.media.replay();
    else held.media.toggle();
    return;
  }
  const code = event.code.replace("Numpad", "Digit");
  const button = held.keys[code] && page.querySelector(`.st-key-${held.keys[code]} button:not(:disabled)`);
  if (!button) return;
  stop(event);
  button.click();
}

/** Whether somebody reached a control by Tab: then the space bar is its own. */
function tabbed(page) {
  return !!page.activeElement?.matches("button:focus-visible, summary:focus-visible, [role]:focus-visible, a:focus-visible");
}

function typing(event, page) {
  const at = event.composedPath?.()[0] || page.activeElement;
  return !!at?.closest?.("textarea, select, [contenteditable=true], [role=listbox], [role=combobox], input:not([type=checkbox]):not([type=radio])");
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") Object.assign(made.style, value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

function drawn(place, passage) {
  place.replaceChildren();
  if (passage.kind === "page") return paper(place, passage);
  const strip = passage.rows.length ? codings(passage) : null;
  if (!passage.source) {
    place.append(...[h("p", { class: "none", role: "status" }, passage.words.none), strip].filter(Boolean));
    return null;
  }
  const media = h(passage.kind, { src: passage.source, preload: "metadata", controls: "", playsinline: "", "aria-label": passage.words.recording });
  const trouble = h("p", { class: "none", role: "status", hidden: "" }, passage.words.failed);
  place.append(media, trouble, ...(strip ? [strip] : []));
  const seek = () => (media.currentTime = passage.play_from / 1000);
  media.addEventListener("loadedmetadata", seek);
  media.addEventListener("error", () => trouble.removeAttribute("hidden"));
  if (strip) follow(media, strip, passage, seek);
  return {
    toggle: () => (media.paused ? media.play().catch(() => {}) : media.pause()),
    replay: () => (seek(), media.play().catch(() => {})),
  };
}

/** What each coding has of these seconds, one row each, with a line where the recording is. */
function codings({ rows, from, to }) {
  const part = (time) => `${(100 * (Math.min(Math.max(time, from), to) - from)) / (to - from)}%`;
  return h(
    "div",
    { class: "strip" },
    ...rows.map((row) =>
      h("div", { class: "row" }, h("span", {}, row.name), h("div", { class: "track" }, ...row.pieces.map(([start, end]) =>
        h("i", { style: { left: part(start), right: `calc(100% - ${part(end)})` } }))))),
    h("div", { class: "row at" }, h("span", {}), h("div", { class: "track", role: "presentation" }, h("b", { hidden: "" }))),
  );
}

function follow(media, strip, { from, to, begins }, seek) {
  const line = strip.querySelector(".at b");
  const track = strip.querySelector(".at .track");
  const move = () => {
    const at = media.currentTime * 1000 - begins;
    line.hidden = at < from || at > to;
    line.style.left = `${(100 * (at - from)) / (to - from)}%`;
  };
  media.addEventListener("timeupdate", move);
  media.addEventListener("seeked", move);
  track.addEventListener("click", (event) => {
    const box = track.getBoundingClientRect();
    media.currentTime = (begins + from + ((event.clientX - box.left) / box.width) * (to - from)) / 1000;
  });
  return seek;
}

/** The picture of a page with what each coding marked on it. */
function paper(place, passage) {
  if (!passage.source) {
    place.append(h("p", { class: "none", role: "status" }, passage.words.none));
    return null;
  }
  const percent = (share) => `${100 * share}%`;
  const boxes = passage.rows.flatMap((row, number) => row.boxes.map(([left, top, width, height]) =>
    h("i", { class: `box n${number}`, style: { left: percent(left), top: percent(top), width: percent(width), height: percent(height) } }, h("span", {}, row.name))));
  const page = h("div", { class: "paper" }, h("img", { src: passage.source, alt: passage.words.recording }), ...boxes);
  // a page is taller than its place: what is compared is scrolled to
  page.firstChild.addEventListener("load", () => (page.scrollTop = Math.min(...boxes.map((box) => box.offsetTop)) - 24));
  place.append(page);
  return null;
}
