// Text that this browser still holds when the interview is over: after a crash, hours offline or a
// lid closed over the deadline. It is offered where one lands then, and sent as late text
// (Rules of time, 5). A copy stays until the server has given its word, or nobody wants it.

import { csrfToken } from "./csrf.js";
import { Drafts, forgetOldDrafts, recovered } from "./drafts.js";
import { Saver } from "./saving.js";

const place = /** @type {HTMLElement} */ (document.getElementById("leftover"));
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("notice-leftover"));

await recovered;
forgetOldDrafts();
for (const answer of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-draft]"))) {
  const drafts = new Drafts(answer.dataset.draft ?? "", location.pathname);
  for (const text of drafts.others(...storedTexts(answer))) offer(answer.dataset, drafts, text);
}

/** The answer and its late texts, as the page shows them. @param {HTMLElement} answer */
function storedTexts(answer) {
  return [...answer.querySelectorAll(".answer-text:not(.answer-text--empty)")].map(
    (shown) => shown.textContent ?? "",
  );
}

/**
 * @param {DOMStringMap} answer
 * @param {Drafts} drafts
 * @param {string} text
 */
function offer(answer, drafts, text) {
  const notice = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  /** @template {HTMLElement} T @param {string} part @returns {T} */
  const find = (part) => /** @type {T} */ (notice.querySelector(`[data-${part}]`));
  const title = find("title");
  title.textContent = (title.dataset.title ?? "").replace("%position", answer.position ?? "");
  find("other").textContent = text;
  place.append(notice);
  place.hidden = false;

  const saver = new Saver({
    url: answer.save ?? "",
    token: csrfToken,
    read: () => text,
    base: 0, // So that it overwrites nothing, should the answer still be open.
    stored: null,
  });
  find("send").addEventListener("click", () => saver.flush());
  find("discard").addEventListener("click", () => {
    drafts.forget(text);
    notice.remove();
    (/** @type {HTMLElement | null} */ (place.querySelector("[data-send]")) ?? document.getElementById("main"))?.focus();
  });
  for (const state of ["saved", "late", "conflict"]) {
    saver.addEventListener(state, (event) => {
      drafts.forget(text);
      const { reply } = /** @type {CustomEvent} */ (event).detail;
      const word = find("done");
      // A conflict's notice is for the room.
      if (state === "late") word.textContent = reply.notice;
      notice.className = "notice notice--success";
      notice.setAttribute("tabindex", "-1");
      notice.replaceChildren(word);
      word.hidden = false;
      notice.focus();
    });
  }
  for (const state of ["failed", "too-often", "forbidden", "refused", "logged-out"]) {
    saver.addEventListener(state, (event) => {
      const { reply } = /** @type {CustomEvent} */ (event).detail;
      find("failed").hidden = false;
      if (reply.notice) find("reason").textContent = reply.notice;
      find("login").hidden = state !== "logged-out";
      if (reply.login) /** @type {HTMLAnchorElement} */ (find("login")).href = reply.login;
    });
  }
}
