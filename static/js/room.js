// The interview room: binds the page to its clock, its saving, its notices and its copy in the
// browser. Without this module the page is a plain form that does the same.

import { Clock } from "./clock.js";
import { csrfToken } from "./csrf.js";
import { Drafts, forgetOldDrafts, recovered } from "./drafts.js";
import { showTimeLeft } from "./face.js";
import { Length } from "./length.js";
import { offerMoreTime } from "./more-time.js";
import { Notices } from "./notices.js";
import { offer, pointToOthers } from "./offers.js";
import { Saver } from "./saving.js";
import { replaceText } from "./text-area.js";

const SPREAD = 8000; // ms over which last saves are spread, within the grace (Rules of time, 5)

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("answer-form"));
const area = /** @type {HTMLTextAreaElement} */ (byId("text"));
const data = /** @type {Record<string, string>} */ (form.dataset);
const stored = area.defaultValue;

const length = new Length(area, byId("length"), Number(data.mostCharacters));
const notices = new Notices(byId("notices"), area);
const drafts = new Drafts(data.draft, data.end);
const clock = new Clock(data.clock, data.secondsLeft ? Number(data.secondsLeft) : null);
const saver = new Saver({
  url: form.action,
  token: csrfToken,
  read: () => length.fitting,
  base: Number(form.base.value),
  stored,
});

// Typing.

area.addEventListener("input", () => {
  unloading = false;
  drafts.keep(length.text);
  length.tell();
  saver.changed();
  if (saver.clean) settle(receipt);
});
area.addEventListener("blur", () => saver.flush());
window.addEventListener("focus", () => saver.flush());
window.addEventListener("online", async () => {
  if (await saver.flush()) notices.dismiss("offline");
});
window.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    saver.flush();
  }
});

// Leaving.

let leadingOn = false;
let unloading = false;

document.addEventListener("visibilitychange", () => document.hidden && saver.leave());
window.addEventListener("pagehide", () => {
  unloading = true;
  saver.leave();
});
window.addEventListener("pageshow", () => (unloading = false));
window.addEventListener("beforeunload", (event) => {
  // Before the next page is asked for, so that a reload shows it, most often.
  unloading = true;
  saver.leave();
  // Only where the browser could keep no copy: otherwise leaving loses nothing.
  if (!saver.clean && !drafts.kept && !leadingOn) event.preventDefault();
});

/** @param {string} url */
function leadOn(url) {
  leadingOn = true;
  location.assign(url);
}

// What became of a save.

let receipt = byId("receipt").outerHTML;

/** All is stored. @param {string} html the receipt */
function settle(html) {
  receipt = html;
  byId("receipt").outerHTML = html;
  notices.dismiss("offline", "logged-out", "forbidden", "too-often", "refused");
}

/** @param {"saving" | "failed" | "late"} state */
function showState(state) {
  const shown = byId("receipt");
  shown.className = `receipt receipt--${state === "saving" ? "saving" : "failed"}`;
  shown.textContent = byId(`receipt-${state}`).innerHTML;
}

/**
 * @param {string} name
 * @param {string} [sentence] in place of the template's
 */
function tell(name, sentence) {
  const notice = notices.show(name, drafts.kept);
  const reason = notice.querySelector("[data-reason]");
  if (reason && sentence) reason.textContent = sentence;
  return notice;
}

/**
 * @typedef {{reply: import("./saving.js").Reply, text: string, asked: import("./clock.js").Moment}} Outcome
 * @param {string} state @param {(outcome: Outcome) => void} listener
 */
const on = (state, listener) =>
  saver.addEventListener(state, (event) => listener(/** @type {CustomEvent} */ (event).detail));

on("sending", () => showState("saving"));
on("saved", ({ reply, text, asked }) => {
  // The page that comes may have been made before this was stored: then it offers the copy.
  if (!unloading) drafts.forget(text);
  settle(reply.receipt ?? "");
  dismissConflict();
  mark("begun", /\S/.test(text));
  clock.set(reply.seconds_left ?? null, asked);
});
on("conflict", ({ reply, asked }) => {
  showState("failed");
  dismissConflict();
  byId("notices").insertAdjacentHTML("beforeend", reply.notice ?? "");
  letTakeOther(reply.text ?? "");
  notices.keepInView();
  clock.set(reply.seconds_left ?? null, asked);
});
on("late", ({ reply, text, asked }) => {
  drafts.forget(text);
  showState("late");
  notices.dismiss("over", "offline", "logged-out", "forbidden", "too-often");
  dismissConflict();
  tell("late", reply.notice);
  clock.set(reply.seconds_left ?? 0, asked);
});
on("refused", ({ reply }) => {
  showState("failed");
  tell("refused", reply.notice);
});
on("too-often", () => {
  showState("failed");
  tell("too-often"); // Saved again by itself; the server's sentence is for who presses a button.
});
on("failed", () => {
  showState("failed");
  tell("offline");
});
on("forbidden", () => {
  showState("failed");
  tell("forbidden");
});
on("logged-out", ({ reply }) => {
  showState("failed");
  const link = tell("logged-out").querySelector("a");
  if (link) link.href = reply.login ?? "";
});

byId("notices").addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target);
  if ("retry" in button.dataset) saver.flush();
  if ("reload" in button.dataset) location.reload();
});

/** Let the conflict's link take the other text here, instead of loading the page again. */
function letTakeOther(/** @type {string} */ other) {
  document.querySelector("[data-take-other]")?.addEventListener("click", (event) => {
    event.preventDefault();
    saver.resolve();
    replaceText(area, other);
    dismissConflict();
    saver.flush();
  });
}

function dismissConflict() {
  notices.remove(document.getElementById("conflict"));
}

/** In the map of questions: its picture and its words. */
function mark(/** @type {"begun" | "flagged"} */ what, /** @type {boolean} */ is) {
  const item = document.querySelector(".question-map [aria-current]");
  item?.classList.toggle(`question-map__item--${what}`, is);
  const word = /** @type {HTMLElement | null} */ (item?.querySelector(`[data-${what}]`) ?? null);
  if (word) word.hidden = !is;
}

// The buttons. Each saves first, and leads on only when that is done.

form.addEventListener("submit", async (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  event.preventDefault();
  if (button?.name === "flag") return flag(button);
  if (length.tooLong) return area.focus();
  saver.resolve();
  if (!(await saver.flush())) return;
  dismissConflict();
  if (!button?.dataset.href) return;
  if (navigator.onLine) leadOn(button.dataset.href);
  else tell("offline");
});

/** @param {HTMLButtonElement} button */
async function flag(button) {
  const flagged = button.value === "1";
  const body = new URLSearchParams({ flag: button.value, csrfmiddlewaretoken: csrfToken() });
  try {
    const response = await fetch(button.formAction, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
  } catch {
    tell("offline");
    return;
  }
  button.value = flagged ? "0" : "1";
  button.setAttribute("aria-pressed", String(flagged));
  mark("flagged", flagged);
}

// Time.

showTimeLeft(clock);
offerMoreTime(clock, csrfToken);

clock.addEventListener("end", async () => {
  area.readOnly = true;
  if (notices.shown("late")) return; // It wants to be read.
  tell("over");
  saver.hold();
  await new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD));
  saver.resolve();
  if (await saver.flush()) leaveAfterEnd();
});
clock.addEventListener("reopen", () => {
  area.readOnly = false;
  notices.dismiss("over", "late");
});
// Tried again after the end: go on as soon as it is stored.
on("saved", () => leaveAfterEnd());

function leaveAfterEnd() {
  if (clock.ended && notices.shown("over") && saver.clean && !leadingOn) leadOn(data.end);
}

length.tell();
clock.start();
// Typed before this module was there.
if (area.value !== stored) area.dispatchEvent(new Event("input"));

// What the browser kept when the page was last left without a receipt.

await recovered;
forgetOldDrafts();
if (!document.getElementById("conflict")) offer(drafts.others(stored), { area, drafts, notices, saver });
pointToOthers(document.querySelectorAll(".question-map [data-draft]:not([aria-current])"), notices);

// One comes here to write; what describes the text area says the question. On a screen that is
// touched it would bring up the keyboard, over the question. Who writes already keeps the caret.
const isHere = document.activeElement === area;
if (matchMedia("(pointer: fine)").matches && !isHere && !document.querySelector(".room__notices > *")) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(area.value.length, area.value.length);
}
