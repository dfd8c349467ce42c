// Counts down a reviewer's claims: on the queue, and where one grades.

import { asText, Clock } from "./clock.js";

const SOON = 120; // s before the end, when it is said aloud

const leases = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-lease]")]);

/** @param {HTMLElement} lease @param {string} part */
const within = (lease, part) => /** @type {HTMLElement} */ (lease.querySelector(`[data-${part}]`));

/** @param {string} url where the server says how long that claim still runs */
function count(url) {
  const clock = new Clock(url, null);
  let before = 0;

  function show() {
    for (const lease of leases().filter((lease) => lease.dataset.lease === url)) {
      if (!("seen" in lease.dataset)) {
        // The server has just made it: a save renews the claim, and its reply replaces this part.
        lease.dataset.seen = "";
        return clock.set(Number(lease.dataset.seconds));
      }
      const left = clock.secondsLeft ?? 0;
      within(lease, "left").textContent = asText(left);
      within(lease, "running").hidden = left === 0;
      within(lease, "over").hidden = left > 0;
      const soon = within(lease, "soon");
      if (left > SOON) soon.textContent = "";
      else if (before > SOON && left > 0) soon.textContent = soon.dataset.soon ?? "";
      before = left;
    }
  }

  clock.addEventListener("tick", show);
  show();
  clock.start();
}

new Set(leases().map((lease) => lease.dataset.lease ?? "")).forEach(count);
