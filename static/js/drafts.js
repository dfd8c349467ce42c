// The browser's own copy of a text until the server has given a receipt for it (Rules of saving, 6).
// Each page load has an entry of its own, so that no tab overwrites what another one keeps.

const PREFIX = "dry-run/draft/";
const KEPT_FOR = 7 * 24 * 3600 * 1000; // ms

/** @typedef {{text: string, at: number}} Copy */

/** The copies of one answer, of one person. Where storage is full or forbidden it keeps nothing. */
export class Drafts {
  #answer;
  #own;
  /** Whether the newest text is kept: leaving the page without it would lose words. */
  kept = false;

  /** @param {string} name person and answer, such as `7/1204` */
  constructor(name) {
    this.#answer = `${PREFIX}${name}/`;
    this.#own = this.#answer + crypto.getRandomValues(new Uint32Array(2)).join("-");
  }

  /** @param {string} text as it stands in this page */
  keep(text) {
    try {
      localStorage.setItem(this.#own, JSON.stringify({ text, at: Date.now() }));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  /**
   * What other page loads kept, the newest first. Forgets those that say no more than `stored`.
   * @param {string} stored
   * @returns {string[]}
   */
  others(stored) {
    this.forget(stored);
    const copies = keys(this.#answer).filter((key) => key !== this.#own).map(read);
    const newestFirst = copies.filter((copy) => copy !== null).sort((a, b) => b.at - a.at);
    return [...new Set(newestFirst.map((copy) => copy.text))];
  }

  /**
   * Forget every copy of this text: it is stored, or nobody wants it.
   * @param {string} text
   */
  forget(text) {
    for (const key of keys(this.#answer)) if (read(key)?.text === text) remove(key);
  }
}

/** Forget copies of a week ago, whoever they belong to. */
export function forgetOldDrafts() {
  for (const key of keys(PREFIX)) {
    const copy = read(key);
    if (!copy || Date.now() - copy.at > KEPT_FOR) remove(key);
  }
}

/** @param {string} prefix @returns {string[]} */
function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** @param {string} key @returns {Copy | null} */
function read(key) {
  try {
    const copy = JSON.parse(localStorage.getItem(key) ?? "null");
    return copy && typeof copy.text === "string" ? copy : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
