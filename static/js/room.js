// The interview room: binds the page to its clock, its saving and its copy in the browser. Without
// this module the page is a plain form that does the same.

import { asText, Clock } from "./clock.js";
import { Drafts, forgetOldDrafts } from "./drafts.js";
import { Saver } from "./saving.js";

const SPREAD = 8000; // ms over which last saves are spread, within the grace (Rules of time, 5)
const LOW = 5 * 60; // s

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("answer-form"));
const area = /** @type {HTMLTextAreaElement} */ (byId("text"));
const data = form.dataset;
const most = Number(data.mostCharacters);

/** Text as it is stored and counted: half a surrogate pair can't be. */
const read = () => area.value.toWellFormed?.() ?? area.value;
const stored = area.defaultValue;

const drafts = new Drafts(data.draft ?? "");
const clock = new Clock(data.clock ?? "", data.secondsLeft ? Number(data.secondsLeft) : null);
/** Logging in again in another tab changes the token, so the cookie is read each time. */
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? form.csrfmiddlewaretoken.value;
const saver = new Saver({
  url: form.action,
  token,
  read: () => (tooLong() ? lastFitting : read()),
  base: Number(form.base.value),
  stored,
});
let lastFitting = stored;
let leaving = false;
let unloading = false;

// Notices: one of each at a time, above the text, which keeps the focus.

/** @param {string} name @returns {HTMLElement | null} the notice, null if it is shown already */
function notify(name) {
  const notices = byId("notices");
  if (notices.querySelector(`[data-notice="${name}"]`)) return null;
  const template = /** @type {HTMLTemplateElement} */ (byId(`notice-${name}`));
  const notice = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  notice.dataset.notice = name;
  notices.append(notice);
  return notice;
}

/** @param {...string} names */
function dismiss(...names) {
  for (const name of names) document.querySelector(`[data-notice="${name}"]`)?.remove();
}

// The length, counted as the server does.

const length = () => (area.value.length > most ? [...read()].length : area.value.length);
const tooLong = () => length() > most;

function showLength() {
  const note = byId("length");
  const near = area.value.length > 0.9 * most;
  const count = near ? [...read()].length : 0;
  const over = count > most;
  note.hidden = !near;
  note.className = over ? "field__error" : "meta";
  area.toggleAttribute("aria-invalid", over);
  if (over) area.setAttribute("aria-invalid", "true");
  const numbers = { n: count, most, over: count - most };
  note.textContent = ((over ? note.dataset.over : note.dataset.near) ?? "").replace(
    /%(n|most|over)/g,
    (_, name) => numbers[/** @type {keyof numbers} */ (name)].toLocaleString(document.documentElement.lang),
  );
}

// Typing.

area.addEventListener("input", () => {
  unloading = false;
  if (!tooLong()) lastFitting = read();
  drafts.keep(read());
  showLength();
  saver.changed();
});
area.addEventListener("blur", () => saver.flush());
document.addEventListener("visibilitychange", () => document.hidden && saver.leave());
window.addEventListener("pagehide", () => {
  unloading = true;
  saver.leave();
});
window.addEventListener("pageshow", () => (unloading = false));
window.addEventListener("online", async () => {
  if (await saver.flush()) dismiss("offline");
});
window.addEventListener("focus", () => saver.flush());
window.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    saver.flush();
  }
});
window.addEventListener("beforeunload", (event) => {
  // Before the next page is asked for, so that a reload shows it, most often.
  unloading = true;
  saver.leave();
  // Only where the browser could keep no copy: otherwise leaving loses nothing.
  if (!saver.clean && !drafts.kept && !leaving) event.preventDefault();
});

// What becomes of a save.

/** @param {string} html */
function showReceipt(html) {
  byId("receipt").outerHTML = html;
}

/** @param {"saving" | "failed" | "late"} state */
function showState(state) {
  const receipt = byId("receipt");
  receipt.className = `receipt receipt--${state === "saving" ? "saving" : "failed"}`;
  receipt.textContent = byId(`receipt-${state}`).innerHTML;
}

/** @param {string} type @param {(detail: any) => void} listener */
const on = (type, listener) =>
  saver.addEventListener(type, (event) => listener(/** @type {CustomEvent} */ (event).detail));

on("sending", () => showState("saving"));
on("saved", ({ reply, text }) => {
  // The page that comes may have been made before this was stored: then it offers the copy.
  if (!unloading) drafts.forget(text);
  showReceipt(reply.receipt);
  clock.set(reply.seconds_left);
  dismiss("offline", "logged-out", "refused");
  byId("conflict")?.remove();
  const item = document.querySelector(".question-map [aria-current]");
  const begun = /\S/.test(text);
  item?.classList.toggle("question-map__item--begun", begun);
  const word = /** @type {HTMLElement | null} */ (item?.querySelector("[data-begun]") ?? null);
  if (word) word.hidden = !begun;
});
on("failed", () => {
  showState("failed");
  notify("offline");
});
on("logged-out", ({ login }) => {
  showState("failed");
  const link = /** @type {HTMLAnchorElement | null} */ (notify("logged-out")?.querySelector("a") ?? null);
  if (link) link.href = login;
});
on("refused", ({ reply }) => {
  showState("failed");
  const reason = notify("refused")?.querySelector("[data-reason]");
  if (reason && reply.notice) reason.textContent = reply.notice;
});
on("late", ({ reply, text }) => {
  drafts.forget(text);
  area.readOnly = true;
  showState("late");
  dismiss("over", "offline");
  const reason = notify("late")?.querySelector("[data-reason]");
  if (reason) reason.textContent = reply.notice;
  clock.set(0);
});
on("conflict", ({ reply }) => {
  showState("failed");
  byId("conflict")?.remove();
  byId("notices").insertAdjacentHTML("beforeend", reply.notice);
  takeOther(reply.text);
  clock.set(reply.seconds_left);
});

/** Let the conflict's link take the other text here, instead of loading the page again. */
function takeOther(/** @type {string} */ other) {
  document.querySelector("[data-take-other]")?.addEventListener("click", (event) => {
    event.preventDefault();
    saver.resolve();
    replaceText(other);
    byId("conflict")?.remove();
    saver.flush();
  });
}

/** As if it were typed, so that Undo brings the former text back. */
function replaceText(/** @type {string} */ text) {
  area.focus();
  area.select();
  const done = text
    ? document.execCommand("insertText", false, text)
    : document.execCommand("delete");
  if (done && area.value === text) return;
  area.value = text;
  area.dispatchEvent(new Event("input"));
}

// The buttons. Each saves first, and leads on only when that is done.

form.addEventListener("submit", async (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  event.preventDefault();
  if (button?.name === "flag") return flag(button);
  if (tooLong()) return area.focus();
  saver.resolve();
  if (!(await saver.flush())) return;
  byId("conflict")?.remove();
  if (!button?.dataset.href) return;
  if (navigator.onLine) leave(button.dataset.href);
  else notify("offline");
});

/** @param {HTMLButtonElement} button */
async function flag(button) {
  const flagged = button.value === "1";
  const body = new URLSearchParams({ flag: button.value, csrfmiddlewaretoken: token() });
  try {
    const response = await fetch(button.formAction, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
  } catch {
    notify("offline");
    return;
  }
  button.value = flagged ? "0" : "1";
  button.setAttribute("aria-pressed", String(flagged));
  const item = document.querySelector(".question-map [aria-current]");
  item?.classList.toggle("question-map__item--flagged", flagged);
  const word = /** @type {HTMLElement | null} */ (item?.querySelector("[data-flagged]") ?? null);
  if (word) word.hidden = !flagged;
}

/** @param {string} url */
function leave(url) {
  leaving = true;
  location.assign(url);
}

// Time.

const isLate = () => document.querySelector('[data-notice="late"]') !== null;
const face = document.getElementById("clock");
const announcements = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#announcements > li")]);
let before = clock.secondsLeft ?? 0;

clock.addEventListener("tick", () => {
  const left = clock.secondsLeft ?? 0;
  if (face) {
    face.textContent = asText(left);
    face.className = `clock${left === 0 ? " clock--over" : left <= LOW ? " clock--low" : ""}`;
  }
  for (const item of announcements) {
    const at = Number(item.dataset.minutes) * 60;
    if (left <= at && before > at) byId("announcement").textContent = item.textContent;
  }
  before = left;
});
clock.addEventListener("checking", () => {
  if (!face) return;
  face.textContent = face.dataset.checking ?? "";
  face.className = "clock clock--checking";
});
clock.addEventListener("end", async () => {
  area.readOnly = true;
  if (isLate()) return; // There is a notice to be read.
  if (!saver.clean) {
    notify("over");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD));
    saver.resolve();
    if (!(await saver.flush()) || isLate()) return;
  }
  leave(data.end ?? "/");
});
// Tried again after the end: go on as soon as it is stored.
on("saved", () => {
  if (clock.ended && document.querySelector('[data-notice="over"]')) leave(data.end ?? "/");
});

// What the browser kept when the page was last left without a receipt.

forgetOldDrafts();
const offers = document.getElementById("conflict") ? [] : drafts.others(stored);
offerNext();

/** One copy after the other; each stays in the browser until it is taken or refused. */
function offerNext() {
  const text = offers.shift();
  if (text === undefined) return;
  const notice = notify("draft");
  const other = notice?.querySelector("[data-other]");
  if (other) other.textContent = text;
  notice?.querySelector("[data-take]")?.addEventListener("click", async () => {
    dismiss("draft");
    replaceText(text);
    if (await saver.flush()) offerNext();
  });
  notice?.querySelector("[data-discard]")?.addEventListener("click", async () => {
    dismiss("draft");
    drafts.forget(text);
    area.focus();
    // The page that kept it may have sent it just after this one was asked for.
    if (await saver.insist()) offerNext();
  });
}

showLength();
clock.start();

// One comes here to write; what describes the text area says the question. On a screen that is
// touched it would bring up the keyboard, over the question.
if (matchMedia("(pointer: fine)").matches && !document.querySelector(".room__notices > *")) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(area.value.length, area.value.length);
}
