// The browser's own copy of a text until the server has given a receipt for it (Rules of saving, 6).
// Each page load has an entry of its own, so that no tab overwrites what another one keeps.

import * as crashProof from "./crash-proof.js";

const PREFIX = "dry-run/draft/";
const KEPT_FOR = 7 * 24 * 3600 * 1000; // ms

/** @typedef {{text: string, at: number, back: string}} Copy `back` is the URL of its interview */

/** The copies of one answer, of one person. Where storage is full or forbidden it keeps nothing. */
export class Drafts {
  #answer;
  #own;
  #back;
  /** Whether the newest text is kept: leaving the page without it would lose words. */
  kept = false;

  /**
   * @param {string} name person and answer, such as `7/1204`
   * @param {string} back where a copy can be saved later
   */
  constructor(name, back) {
    this.#answer = `${PREFIX}${name}/`;
    this.#own = this.#answer + crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.#back = back;
  }

  /** @param {string} text as it stands in this page */
  keep(text) {
    const copy = JSON.stringify({ text, at: Date.now(), back: this.#back });
    crashProof.put(this.#own, copy);
    try {
      localStorage.setItem(this.#own, copy);
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  /**
   * What other page loads kept, the newest first. Forgets those that say no more than `stored`.
   * @param {string[]} stored what the server has
   * @returns {string[]}
   */
  others(...stored) {
    stored.forEach((text) => this.forget(text));
    const copies = copiesBelow(this.#answer).filter(([key, { text }]) => key !== this.#own && /\S/.test(text));
    return [...new Set(copies.map(([, { text }]) => text))];
  }

  /**
   * Forget every copy of this text: it is stored, or nobody wants it.
   * @param {string} text
   */
  forget(text) {
    for (const [key, copy] of copiesBelow(this.#answer)) if (copy.text === text) remove(key);
  }
}

/**
 * Where to go to save what this browser keeps of somebody; null if it keeps nothing.
 * @param {string} person
 */
export function wayBack(person) {
  const copies = copiesBelow(`${PREFIX}${person}/`).filter(([, { text }]) => /\S/.test(text));
  return copies.length ? copies[0][1].back : null;
}

/** @param {string} person */
export function forgetDraftsOf(person) {
  for (const key of keysBelow(`${PREFIX}${person}/`)) remove(key);
}

/** Forget copies of a week ago, whoever they belong to. */
export function forgetOldDrafts() {
  for (const key of keysBelow(PREFIX)) {
    const copy = read(key);
    if (!copy || Date.now() - copy.at > KEPT_FOR) remove(key);
  }
}

/** @param {string} prefix @returns {[string, Copy][]} the newest first */
function copiesBelow(prefix) {
  const copies = keysBelow(prefix).map((key) => /** @type {[string, Copy]} */ ([key, read(key)]));
  return copies.filter(([, copy]) => copy).sort(([, a], [, b]) => b.at - a.at);
}

/** @param {string} prefix @returns {string[]} */
function keysBelow(prefix) {
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

/** What was written just before a crash comes back; await it before asking for copies. */
export const recovered = crashProof.entries().then((entries) => {
  for (const [key, value] of entries) {
    try {
      const lost = JSON.parse(value).at > (read(key)?.at ?? 0);
      if (lost) localStorage.setItem(key, value);
    } catch {
      // Storage is full or forbidden.
    }
  }
});

/** @param {string} key */
function remove(key) {
  crashProof.remove(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
