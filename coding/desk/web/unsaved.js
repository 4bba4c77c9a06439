// On pages beside the desk: what this browser has not yet saved, and it is sent from here too.

import { filled, h } from "./dom.js";
import { described, outboxOf } from "./outbox.js";

const drawn = new WeakMap();

/** Show the queue of the person, as long as there is something in it. */
export async function draw(root, { person, language, words }) {
  const place = root.querySelector(".ev-unsaved") || root;
  leave(root);
  const outbox = await outboxOf(person, language);
  const told = (state) => {
    const { count, text, mood } = described(state, words, filled);
    const shown = count || state.others.length || state.trouble;
    place.replaceChildren(...(shown ? [h("p", { class: mood, role: "status", "data-waiting": count }, text)] : []));
  };
  const listens = { told };
  outbox.hears.add(listens);
  drawn.set(root, () => outbox.hears.delete(listens));
  told(outbox.state);
  outbox.send();
}

/** The page is left. */
export function leave(root) {
  drawn.get(root)?.();
  drawn.delete(root);
}
