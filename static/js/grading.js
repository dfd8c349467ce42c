// A reviewer's draft: what is chosen and what is written is saved by itself, in the same way as an
// answer (Rules of grading, 7). Without this module the page is a plain form that does the same.

import { letInsert } from "./bank.js";
import { letCite } from "./cite.js";
import { csrfToken } from "./csrf.js";
import { Drafts, forgetOldDrafts, recovered } from "./drafts.js";
import { Length } from "./length.js";
import { Notices } from "./notices.js";
import { offer } from "./offers.js";
import { Saver } from "./saving.js";
import { replaceText } from "./text-area.js";
import { on, Writing } from "./writing.js";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-comment]"));
const area = /** @type {HTMLTextAreaElement} */ (byId("id_comment"));
const data = /** @type {Record<string, string>} */ (form.dataset);
const token = () => form.token.value;

// The comment.

const length = new Length(area, byId("length"), Number(data.mostCharacters));
const notices = new Notices(byId("notices"), area);
const drafts = new Drafts(data.draft, data.back);
// A page that came back with a text that was not stored brings it in the field.
const unsaved = form.querySelector(".receipt--failed#receipt") !== null;
const comment = new Saver({
  url: data.comment,
  token: csrfToken,
  read: () => length.fitting,
  base: Number(form.base.value),
  stored: unsaved ? null : area.defaultValue,
  pack: (text) => ({ text, token: token() }),
});
const writing = new Writing({ area, saver: comment, drafts, length, notices, replace: replaceText });

// What is chosen: marks, the words they rest on, levels. All that this page chose is sent each time,
// so the newest of what arrives says everything; but levels, which every page of the interview has,
// only until they are stored: another page may change them then.

/** @type {Record<string, string>} */
const chosen = {};
/** @type {Record<string, string>} */
const storedLevels = {};
const levels = [...document.querySelectorAll(".levels")].map((scale) => scale.id.replace("id_", ""));
const choices = new Saver({
  url: form.action,
  token: csrfToken,
  read: () => JSON.stringify(chosen),
  base: 0,
  stored: "{}",
  pack: (text) => {
    const unsaved = Object.entries(JSON.parse(text)).filter(([name, value]) => storedLevels[name] !== value);
    return { ...Object.fromEntries(unsaved), token: token() };
  },
});
writing.report(choices);
on(choices, "saved", ({ text }) => {
  const saved = JSON.parse(text);
  for (const name of levels.filter((level) => level in saved)) {
    storedLevels[name] = saved[name];
    /** @type {HTMLInputElement} */ (form.elements.namedItem(`${name}-was`)).value = saved[name];
  }
});

/** @param {string} name @param {string} value */
function choose(name, value) {
  chosen[name] = value;
  return choices.flush();
}

form.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.type === "radio") choose(field.name, field.value);
});
window.addEventListener("online", () => choices.flush());
window.addEventListener("focus", () => choices.flush());
window.addEventListener("pagehide", () => choices.leave());
window.addEventListener("beforeunload", (event) => {
  choices.leave();
  if (!choices.clean && !writing.leadingOn) event.preventDefault();
});
byId("notices").addEventListener("click", (event) => {
  if ("retry" in /** @type {HTMLElement} */ (event.target).dataset) choices.flush();
});

for (const saver of [comment, choices]) {
  for (const state of ["saved", "refused"]) on(saver, state, ({ reply }) => take(reply));
}
on(comment, "saved", ({ reply }) => (form.base.value = String(reply.revision)));
on(comment, "conflict", ({ reply }) => (form.base.value = String(reply.revision)));
on(choices, "refused", () => {
  // Words that can't be cited must not keep the marks from being saved.
  for (const name of Object.keys(chosen)) if (name.startsWith("quote-")) delete chosen[name];
  choices.flush();
});

// A page that got shorter would move on the screen, and with it the button that is being pressed: by
// what a reply takes away, or as the claim's time needs a line less. It keeps what is on the screen.

const least = new CSSStyleSheet();
document.adoptedStyleSheets.push(least);
function keepHeight() {
  // Pulled beyond its end, as some screens allow, it gets no longer.
  const shown = Math.min(scrollY + innerHeight, document.documentElement.scrollHeight);
  least.replaceSync(`@media screen { body { min-block-size: ${shown}px; } }`);
}
window.addEventListener("scroll", keepHeight, { passive: true });
window.addEventListener("resize", keepHeight);

/** @param {import("./saving.js").Reply & {work?: string, token?: string}} reply */
function take(reply) {
  if (reply.token) form.token.value = reply.token;
  if (!reply.work) return;
  keepHeight();
  const made = new DOMParser().parseFromString(reply.work, "text/html");
  for (const part of [...made.body.children]) {
    const shown = document.getElementById(part.id);
    if (!shown) continue;
    const focused = shown.contains(document.activeElement) ? document.activeElement : null;
    const opened = shown.querySelector("details");
    const unfolds = focused && opened?.firstElementChild === focused;
    if (opened?.open) part.querySelector("details")?.setAttribute("open", "");
    renew(shown, part);
    if (!focused || focused.isConnected) continue;
    const fold = unfolds && document.querySelector(`#${part.id} summary`);
    if (fold) /** @type {HTMLElement} */ (fold).focus();
    else goOnBeside(part.id);
  }
}

/**
 * Replace what differs. The rest stays, and with it a press that goes on, the focus, a selection.
 * @param {ChildNode} shown
 * @param {ChildNode} made
 */
function renew(shown, made) {
  if (shown.isEqualNode(made)) return;
  const [parts, others] = [[...shown.childNodes], [...made.childNodes]];
  const isAlike = parts.length && parts.length === others.length && shown.cloneNode().isEqualNode(made.cloneNode());
  if (isAlike) parts.forEach((part, place) => renew(part, others[place]));
  else shown.replaceWith(made);
}

/** Where one works on when what had the focus is gone. @param {string} id */
function goOnBeside(id) {
  const marks = `[name="${id.replace("said-", "mark-")}"]:checked`;
  const next = form.querySelector(marks) ?? document.getElementById("main");
  /** @type {HTMLElement | null} */ (next)?.focus({ preventScroll: true });
}

// The buttons. Each saves first, and leads on only when that is done.

form.addEventListener("submit", async (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (writing.leadingOn) return;
  event.preventDefault();
  if (length.tooLong) return area.focus();
  if (button?.name.startsWith("quote-")) return void choose(button.name, "");
  comment.resolve();
  const stored = [await comment.flush(), await choices.flush()].every(Boolean);
  writing.dismissConflict();
  if (!stored && document.querySelector("#notices > [data-notice]:not([data-notice=refused])")) return;
  if (stored && button?.dataset.href) return writing.leadOn(button.dataset.href);
  if (stored && button?.name === "go" && !button.matches("#bank button")) return;
  // The rest is for the server: what was refused goes with the form, to be told beside its field.
  // Not within this event, where a form can't be sent again: without anything to save it still runs.
  await new Promise((resolve) => setTimeout(resolve));
  if (stored) area.disabled = true;
  writing.handOver();
  form.requestSubmit(button && inForm(button));
});

/** The same button, should its part of the page have been renewed. @param {HTMLButtonElement} button */
function inForm(button) {
  const same = `button[name="${button.name}"][value="${button.value}"]`;
  return button.form === form ? button : /** @type {HTMLButtonElement} */ (form.querySelector(same));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-main]:not(:disabled)"))?.click();
});

window.addEventListener("pageshow", (event) => event.persisted && location.reload());

letCite(form, (key, words) => choose(`quote-${key}`, words), notices);
letInsert(area);
length.tell();
// Typed before this module was there.
if (area.value !== area.defaultValue) area.dispatchEvent(new Event("input"));

// What the browser kept when the page was last left without a receipt.

await recovered;
forgetOldDrafts();
if (!document.getElementById("conflict")) {
  offer(drafts.others(area.defaultValue), { area, drafts, notices, saver: comment });
}
