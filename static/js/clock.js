// The time left, as the server last said it (Rules of time, 2). The browser's clock is never
// believed: time is counted with performance.now(), and the server is asked whenever that may have
// stood still.

const DRIFT = 2000; // ms by which the two clocks may part: one of them stops while a computer sleeps
const PATIENCE = 10000; // ms
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30000;

/** @typedef {{wall: number, steady: number}} Moment by Date.now() and by performance.now(), in ms */

/** @returns {Moment} */
export const moment = () => ({ wall: Date.now(), steady: performance.now() });

/** Whether the computer slept since then, or its clock was set. @param {Moment} since */
function parted({ wall, steady }) {
  return Math.abs(Date.now() - wall - (performance.now() - steady)) > DRIFT;
}

/**
 * Counts down to the close of one answer. Fires `tick` each second, `checking` while only the server
 * knows the time, `end`, and `reopen` when there is time again after the end.
 */
export class Clock extends EventTarget {
  /** @type {number | null} When it ends, by performance.now(); null without a limit. */
  #end = null;
  #checking = false;
  #asking = false;
  /** Whether somebody wants to know since it is being asked: what is under way may be lost. */
  #wanted = false;
  #ended = false;
  #url;
  #timer = 0;
  #again = 0;
  #retry = FIRST_RETRY;
  #answered = moment();

  /**
   * @param {string} url answers with `{seconds_left}`
   * @param {number | null} secondsLeft when the page was made; null without a limit
   */
  constructor(url, secondsLeft) {
    super();
    this.#url = url;
    // The page took a while to arrive, and its first figure is that old.
    const made = performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now();
    if (secondsLeft !== null) this.#end = made + secondsLeft * 1000;
  }

  start() {
    document.addEventListener("visibilitychange", () => document.hidden || this.check());
    window.addEventListener("pageshow", (event) => event.persisted && this.check());
    window.addEventListener("online", () => this.check());
    this.#tick();
  }

  /** @returns {number | null} seconds, not less than zero; null without a limit */
  get secondsLeft() {
    return this.#end === null ? null : Math.max(0, (this.#end - performance.now()) / 1000);
  }

  get ended() {
    return this.#ended;
  }

  /**
   * Take the time from a reply. The server looked at its clock somewhere between the question and
   * now, so a slow reply corrects the page only as far as it must.
   * @param {number | null} secondsLeft
   * @param {Moment} asked when the server was asked
   */
  set(secondsLeft, asked = moment()) {
    // An answer of before a sleep says nothing of now.
    if (parted(asked)) return this.check();
    if (secondsLeft === null) this.#end = null;
    else {
      const [earliest, latest] = [asked.steady, performance.now()].map((at) => at + secondsLeft * 1000);
      this.#end = Math.min(Math.max(this.#end ?? latest, earliest), latest);
    }
    this.#checking = false;
    this.#retry = FIRST_RETRY;
    this.#answered = moment();
    if (this.#ended && secondsLeft !== 0) {
      this.#ended = false;
      this.dispatchEvent(new Event("reopen"));
    }
    this.#tick();
  }

  /** Ask the server; until it answers nobody knows the time. */
  async check() {
    this.#wanted = this.#asking;
    if (this.#asking) return;
    this.#asking = this.#checking = true;
    clearTimeout(this.#again);
    this.dispatchEvent(new Event("checking"));
    const asked = moment();
    let reply;
    try {
      const response = await fetch(this.#url, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.ok) reply = await response.json();
    } catch {
      // Tried again below.
    }
    this.#asking = false;
    if (reply) return this.set(reply.seconds_left, asked);
    if (this.#wanted) return this.check();
    this.#again = setTimeout(() => this.check(), this.#retry);
    this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY);
  }

  #tick() {
    clearTimeout(this.#timer);
    if (!this.#checking && parted(this.#answered)) this.check();
    const left = this.secondsLeft;
    // Just after the next full second.
    this.#timer = setTimeout(() => this.#tick(), left ? ((left * 1000) % 1000) + 5 : 1000);
    if (this.#checking || left === null) return;
    this.dispatchEvent(new Event("tick"));
    if (left === 0 && !this.#ended) {
      this.#ended = true;
      this.dispatchEvent(new Event("end"));
    }
  }
}

/**
 * @param {number} seconds
 * @returns {string} such as 4:05 or 1:00:00; a second that has begun counts
 */
export function asText(seconds) {
  const whole = Math.ceil(seconds);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
