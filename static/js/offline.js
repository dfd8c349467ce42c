// Says that the browser is offline while it is, and holds back a form that would be lost. Where
// somebody writes, the room and the grading page have notices of their own.

import { Notices } from "./notices.js";

const place = document.getElementById("page-notices");
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const notices = place && !document.getElementById("notices") ? new Notices(place, main) : null;
/** @type {(() => void) | null} */
let sendHeld = null;
let sending = false;

/**
 * Asks, as a server on this very computer answers without any network. By the time it knows, the
 * browser may be back.
 */
async function isOffline() {
  if (navigator.onLine) return false;
  const icon = /** @type {HTMLLinkElement} */ (document.querySelector("link[rel=icon]"));
  return fetch(icon.href, { method: "HEAD", cache: "no-store" }).then(() => false, () => !navigator.onLine);
}

async function look() {
  if (!(await isOffline())) return send();
  notices?.dismiss("connected");
  const held = notices?.show("no-connection").querySelector("[data-held]");
  if (held) /** @type {HTMLElement} */ (held).hidden = !sendHeld;
}

function send() {
  notices?.dismiss("no-connection", "connected");
  sending = true;
  sendHeld?.();
  sendHeld = null;
  sending = false;
}

if (notices) {
  window.addEventListener("offline", look);
  window.addEventListener("online", () => {
    notices.dismiss("no-connection");
    // Not by itself: by now it may be meant no more.
    if (sendHeld) notices.show("connected");
  });
  place?.addEventListener("click", ({ target }) => {
    if ("send" in /** @type {HTMLElement} */ (target).dataset) look();
  });
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || sending || event.defaultPrevented) return;
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    sendHeld = () => form.requestSubmit(event.submitter);
    look();
  });
  look();
}
