// What is said aloud of the time: at the announced minutes only (Rules of time, 4).

const EXACT = 5; // s for which “5 minutes left” is true
const SHOWN = 60; // s after which it is taken away, as a hidden clock shows it too

/** @typedef {{at: number, exactly: string, less: string}} Mark `at` in seconds before the end */

/** Speaks when a mark is passed; passed unseen, as in a sleep, it says what is true by then. */
export class Announcements {
  #region;
  /** @type {Mark[]} The nearest to the end first. */
  #marks;
  #before;

  /**
   * @param {HTMLElement} region a polite live region
   * @param {Mark[]} marks
   * @param {number} left seconds; marks that are behind at the start stay silent
   */
  constructor(region, marks, left) {
    this.#region = region;
    this.#marks = [...marks].sort((a, b) => a.at - b.at);
    this.#before = left;
  }

  /** @param {number} left seconds */
  tick(left) {
    const passed = this.#marks.find(({ at }) => left <= at && at < this.#before);
    const more = left > this.#before;
    this.#before = left;
    if (passed && left > 0) {
      this.#region.textContent = passed.at - left < EXACT ? passed.exactly : passed.less;
    } else if (more || !this.#marks.some(({ at }) => left <= at && at - SHOWN < left)) {
      this.#region.textContent = "";
    }
  }
}
