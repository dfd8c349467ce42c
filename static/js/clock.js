// The time left, as the server last said it (Rules of time, 2). The browser's clock is never
// believed: time is counted with performance.now(), and the server is asked whenever that may have
// stood still.

const DRIFT = 2000; // ms by which the two clocks may part: one of them stops while a computer sleeps
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30000;

/** Counts down to the close of one answer, and fires `tick`, `checking` and `end`. */
export class Clock extends EventTarget {
  /** @type {number | null} When it ends, by performance.now(); null without a limit. */
  #end = null;
  #checking = false;
  #ended = false;
  #url;
  #timer = 0;
  #retry = FIRST_RETRY;
  #wall = Date.now();
  #steady = performance.now();

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
    const check = () => this.check();
    document.addEventListener("visibilitychange", () => document.hidden || check());
    window.addEventListener("pageshow", (event) => event.persisted && check());
    window.addEventListener("online", check);
    this.#tick();
  }

  /** @returns {number | null} seconds, not less than zero; null without a limit */
  get secondsLeft() {
    return this.#end === null ? null : Math.max(0, (this.#end - performance.now()) / 1000);
  }

  get ended() {
    return this.#ended;
  }

  /** @param {number | null} secondsLeft what a reply of the server says */
  set(secondsLeft) {
    this.#end = secondsLeft === null ? null : performance.now() + secondsLeft * 1000;
    this.#checking = false;
    this.#retry = FIRST_RETRY;
    this.#remember();
    if (secondsLeft !== 0) this.#ended = false;
    this.#tick();
  }

  /** Ask the server; until it answers nobody knows the time. */
  async check() {
    if (this.#checking) return;
    this.#checking = true;
    this.dispatchEvent(new Event("checking"));
    try {
      const response = await fetch(this.#url, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(10000),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      this.set((await response.json()).seconds_left);
    } catch {
      this.#checking = false;
      setTimeout(() => this.check(), this.#retry);
      this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY);
    }
  }

  #remember() {
    this.#wall = Date.now();
    this.#steady = performance.now();
  }

  #tick() {
    clearTimeout(this.#timer);
    const parted = Math.abs(Date.now() - this.#wall - (performance.now() - this.#steady));
    this.#remember();
    if (parted > DRIFT) this.check();
    const left = this.secondsLeft;
    if (left === null) {
      this.#timer = setTimeout(() => this.#tick(), 1000);
      return;
    }
    if (!this.#checking) {
      this.dispatchEvent(new Event("tick"));
      if (left === 0 && !this.#ended) {
        this.#ended = true;
        this.dispatchEvent(new Event("end"));
      }
    }
    // Just after the next full second.
    this.#timer = setTimeout(() => this.#tick(), ((left * 1000) % 1000) + 5);
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
