// The key map in the browser: which action a pressed key means, and what is written on the buttons.

const NAMED = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "↵", Escape: "Esc", Delete: "Del",
  PageUp: "PgUp", PageDown: "PgDn", Slash: "/", Comma: ",", Period: ".", BracketLeft: "[", BracketRight: "]",
  Semicolon: ";", Quote: "'", Minus: "-", Equal: "=", Backslash: "\\", Backquote: "`", Backspace: "⌫",
};

/** A key as the map writes it, such as Ctrl+Shift+KeyZ: by place, so that it is the same under every layout. */
export function written(event) {
  const held = [
    [event.ctrlKey || event.metaKey, "Ctrl"],
    [event.altKey, "Alt"],
    [event.shiftKey, "Shift"],
  ];
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  return [...held.filter(([down]) => down).map(([, name]) => name), code].join("+");
}

export class Keys {
  /** `groups` is the map of the mission: group -> action -> list of keys. */
  constructor(groups, words) {
    this.groups = groups;
    this.words = words;
    this.action = new Map();
    this.keys = new Map();
    for (const actions of Object.values(groups))
      for (const [action, keys] of Object.entries(actions)) {
        this.keys.set(action, keys);
        for (const key of keys) if (!this.action.has(key)) this.action.set(key, action);
      }
  }

  /** The action of a pressed key; undefined where it has none. */
  of(event) {
    return this.action.get(written(event));
  }

  /** The first key of an action, as it is printed on a button. */
  label(action) {
    const first = (this.keys.get(action) || [])[0];
    return first ? this.printed(first) : "";
  }

  printed(key) {
    return key.split("+").map((part) => this.#part(part)).join("");
  }

  #part(part) {
    if (part === "Shift") return "⇧";
    if (part === "Ctrl") return "Ctrl ";
    if (part === "Alt") return "Alt ";
    if (part === "Space") return this.words.key_space;
    return NAMED[part] || part.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Num ");
  }
}
