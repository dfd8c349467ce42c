// Saves a text while it is typed (Rules of saving). One request at a time, each with the newest
// text; what fails is tried again. Knows nothing of the page but how to read the text.

import { moment } from "./clock.js";

const IDLE = 1500; // ms after the last keystroke
const LONGEST_WAIT = 8000; // ms after the first unsaved keystroke
const PATIENCE = 15000; // ms
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 30000;
const KEEPALIVE_BYTES = 60000; // browsers refuse 64 KiB; above this rely on the browser's copy

/**
 * @typedef {object} Reply what became of a save; the first five by the server's word
 * @property {"saved" | "conflict" | "late" | "refused" | "too-often" | "logged-out" | "forbidden" | "failed"} state
 * @property {number} [revision]
 * @property {number | null} [seconds_left]
 * @property {string} [receipt] HTML
 * @property {string} [notice] HTML of a conflict, else a sentence
 * @property {string} [text] the other text of a conflict
 * @property {number} [retry_after] seconds
 * @property {string} [login] URL
 *
 * @typedef {import("./clock.js").Moment} Moment
 */

const WORDS_OF_THE_SERVER = ["saved", "conflict", "late", "refused", "too-often"];

/** Fires `sending`, and each `Reply["state"]` with `{reply, text, asked}` as detail. */
export class Saver extends EventTarget {
  #url;
  #token;
  #read;
  #pack;
  #base;
  #writer = newWriter();
  #sequence = 0;
  #answered = 0;
  /** @type {string | null} What the server has; null if that isn't known. */
  #stored;
  #inConflict = false;
  /** @type {string | null} */
  #refused = null;
  /** @type {string | null} */
  #left = null;
  #quietUntil = 0;
  #idle = 0;
  #latest = 0;
  #again = 0;
  #retry = FIRST_RETRY;
  /** @type {Promise<void> | null} */
  #sending = null;

  /**
   * @param {object} page
   * @param {string} page.url
   * @param {() => string} page.token
   * @param {() => string} page.read gives the text as it stands
   * @param {number} page.base the revision of `stored`
   * @param {string | null} page.stored what the server has
   * @param {(text: string) => object} [page.pack] what is sent of a text
   */
  constructor({ url, token, read, base, stored, pack = (text) => ({ text }) }) {
    super();
    this.#url = url;
    this.#token = token;
    this.#read = read;
    this.#pack = pack;
    this.#base = base;
    this.#stored = stored;
  }

  /** Whether the server has the text as it stands. */
  get clean() {
    return this.#read() === this.#stored;
  }

  /** Whether nothing more is sent until the text changes or somebody chooses. */
  get settled() {
    return this.clean || this.#inConflict || this.#read() === this.#refused;
  }

  /** The text changed: save it soon. */
  changed() {
    if (this.clean) return this.hold();
    if (this.#inConflict) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.flush(), IDLE);
    this.#latest ||= setTimeout(() => this.flush(), LONGEST_WAIT);
  }

  /**
   * Save now what is not saved; resolves when the server has answered or can't be reached.
   * @returns {Promise<boolean>} whether the server has the text as it stands
   */
  async flush() {
    this.hold();
    while (this.#sending) await this.#sending;
    if (this.settled) return this.clean;
    const quiet = this.#quietUntil - performance.now();
    if (quiet > 0) {
      this.#tryAgain(quiet);
      return false;
    }
    this.#sending = this.#send(false).finally(() => (this.#sending = null));
    await this.#sending;
    return this.clean;
  }

  /** Save nothing by itself until the text changes or flush() is called. */
  hold() {
    clearTimeout(this.#idle);
    clearTimeout(this.#latest);
    clearTimeout(this.#again);
    this.#idle = this.#latest = this.#again = 0;
  }

  /**
   * The page goes away: send what is not saved, without waiting for what is under way. Several
   * events say so; each text is sent once.
   */
  leave() {
    const text = this.#read();
    if (this.clean || this.#inConflict || text === this.#refused || text === this.#left) return;
    this.#left = text;
    this.#send(true).finally(() => (this.#left = null));
  }

  /** Save the text even where it is what the page came with: another one may be stored since. */
  async insist() {
    this.#stored = null;
    return this.flush();
  }

  /** After a conflict, what stands in the page is what is wanted. */
  resolve() {
    this.#inConflict = false;
  }

  /** @param {boolean} leaving */
  async #send(leaving) {
    const text = this.#read();
    const sequence = ++this.#sequence;
    const asked = moment();
    const body = JSON.stringify({
      ...this.#pack(text),
      base: this.#base,
      writer: this.#writer,
      sequence,
    });
    this.dispatchEvent(new Event("sending"));
    const reply = await this.#ask(body, leaving);
    // A newer save was answered first: what became of this one is of no interest.
    if (sequence < this.#answered) return;
    this.#take(reply, text, sequence);
    this.dispatchEvent(new CustomEvent(reply.state, { detail: { reply, text, asked } }));
    if (!this.#again) this.changed();
  }

  /**
   * @param {string} body
   * @param {boolean} leaving
   * @returns {Promise<Reply>}
   */
  async #ask(body, leaving) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    const post = () =>
      fetch(this.#url, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.#token(),
        },
        body,
        keepalive: leaving && new TextEncoder().encode(body).length < KEEPALIVE_BYTES,
        signal: patience.signal,
      });
    try {
      let response = await post();
      // A log-in in another tab renewed the token just then.
      if (response.status === 403) response = await post();
      return await understand(response);
    } catch {
      return { state: "failed" };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {Reply} reply
   * @param {string} text
   * @param {number} sequence
   */
  #take(reply, text, sequence) {
    switch (reply.state) {
      case "failed":
        // It may be stored all the same, only the reply was lost.
        this.#stored = null;
      // Falls through.
      case "logged-out":
      case "forbidden":
        // Not all candidates of a server that comes back at the same moment.
        this.#tryAgain(this.#retry * (0.5 + Math.random()));
        this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY);
        return;
      case "too-often":
        this.#quietUntil = performance.now() + (reply.retry_after ?? 1) * 1000;
        this.#tryAgain(this.#quietUntil - performance.now());
        return;
      case "conflict":
        this.#inConflict = true;
        this.#stored = reply.text ?? null;
        this.#base = reply.revision ?? this.#base;
        break;
      case "refused":
        this.#refused = text;
        break;
      case "saved":
        this.#base = reply.revision ?? this.#base;
      // Falls through.
      case "late":
        this.#stored = text;
    }
    this.#answered = sequence;
    this.#retry = FIRST_RETRY;
  }

  /** @param {number} wait ms */
  #tryAgain(wait) {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.flush(), wait);
  }
}

/**
 * What a response says.
 * @param {Response} response
 * @returns {Promise<Reply>}
 * @throws where it is none of our server's, such as a proxy's error page
 */
async function understand(response) {
  if (response.status === 403) return { state: "forbidden" };
  if (response.status === 404) return { state: "refused" };
  const reply = await response.json();
  if (response.status === 401) return { ...reply, state: "logged-out" };
  if (!WORDS_OF_THE_SERVER.includes(reply.state)) throw new Error(`status ${response.status}`);
  return reply;
}

/** A random UUID; crypto.randomUUID() exists only on https and localhost. */
function newWriter() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
