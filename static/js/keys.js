// Single keys that act on a page: what has `data-key` is pressed, or focused where one writes or
// chooses. They never act while somebody writes, and can be turned off (WCAG 2.1.4).

const list = /** @type {HTMLElement} */ (document.getElementById("keys"));
const GROUP = "[data-keys]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const here = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Escape" && here.matches("textarea")) return here.blur();
  if (list.dataset.single !== "on" || writes(here)) return;
  if (list.matches(":popover-open") && event.key !== "?") return;
  const key = event.key.toLowerCase();
  if (!/^[a-z0-9?]$/.test(key)) return;
  // What was folded away may keep the focus for a moment.
  const group = (here.checkVisibility() && here.closest(GROUP)) || unchosen();
  const target = find(group ?? document, key) ?? find(document, key);
  if (!target) return;
  event.preventDefault();
  press(target);
});
// Without this script no key acts, so there is nothing to list.
for (const button of document.querySelectorAll("[popovertarget=keys]")) button.removeAttribute("hidden");

/** @param {HTMLElement} element */
function writes(element) {
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
}

/** The first group in which nothing is chosen, where the work goes on. */
function unchosen() {
  return groupsIn(null).find((group) => !group.querySelector(":checked"));
}

/** Those of a fold, or those outside any: what is folded is worked on by itself. @param {Element | null} fold */
function groupsIn(fold) {
  return [...document.querySelectorAll(GROUP)].filter((group) => group.closest("details") === fold);
}

/**
 * @param {ParentNode} within
 * @param {string} key
 */
function find(within, key) {
  const all = /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll(`[data-key="${key}"]`));
  // A radio button acts in its group only: elsewhere one would not see which one it is.
  const lone = within instanceof Document ? [...all].filter((one) => !one.closest(GROUP) || one.matches("fieldset")) : [...all].filter((one) => !one.matches("fieldset"));
  return lone.find((one) => one.checkVisibility() && !one.matches(":disabled"));
}

/** @param {HTMLElement} target */
function press(target) {
  if (target.matches("input[type=radio]")) {
    target.click();
    const groups = groupsIn(target.closest("details"));
    const next = groups[groups.indexOf(/** @type {Element} */ (target.closest(GROUP))) + 1];
    focusIn(next) || target.focus();
  } else if (target.matches("fieldset")) {
    focusIn(target);
  } else if (target.matches("textarea, input, select")) {
    target.focus();
  } else {
    target.click();
    focusIn(target.closest("details[open]"));
  }
}

/** Where it would be focused with Tab. @param {Element | null | undefined} group */
function focusIn(group) {
  const field = group?.querySelector("input:checked") ?? group?.querySelector("input:not([type=hidden]), select");
  /** @type {HTMLElement | null | undefined} */ (field)?.focus();
  return Boolean(field);
}
