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
import { on, HINDRANCES, Writing } from "./writing.js";

const SPREAD = 8000; // ms over which last saves are spread, within the grace (Rules of time, 5)
const ENDINGS = ["over", "stored", "stands"]; // notices, of which one is shown after the end

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("answer-form"));
const area = /** @type {HTMLTextAreaElement} */ (byId("text"));
const data = /** @type {Record<string, string>} */ (form.dataset);
const stored = area.defaultValue;
// A plain form came back with a text that the server did not store.
let cameUnsaved = byId("receipt").matches(".receipt--failed");

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

const writing = new Writing({ area, saver, drafts, length, notices, replace: replaceText });

// What became of a save, besides what every text is told.

on(saver, "saved", ({ reply, text, asked }) => {
  cameUnsaved = false;
  mark("begun", /\S/.test(text));
  clock.set(reply.seconds_left ?? null, asked);
});
on(saver, "conflict", ({ reply, asked }) => clock.set(reply.seconds_left ?? null, asked));
on(saver, "late", ({ reply, text, asked }) => {
  drafts.forget(text);
  writing.showState("late");
  notices.dismiss(...ENDINGS, ...HINDRANCES);
  writing.dismissConflict();
  writing.tell("late", reply.notice);
  clock.set(reply.seconds_left ?? 0, asked);
});

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
  if (!(await (cameUnsaved ? saver.insist() : saver.flush()))) return;
  writing.dismissConflict();
  if (!button?.dataset.href) return;
  if (navigator.onLine) writing.leadOn(button.dataset.href);
  else writing.tell("offline");
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
    writing.tell("offline");
    return;
  }
  button.value = flagged ? "0" : "1";
  button.setAttribute("aria-pressed", String(flagged));
  mark("flagged", flagged);
}

// Time.

showTimeLeft(clock);
offerMoreTime(clock, csrfToken);

let lastSaveIsDue = false;

clock.addEventListener("end", async () => {
  takeText(false);
  if (notices.shown("late")) return; // It wants to be read.
  lastSaveIsDue = !saver.clean;
  tellTheEnd();
  if (!lastSaveIsDue) return;
  saver.hold();
  await new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD));
  saver.resolve();
  await saver.flush();
  lastSaveIsDue = false;
  tellTheEnd();
});
clock.addEventListener("reopen", () => {
  takeText(true);
  notices.dismiss(...ENDINGS, "late");
});
for (const state of ["sending", "saved", "conflict", "refused", "failed", "too-often", "logged-out", "forbidden"]) {
  saver.addEventListener(state, tellTheEnd);
}
area.addEventListener("input", tellTheEnd); // Of two texts one was taken.

/** What only works while the time runs is there only then. */
function takeText(/** @type {boolean} */ is) {
  area.readOnly = !is;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-until-end]"))) {
    if (!is && part.contains(document.activeElement)) area.focus({ preventScroll: true });
    part.hidden = !is;
  }
}

/**
 * What has become of the text by now. The reader goes on, not the page: a crowd would want its next
 * page in the second of last saves.
 */
function tellTheEnd() {
  if (!clock.ended || notices.shown("late")) return;
  const isStored = saver.clean && !length.tooLong && !cameUnsaved;
  const isOnItsWay = !saver.settled || (lastSaveIsDue && !saver.clean);
  const ending = isOnItsWay ? "over" : isStored ? "stored" : "stands";
  // What keeps it from the server says all of it in one.
  const isHeldUp = ending === "over" && HINDRANCES.some((name) => notices.shown(name));
  notices.dismiss(...ENDINGS.filter((other) => other !== ending || isHeldUp));
  if (ending === "stored") notices.dismiss("offline", "too-often");
  if (!isHeldUp) writing.tell(ending);
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
// touched it would bring up the keyboard, over the question. Who went somewhere meanwhile stays
// there, and who writes already keeps the caret.
const isNowhere = document.activeElement === document.body;
if (matchMedia("(pointer: fine)").matches && isNowhere && !document.querySelector(".room__notices > *")) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(area.value.length, area.value.length);
}
