// Where the material comes from: a recording, live air (or a stopwatch beside a player of one's own), pages of a paper.
// Positions are milliseconds of the airing; a recording's own time is the airing's plus the recording's offset.

const SPEEDS = [-16, -8, -4, -2, 0, 0.5, 1, 1.5, 2, 3, 4, 8, 16];
const SOUND_RATE = [25, 1]; // steps of 40 ms where there are no frames

class Clock {
  constructor(length, moved) {
    this.length = length;
    this.moved = moved;
    this.looping = null;
  }

  bounded(position) {
    return Math.max(0, Math.min(position, this.length ?? Infinity));
  }

  step(milliseconds) {
    this.seek(this.position + milliseconds);
  }

  frames(number) {
    this.step(number * 40);
  }

  loop(from, to) {
    this.looping = this.looping ? null : { from, to };
    if (this.looping) this.seek(from);
    return Boolean(this.looping);
  }
}

/** A video or sound file. Positions are those of whole frames: what is on the screen is what is recorded. */
export class RecordingSource extends Clock {
  constructor(media, recording, length, moved) {
    super(length, moved);
    this.kind = "recording";
    this.media = media;
    this.offset = recording.offset_ms;
    [this.frames_in, this.seconds_in] = recording.rate || SOUND_RATE;
    this.speed = 1;
    this.shown = 0; // the number of the frame on the screen
    media.addEventListener("timeupdate", () => this.#tick());
    media.addEventListener("seeked", () => this.#seeked());
    media.addEventListener("play", () => moved());
    media.addEventListener("pause", () => moved());
    if (media.requestVideoFrameCallback) {
      const presented = (_, frame) => {
        if (this.target == null) this.shown = Math.round((frame.mediaTime * this.frames_in) / this.seconds_in);
        this.#tick();
        media.requestVideoFrameCallback(presented);
      };
      media.requestVideoFrameCallback(presented);
    }
  }

  #frameAt(seconds) {
    return Math.floor((seconds * this.frames_in) / this.seconds_in + 1e-4);
  }

  #timeOf(frame) {
    return Math.round((frame * this.seconds_in * 1000) / this.frames_in);
  }

  get frame() {
    if (this.target != null) return this.target;
    if (!this.media.requestVideoFrameCallback || this.media.videoWidth === 0) return this.#frameAt(this.media.currentTime);
    return this.shown;
  }

  get position() {
    return this.bounded(this.#timeOf(this.frame) - this.offset);
  }

  get playing() {
    return !this.media.paused || Boolean(this.rewinding);
  }

  #tick() {
    if (this.looping && this.position >= this.looping.to) this.seek(this.looping.from);
    if (this.length != null && this.position >= this.length && !this.media.paused) this.media.pause();
    this.moved();
  }

  #seeked() {
    if (!this.media.seeking) {
      this.shown = this.#frameAt(this.media.currentTime);
      this.target = null;
    }
    this.moved();
  }

  #goTo(frame) {
    this.target = Math.max(0, frame);
    // the middle of a frame: at its border the one before may be shown
    this.media.currentTime = ((this.target + 0.5) * this.seconds_in) / this.frames_in;
    this.moved();
  }

  seek(position) {
    const asked = this.bounded(position) + this.offset;
    this.#goTo(Math.round((asked * this.frames_in) / (this.seconds_in * 1000)));
  }

  frames(number) {
    this.pause();
    this.seek(this.beside(this.position, number));
  }

  /** A nudge of an edge: the position one frame on. */
  beside(position, number) {
    const frame = Math.round(((position + this.offset) * this.frames_in) / (this.seconds_in * 1000));
    return this.bounded(this.#timeOf(frame + number) - this.offset);
  }

  play() {
    this.#stopRewinding();
    this.target = null;
    this.media.playbackRate = this.speed > 0 ? this.speed : 1;
    this.media.play().catch((error) => {
      if (error.name !== "AbortError") throw error; // a pause came before it had begun
    });
  }

  pause() {
    this.#stopRewinding();
    this.media.pause();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** One step faster or slower; below standstill it runs backwards in jumps. */
  shuttle(direction) {
    const now = this.playing ? this.speed : 0;
    const at = SPEEDS.indexOf(now) < 0 ? SPEEDS.indexOf(1) : SPEEDS.indexOf(now);
    let next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + direction))];
    if (!this.playing && direction > 0) next = this.speed > 0 ? this.speed : 1;
    this.setSpeed(next);
  }

  setSpeed(speed) {
    this.speed = speed;
    if (speed > 0) this.play();
    else if (speed === 0) {
      this.pause();
      this.speed = 1;
    } else this.#rewind(speed);
    this.moved();
  }

  #rewind(speed) {
    this.media.pause();
    this.#stopRewinding();
    this.rewinding = setInterval(() => {
      this.step(speed * 250);
      if (this.position <= 0) this.setSpeed(0);
    }, 250);
  }

  #stopRewinding() {
    clearInterval(this.rewinding);
    this.rewinding = null;
  }

  close() {
    this.#stopRewinding();
    this.media.pause();
  }
}

/** The wall clock of live air, or a stopwatch that is started, stopped and set by hand. */
export class StopwatchSource extends Clock {
  /** `began` is the instant of the airing's start (null: not yet), `now()` the server's clock. */
  constructor({ began, live, length, now }, moved) {
    super(live ? null : length, moved);
    Object.assign(this, { kind: live ? "live" : "stopwatch", began, now });
    this.speed = 1;
    this.running = live && began != null;
    this.at = 0;
    this.since = now();
    this.timer = setInterval(() => this.running && moved(), 200);
  }

  get playing() {
    return this.running;
  }

  get position() {
    if (this.kind === "live") return this.began == null ? 0 : Math.max(0, Math.round(this.now() - this.began));
    return this.bounded(Math.round(this.at + (this.running ? this.now() - this.since : 0)));
  }

  begin(instant) {
    this.began = instant;
    this.running = true;
    this.moved();
  }

  seek(position) {
    if (this.kind === "live") return; // live air cannot be moved
    this.at = this.bounded(position);
    this.since = this.now();
    this.moved();
  }

  beside(position, number) {
    return this.bounded(position + number * 100);
  }

  toggle() {
    if (this.kind === "live") return;
    this.at = this.position;
    this.since = this.now();
    this.running = !this.running;
    this.moved();
  }

  pause() {
    if (this.running) this.toggle();
  }

  shuttle() {}

  setSpeed() {}

  frames(number) {
    this.step(number * 100);
  }

  close() {
    clearInterval(this.timer);
  }
}

/** Pages of a paper: a box on a page, in fractions of it, and its area where the page's printed size is known. */
export class PageSource {
  constructor(pages, moved) {
    this.kind = "page";
    this.pages = pages;
    this.moved = moved;
    this.page = pages[0]?.page || 1;
    this.looping = null;
  }

  get position() {
    return this.page;
  }

  get playing() {
    return false;
  }

  get picture() {
    return this.pages.find((each) => each.page === this.page);
  }

  turn(number) {
    this.page = Math.max(1, this.page + number);
    this.moved();
  }

  seek(page) {
    this.page = Math.max(1, page);
    this.moved();
  }

  /** Area of a box in mm2, or null where the size of the page is not known. */
  area(box, page = this.page) {
    const held = this.pages.find((each) => each.page === page);
    if (!held?.width_mm || !held?.height_mm || !box) return null;
    return Math.round(box[2] * held.width_mm * box[3] * held.height_mm);
  }

  close() {}
}
