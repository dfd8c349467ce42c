// Where somebody writes: binds a text area to its saving, its copy in the browser and its notices.
// Knows nothing of what else is on the page.

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

/**
 * @typedef {{reply: import("./saving.js").Reply, text: string, asked: import("./clock.js").Moment}} Outcome
 */

/** The notices of what keeps a text from the server; after the end they say that too. */
export const HINDRANCES = ["offline", "logged-out", "forbidden", "too-often"];

export class Writing {
  #drafts;
  #notices;
  #saver;
  #area;
  #leadingOn = false;
  #unloading = false;
  #receipt = byId("receipt").outerHTML;

  /**
   * @param {object} page
   * @param {HTMLTextAreaElement} page.area
   * @param {import("./saving.js").Saver} page.saver
   * @param {import("./drafts.js").Drafts} page.drafts
   * @param {import("./length.js").Length} page.length
   * @param {import("./notices.js").Notices} page.notices
   * @param {(area: HTMLTextAreaElement, text: string) => void} page.replace types a text in place of the former
   */
  constructor({ area, saver, drafts, length, notices, replace }) {
    this.#area = area;
    this.#saver = saver;
    this.#drafts = drafts;
    this.#notices = notices;
    this.#bindTyping(length);
    this.#bindLeaving();
    this.#bindOutcomes(replace);
    this.report(saver);
    byId("notices").addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target);
      if ("retry" in button.dataset) saver.flush();
      if ("reload" in button.dataset) location.reload();
    });
  }

  get leadingOn() {
    return this.#leadingOn;
  }

  /** Leave for another page of ours. @param {string} url */
  leadOn(url) {
    this.#leadingOn = true;
    location.assign(url);
  }

  /** The form is sent now, and brings along what is not saved: leaving asks nothing. */
  handOver() {
    this.#leadingOn = true;
  }

  /** @param {"saving" | "failed" | "late"} state */
  showState(state) {
    const shown = byId("receipt");
    shown.className = `receipt receipt--${state === "saving" ? "saving" : "failed"}`;
    shown.textContent = byId(`receipt-${state}`).innerHTML;
  }

  /**
   * @param {string} name
   * @param {string} [sentence] in place of the template's
   */
  tell(name, sentence) {
    const notice = this.#notices.show(name, this.#drafts.kept);
    const reason = notice.querySelector("[data-reason]");
    if (reason && sentence) reason.textContent = sentence;
    return notice;
  }

  dismissConflict() {
    this.#notices.remove(document.getElementById("conflict"));
  }

  /**
   * Tell what keeps a saver from reaching the server, and no longer when it has.
   * @param {import("./saving.js").Saver} saver
   */
  report(saver) {
    // One at a time: what was in the way before is behind the server's last word.
    const hinder = (/** @type {string} */ name) => {
      this.#notices.dismiss(...HINDRANCES.filter((other) => other !== name));
      return this.tell(name);
    };
    on(saver, "saved", () => this.#notices.dismiss(...HINDRANCES));
    // Saved again by itself; the server's sentence is for who presses a button.
    on(saver, "too-often", () => hinder("too-often"));
    on(saver, "failed", () => hinder("offline"));
    on(saver, "forbidden", () => hinder("forbidden"));
    on(saver, "logged-out", ({ reply }) => {
      const link = hinder("logged-out").querySelector("a");
      if (link) link.href = reply.login ?? "";
    });
  }

  /** @param {import("./length.js").Length} length */
  #bindTyping(length) {
    const saver = this.#saver;
    this.#area.addEventListener("input", () => {
      this.#unloading = false;
      this.#drafts.keep(length.text);
      length.tell();
      saver.changed();
      if (saver.clean) this.#settle(this.#receipt);
    });
    this.#area.addEventListener("blur", () => saver.flush());
    window.addEventListener("focus", () => saver.flush());
    window.addEventListener("online", async () => {
      if (await saver.flush()) this.#notices.dismiss("offline");
    });
    window.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        saver.flush();
      }
    });
  }

  #bindLeaving() {
    const saver = this.#saver;
    document.addEventListener("visibilitychange", () => document.hidden && saver.leave());
    window.addEventListener("pagehide", () => {
      this.#unloading = true;
      saver.leave();
    });
    window.addEventListener("pageshow", () => (this.#unloading = false));
    window.addEventListener("beforeunload", (event) => {
      // Before the next page is asked for, so that a reload shows it, most often.
      this.#unloading = true;
      saver.leave();
      // Only where the browser could keep no copy: otherwise leaving loses nothing.
      if (!saver.clean && !this.#drafts.kept && !this.#leadingOn) event.preventDefault();
    });
  }

  /** @param {(area: HTMLTextAreaElement, text: string) => void} replace */
  #bindOutcomes(replace) {
    const saver = this.#saver;
    saver.addEventListener("sending", () => this.showState("saving"));
    on(saver, "saved", ({ reply, text }) => {
      // The page that comes may have been made before this was stored: then it offers the copy.
      if (!this.#unloading) this.#drafts.forget(text);
      this.#settle(reply.receipt ?? "");
      this.dismissConflict();
    });
    on(saver, "conflict", ({ reply }) => {
      this.dismissConflict();
      byId("notices").insertAdjacentHTML("beforeend", reply.notice ?? "");
      // Let its link take the other text here, instead of loading the page again.
      document.querySelector("[data-take-other]")?.addEventListener("click", (event) => {
        event.preventDefault();
        saver.resolve();
        replace(this.#area, reply.text ?? "");
        this.dismissConflict();
        saver.flush();
      });
      this.#notices.keepInView();
    });
    on(saver, "refused", ({ reply }) => this.tell("refused", reply.notice));
    for (const state of ["conflict", "refused", "too-often", "failed", "forbidden", "logged-out"]) {
      saver.addEventListener(state, () => this.showState("failed"));
    }
  }

  /** All is stored. @param {string} html the receipt */
  #settle(html) {
    this.#receipt = html;
    byId("receipt").outerHTML = html;
    this.#notices.dismiss("offline", "logged-out", "forbidden", "too-often", "refused");
  }
}

/**
 * @param {import("./saving.js").Saver} saver
 * @param {string} state
 * @param {(outcome: Outcome) => void} listener
 */
export function on(saver, state, listener) {
  saver.addEventListener(state, (event) => listener(/** @type {CustomEvent} */ (event).detail));
}
