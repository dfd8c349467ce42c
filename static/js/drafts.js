// The browser's own copy of a text until the server has given a receipt for it (Rules of saving, 6).

const PREFIX = "dry-run/draft/";
const KEPT_FOR = 7 * 24 * 3600 * 1000; // ms

/** @typedef {{text: string, at: number}} Copy */

/** The copy of one answer, of one person. Where storage is full or forbidden it keeps nothing. */
export class Draft {
  #key;
  /** Whether the newest text is kept: leaving the page without it would lose words. */
  kept = false;

  /** @param {string} name person and answer, such as `7/1204` */
  constructor(name) {
    this.#key = PREFIX + name;
  }

  /** @param {string} text */
  keep(text) {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ text, at: Date.now() }));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  /** @returns {string | null} */
  read() {
    try {
      const copy = /** @type {Copy | null} */ (JSON.parse(localStorage.getItem(this.#key) ?? "null"));
      return copy && typeof copy.text === "string" ? copy.text : null;
    } catch {
      return null;
    }
  }

  /**
   * Forget the copy if it says no more than what is stored.
   * @param {string} stored
   */
  forget(stored) {
    if (this.read() === stored) this.discard();
  }

  discard() {
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Nothing was kept either.
    }
  }
}

/** Forget copies of a week ago, whoever they belong to. */
export function forgetOldDrafts() {
  try {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
      const copy = JSON.parse(localStorage.getItem(key) ?? "null");
      if (!copy || Date.now() - copy.at > KEPT_FOR) localStorage.removeItem(key);
    }
  } catch {
    // No storage, or not ours.
  }
}
