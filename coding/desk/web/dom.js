// Elements from plain descriptions, and times and sizes as text. Words of coders only ever become text nodes.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.entries(value).forEach(([key, text]) => element.style.setProperty(key, text));
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** A button that the mouse does not focus, so that the next key still goes to the desk. */
export function button(label, key, press, properties = {}) {
  return h(
    "button",
    { type: "button", onclick: press, onmousedown: (event) => event.preventDefault(), ...properties },
    h("span", { class: "label" }, label),
    key ? h("kbd", { "aria-hidden": "true" }, key) : null,
  );
}

/** Milliseconds as h:mm:ss or h:mm:ss.mmm; always left to right. */
export function clock(milliseconds, fine = false) {
  if (milliseconds == null) return "–";
  const whole = Math.max(0, Math.round(milliseconds));
  const seconds = Math.floor(whole / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part, i) => (i ? String(part).padStart(2, "0") : String(part))).join(":");
  return fine ? `${text}.${String(whole % 1000).padStart(3, "0")}` : text;
}

/** Square millimetres as cm2 with one decimal. */
export function area(mm2) {
  return mm2 == null ? "–" : (mm2 / 100).toFixed(1);
}

/** Fill the places of a message: {name}. */
export function filled(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}
