// Shows the time left in the page's clock, and says it at the announced minutes.

import { Announcements } from "./announcements.js";
import { asText } from "./clock.js";

/** @param {import("./clock.js").Clock} clock */
export function showTimeLeft(clock) {
  const region = document.getElementById("announcement");
  const face = document.getElementById("clock");
  if (!region || !face) return; // No limit.
  // A question’s own few minutes are not the last ones of an interview.
  const low = 60 * Number(face.dataset.low);
  const marks = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#announcements > li")]);
  const announcements = new Announcements(
    region,
    marks.map((mark) => ({
      at: Number(mark.dataset.minutes) * 60,
      exactly: mark.textContent ?? "",
      less: mark.dataset.less ?? "",
    })),
    clock.secondsLeft ?? Infinity,
  );
  clock.addEventListener("tick", () => {
    const left = clock.secondsLeft ?? 0;
    face.textContent = asText(left);
    face.className = `clock${left === 0 ? " clock--over" : left <= low ? " clock--low" : ""}`;
    announcements.tick(left);
  });
  clock.addEventListener("checking", () => {
    face.textContent = face.dataset.checking ?? "";
    face.className = "clock clock--checking";
  });
}
