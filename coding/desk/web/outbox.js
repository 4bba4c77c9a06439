// What was coded and is not yet saved, kept by the browser on its disk, and sent until the server has answered.
//
// A message leaves the queue only when the server says that it is stored (after its COMMIT). Everything can be sent
// twice: the server knows a message by the segment and revision that it carries.

const DATABASE = "evenhand";
const AT_ONCE = 50;
const LETTERS_AT_ONCE = 400_000; // of a request; the server takes 2 MB, and a letter has up to 4 bytes
const PATIENCE = 15_000; // ms before a request without an answer counts as failed
const IDLE = 15_000; // ms until it is looked again what other tabs have left
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000]; // ms between attempts; the last one goes on

/** The browser's database. Writes are strict: they are on the disk when they are reported. */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox", { keyPath: "number", autoIncrement: true });
      request.result.createObjectStore("drafts", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let current = null;

/** The one queue of this window, which goes on sending when the desk is left; another person's is put to rest. */
export async function outboxOf(person, language) {
  if (current?.person !== person) {
    current?.rest();
    current = new Outbox(person);
    current.opening = current.open();
  }
  await current.opening;
  current.language = language;
  return current;
}

/** What a person reads about the queue, and whether it is well. */
export function described(state, words, filled) {
  const count = state.waiting + state.stuck;
  const parts = [count ? filled(words.not_saved, { count }) : words.all_saved];
  if (state.trouble) parts.push(words[`trouble.${state.trouble}`], ["not_allowed", "server"].includes(state.trouble) && state.reason);
  if (state.others.length) parts.push(filled(words.others_wait, { names: state.others.join(", ") }));
  return { count, text: parts.filter(Boolean).join(" "), mood: state.trouble || state.stuck ? "bad" : count ? "waiting" : "good" };
}

class Outbox {
  /** `person` is who is signed in; only that person's messages are sent. */
  constructor(person) {
    this.person = person;
    this.language = "";
    this.hears = new Set(); // those who are told of every change: { told(state), settled(entry, answer) }
    this.trouble = "";
    this.reason = "";
    this.attempt = 0;
    this.settlements = 0;
    this.kept = []; // the whole queue of this browser, as it is in the database
    this.coming = 0; // messages on their way into the database
    this.broken = false;
    this.in_memory = 0; // messages that found no place in the database so far
  }

  async open() {
    try {
      this.database = await opened();
      this.database.onversionchange = () => this.database.close();
      await this.#read();
    } catch {
      this.broken = true; // private windows and full disks: sent from memory, and the coder is told
      this.trouble = "storage";
    }
    addEventListener("online", (this.online = () => this.send()));
    this.#tell();
    this.send();
    return this;
  }

  /** The queue as it is now: another tab of this browser may have added to it, or sent it. */
  async #read() {
    if (!this.database || this.coming) return;
    const stored = await answer(this.database.transaction("outbox").objectStore("outbox").getAll());
    if (this.coming) return;
    const traces = (entries) => entries.map((entry) => `${entry.number} ${Boolean(entry.answer)}`).join();
    const [ours, memory] = [true, false].map((kind) => this.kept.filter((entry) => (typeof entry.number === "number") === kind));
    this.kept = [...stored, ...memory];
    if (traces(ours) !== traces(stored)) for (const each of this.hears) each.elsewhere?.();
  }

  /** Own messages, in order; those of one airing where it is named. */
  mine(mission, airing) {
    const own = this.kept.filter((entry) => entry.person === this.person);
    return mission ? own.filter((entry) => entry.mission === mission && entry.airing === airing) : own;
  }

  get state() {
    const own = this.mine();
    const waiting = own.filter((entry) => !entry.answer).length + this.coming;
    const others = [...new Set(this.kept.filter((entry) => entry.person !== this.person).map((entry) => entry.person))];
    return {
      waiting,
      stuck: own.length + this.coming - waiting,
      trouble: this.trouble,
      reason: this.reason,
      others,
      next: this.next || 0,
    };
  }

  #tell() {
    for (const each of this.hears) each.told(this.state);
  }

  /** Stop sending; what waits stays on the disk for its owner. */
  rest() {
    this.resting = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.online);
  }

  /** Keep messages, together with what the draft is from now on, in one step; then send. */
  async add(operations, { mission, airing }, draft) {
    const entries = operations.map((operation) => ({ person: this.person, mission, airing, operation }));
    this.coming += entries.length;
    this.#tell();
    try {
      if (this.broken) throw new Error("no database");
      const transaction = this.database.transaction(["outbox", "drafts"], "readwrite", { durability: "strict" });
      const numbers = entries.map((entry) => answer(transaction.objectStore("outbox").add(entry)));
      if (draft) transaction.objectStore("drafts").put(draft);
      const given = await Promise.all(numbers);
      await finished(transaction);
      entries.forEach((entry, i) => (entry.number = given[i]));
    } catch {
      this.broken = true;
      this.trouble = "storage";
      entries.forEach((entry) => (entry.number = `memory-${(this.in_memory += 1)}`));
    }
    const known = new Set(this.kept.map((entry) => entry.number));
    this.kept.push(...entries.filter((entry) => !known.has(entry.number)));
    this.coming -= entries.length;
    this.#tell();
    this.send();
  }

  /** Take messages out: settled by the server, or given up by the coder. */
  async #drop(entries) {
    const gone = new Set(entries.map((entry) => entry.number));
    const stored = [...gone].filter((number) => typeof number === "number");
    if (stored.length && this.database) {
      const transaction = this.database.transaction("outbox", "readwrite", { durability: "strict" });
      stored.forEach((number) => transaction.objectStore("outbox").delete(number));
      await finished(transaction);
    }
    this.kept = this.kept.filter((entry) => !gone.has(entry.number));
  }

  async #mark(entry, told) {
    entry.answer = told;
    if (typeof entry.number !== "number" || !this.database) return;
    const transaction = this.database.transaction("outbox", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("outbox");
    const there = store.getKey(entry.number);
    there.onsuccess = () => there.result != null && store.put(entry); // another tab may have settled it meanwhile
    await finished(transaction);
  }

  /** Give up every message about a segment (its content is in the coder's hands again, or the stored one is kept). */
  async forget(about) {
    await this.#drop(this.mine().filter((entry) => aboutOf(entry.operation) === about));
    this.#tell();
    this.send();
  }

  /** Send what waits, in order; one queue at a time, again and again until all is settled. */
  async send() {
    clearTimeout(this.timer);
    if (this.resting) return undefined;
    if (this.sending) {
      this.once_more = true;
      return undefined;
    }
    this.sending = true;
    let worked = true;
    await this.#read().catch(() => {}); // what is in memory is sent all the same
    const failed = new Set(); // messages on which the server itself failed: after one, they are sent singly
    const away = new Map(); // missions that are not open here now, and what the server said; the others go on
    try {
      for (let batch = this.#batch(away, failed); batch.length && worked; batch = this.#batch(away, failed)) worked = await this.#post(batch, away, failed);
    } finally {
      this.sending = false;
    }
    if (worked && [...failed].some((number) => number !== "singly")) worked = this.#failed(500, {});
    else if (worked && away.size) worked = this.#failed(404, [...away.values()][0]);
    else if (worked) this.#well(); // also where another tab has sent what failed here
    const again = this.once_more;
    this.once_more = false;
    if (worked && this.#batch().length && again) return this.send();
    if (!worked) this.#later();
    else this.timer = setTimeout(() => this.send(), IDLE);
    this.#tell();
    return undefined;
  }

  #later() {
    const pause = PAUSES[Math.min(this.attempt, PAUSES.length - 1)];
    this.attempt += 1;
    this.next = Date.now() + pause;
    this.timer = setTimeout(() => this.send(), pause);
  }

  /** The next messages of one mission. One that was refused holds back those about the same segment behind it. */
  #batch(away = new Map(), failed = new Set()) {
    const held = new Set();
    const stuck = new Set(); // airings with something that was not taken: they are not done
    const ready = [];
    let letters = 0;
    for (const entry of this.mine().filter(({ mission }) => !away.has(mission))) {
      const about = aboutOf(entry.operation);
      const unsettled = entry.operation.kind === "done" && stuck.has(`${entry.mission} ${entry.airing}`);
      if (entry.answer) {
        held.add(about);
        stuck.add(`${entry.mission} ${entry.airing}`);
      } else if (!held.has(about) && !unsettled && !failed.has(entry.number) && (!ready.length || ready[0].mission === entry.mission)) {
        letters += JSON.stringify(entry.operation).length;
        if (ready.length === (failed.size ? 1 : AT_ONCE) || (ready.length && letters > LETTERS_AT_ONCE)) break;
        ready.push(entry);
      }
    }
    return ready;
  }

  async #post(batch, away, failed) {
    const query = new URLSearchParams({ mission: batch[0].mission, lang: this.language, person: this.person });
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const reply = await fetch(`/desk/save?${query}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(batch.map((entry) => entry.operation)),
        signal: stop.signal,
        credentials: "same-origin",
        redirect: "error",
      });
      const told = await reply.json().catch(() => ({}));
      if (reply.status === 500) {
        failed.add(batch.length > 1 ? "singly" : batch[0].number);
        return true;
      }
      if (reply.status === 404) return Boolean(away.set(batch[0].mission, told));
      if (!reply.ok || !Array.isArray(told.answers)) return this.#failed(reply.status, told);
      await this.#settle(batch, told.answers);
      return true;
    } catch {
      return this.#failed(0, {});
    } finally {
      clearTimeout(clock);
    }
  }

  #failed(status, told) {
    const known = { 0: "offline", 401: "signed_out", 403: "not_allowed", 409: "other_person", 507: "full", 503: "busy" };
    this.trouble = known[status] || (status === 404 ? "not_allowed" : "server");
    this.reason = (told.problems || []).join(" ");
    this.#tell();
    return false;
  }

  #well() {
    this.attempt = 0;
    this.trouble = this.broken ? "storage" : "";
    this.reason = "";
  }

  async #settle(batch, answers) {
    this.#well();
    this.settlements += 1; // an older look at the store is out of date from here on
    const stored = [];
    for (const [i, told] of answers.entries()) {
      if (told.outcome === "stored") stored.push(batch[i]);
      else if (told.outcome !== "held") await this.#mark(batch[i], told); // what follows on it waits behind it
    }
    await this.#drop(stored);
    for (const each of this.hears) for (const [i, told] of answers.entries()) each.settled?.(batch[i], told);
    this.#tell();
  }

  // drafts

  async draft(key) {
    if (this.broken) return null;
    return (await answer(this.database.transaction("drafts").objectStore("drafts").get(key))) || null;
  }

  async keep(draft) {
    if (this.broken) return;
    const transaction = this.database.transaction("drafts", "readwrite", { durability: "strict" });
    transaction.objectStore("drafts").put(draft);
    await finished(transaction);
  }
}

/** What a message is about: messages about one thing are kept in order. */
export function aboutOf(operation) {
  return operation.segment?.segment_id || operation.segment_id || operation.airing_id;
}
