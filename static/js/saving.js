// Saves a text while it is typed (Rules of saving). One request at a time, each with the newest
// text; what fails is tried again. Knows nothing of the page but how to read the text.

const IDLE = 1500; // ms after the last keystroke
const LONGEST_WAIT = 8000; // ms after the first unsaved keystroke
const TIMEOUT = 15000;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 30000;
const KEEPALIVE_BYTES = 60000; // browsers refuse 64 KiB; above this rely on the browser's copy

/**
 * @typedef {object} Reply what the server says of a save
 * @property {"saved" | "conflict" | "late" | "refused"} state
 * @property {number} [revision]
 * @property {number | null} [seconds_left]
 * @property {string} [receipt] HTML
 * @property {string} [notice] HTML of a conflict, else a sentence
 * @property {string} [text] the other text of a conflict
 */

/**
 * Fires `sending`, and with details `saved`, `conflict`, `late`, `refused` ({reply, text}),
 * `failed`, `logged-out` ({login}).
 */
export class Saver extends EventTarget {
  #url;
  #token;
  #read;
  #base;
  #writer = newWriter();
  #sequence = 0;
  #answered = 0;
  /** @type {string | null} */
  #stored;
  /** @type {"open" | "conflict" | "closed"} */
  #state = "open";
  #refused = /** @type {string | null} */ (null);
  #left = /** @type {string | null} */ (null);
  #idle = 0;
  #latest = 0;
  #again = 0;
  #retry = FIRST_RETRY;
  /** @type {Promise<void> | null} */
  #sending = null;

  /**
   * @param {{url: string, token: () => string, read: () => string, base: number, stored: string}} page
   *   `read` gives the text as it stands; `stored` is what the server has, at revision `base`
   */
  constructor({ url, token, read, base, stored }) {
    super();
    this.#url = url;
    this.#token = token;
    this.#read = read;
    this.#base = base;
    this.#stored = stored;
  }

  /** Whether the server has the text as it stands. */
  get clean() {
    return this.#state === "closed" || this.#read() === this.#stored;
  }

  /** The text changed: save it soon. */
  changed() {
    if (this.clean) return this.#unschedule();
    if (this.#state !== "open") return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.flush(), IDLE);
    this.#latest ||= setTimeout(() => this.flush(), LONGEST_WAIT);
  }

  /**
   * Save now what is not saved; resolves when the server has answered or can't be reached.
   * @returns {Promise<boolean>} whether the server has the text as it stands
   */
  async flush() {
    this.#unschedule();
    while (this.#sending) await this.#sending;
    if (!this.clean && this.#state === "open" && this.#read() !== this.#refused) {
      this.#sending = this.#send(false).finally(() => (this.#sending = null));
      await this.#sending;
    }
    return this.clean;
  }

  /**
   * The page goes away: send what is not saved, without waiting for what is under way. Several
   * events say so; each text is sent once.
   */
  leave() {
    const text = this.#read();
    if (this.clean || this.#state !== "open" || text === this.#refused || text === this.#left) return;
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
    if (this.#state === "conflict") this.#state = "open";
  }

  #unschedule() {
    clearTimeout(this.#idle);
    clearTimeout(this.#latest);
    clearTimeout(this.#again);
    this.#idle = this.#latest = this.#again = 0;
  }

  /** @param {boolean} leaving */
  async #send(leaving) {
    const text = this.#read();
    const sequence = ++this.#sequence;
    const body = JSON.stringify({ text, base: this.#base, writer: this.#writer, sequence });
    this.dispatchEvent(new Event("sending"));
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.#token(),
        },
        body,
        keepalive: leaving && new TextEncoder().encode(body).length < KEEPALIVE_BYTES,
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (sequence > this.#answered) await this.#take(response, text, sequence);
    } catch {
      this.#failed("failed");
    }
  }

  /**
   * @param {Response} response
   * @param {string} text
   * @param {number} sequence
   */
  async #take(response, text, sequence) {
    if (response.status === 401) return this.#failed("logged-out", await response.json());
    const known = [200, 400, 404, 409].includes(response.status);
    if (!known) return this.#failed("failed");
    /** @type {Reply} */
    const reply = response.status === 404 ? { state: "refused" } : await response.json();
    this.#answered = sequence;
    this.#retry = FIRST_RETRY;
    if (reply.state === "saved" || reply.state === "conflict") this.#base = reply.revision ?? this.#base;
    if (reply.state === "saved") this.#stored = text;
    if (reply.state === "conflict") {
      this.#state = "conflict";
      this.#stored = reply.text ?? this.#stored;
    }
    if (reply.state === "late") this.#state = "closed";
    if (reply.state === "refused") this.#refused = text;
    this.dispatchEvent(new CustomEvent(reply.state, { detail: { reply, text } }));
    this.changed();
  }

  /**
   * @param {"failed" | "logged-out"} how
   * @param {object} [detail]
   */
  #failed(how, detail) {
    this.dispatchEvent(new CustomEvent(how, { detail }));
    clearTimeout(this.#again);
    // Not all candidates of a server that comes back at the same moment.
    this.#again = setTimeout(() => this.flush(), this.#retry * (0.5 + Math.random()));
    this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY);
  }
}

/** A random UUID; crypto.randomUUID() exists only on https and localhost. */
function newWriter() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
