// What htmx asked the server for and did not get. A notice says what is safe and asks again; without
// it a press would seem to do nothing. The focus stays where it is.

import { csrfToken } from "./csrf.js";
import { Notices } from "./notices.js";

const NOTICES = ["unreached", "too-many", "not-recognised", "gone", "broken"];
const SOON = 5000; // ms
const WAIT = 60; // s, where the server names none

const place = /** @type {HTMLElement} */ (document.getElementById("page-notices"));
/** @type {any} htmx's word on the newest request that was lost */
let lost = null;
/** @type {HTMLElement | null} what was pressed, or typed in */
let pressed = null;

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 429) tell("too-many", detail);
  else if (status === 403) tell("not-recognised", detail);
  else tell(status < 500 ? "gone" : "broken", detail);
});
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => tell("unreached", detail));
}
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) forget();
});
// What a press would store is not sent again by itself: it may be meant no more.
window.addEventListener("online", () => lost?.elt.matches("form") || again());
place.addEventListener("click", ({ target }) => {
  if ("again" in target.dataset) again();
  if ("reload" in target.dataset) location.reload();
});

/**
 * @param {string} name
 * @param {any} detail htmx's
 */
function tell(name, { elt, requestConfig, xhr }) {
  lost = requestConfig;
  const event = lost.triggeringEvent;
  pressed = event?.submitter ?? event?.target ?? elt;
  const notices = new Notices(place, elt);
  notices.dismiss(...NOTICES.filter((other) => other !== name));
  const when = notices.show(name).querySelector("[data-when]");
  if (when) when.textContent = inWords(Number(xhr.getResponseHeader("Retry-After")) || WAIT);
  // What asks by itself, such as how far a file is read, goes on asking.
  if ("polls" in elt.dataset) setTimeout(again, SOON);
}

function again() {
  if (!lost) return;
  const { elt, verb, path, triggeringEvent: event } = lost;
  lost = null;
  // A log-in in another tab has renewed it, perhaps.
  for (const field of elt.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = csrfToken();
  const button = event?.submitter;
  const values = button?.name ? { [button.name]: button.value } : {};
  // What becomes of it is told by htmx's events.
  htmx.ajax(verb, path, { source: elt, event, values }).catch(() => {});
}

/** What was asked since has arrived. Who pressed “Try again” goes on where they were. */
function forget() {
  lost = null;
  const same = pressed?.id && document.getElementById(pressed.id);
  new Notices(place, same || document.getElementById("main") || place).dismiss(...NOTICES);
}

/** @param {number} seconds @returns {string} such as “in 7 seconds” */
function inWords(seconds) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  if (seconds < 90) return words.format(seconds, "second");
  return words.format(Math.ceil(seconds / 60), "minute");
}
