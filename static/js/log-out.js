// Warns who logs out while this browser keeps text of theirs (Rules of saving, 6), then clears it.
// A session that expires clears nothing: its text waits for the same person, seven days.

import { forgetDraftsOf, forgetOldDrafts, wayBack } from "./drafts.js";

const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("notice-log-out"));
const { person = "", action = "" } = template?.dataset ?? {};

forgetOldDrafts();
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form"))) {
  if (form.getAttribute("action") === action) form.addEventListener("submit", (event) => ask(event, form));
}

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
function ask(event, form) {
  const back = wayBack(person);
  if (!back) return forgetDraftsOf(person);
  event.preventDefault();
  /** @type {HTMLElement | null} */ (form.closest("[popover]"))?.hidePopover();
  const page = document.querySelector("main > .page");
  page?.querySelector("[data-notice=log-out]")?.remove();
  const notice = /** @type {HTMLElement} */ (template?.content.firstElementChild?.cloneNode(true));
  const link = /** @type {HTMLAnchorElement} */ (notice.querySelector("a"));
  link.href = back;
  notice.querySelector("button")?.addEventListener("click", () => {
    forgetDraftsOf(person);
    form.submit();
  });
  page?.prepend(notice);
  link.focus();
}
