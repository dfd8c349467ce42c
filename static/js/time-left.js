// For pages of a running interview that have no text: before the next question, and the finish.

import { Clock } from "./clock.js";
import { csrfToken } from "./csrf.js";
import { showTimeLeft } from "./face.js";
import { offerMoreTime } from "./more-time.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("time-form"));
const { clock: url = "", end = "/", secondsLeft = "" } = form.dataset;
const clock = new Clock(url, secondsLeft ? Number(secondsLeft) : null);

showTimeLeft(clock);
offerMoreTime(clock, csrfToken);
clock.addEventListener("end", () => location.assign(end));
clock.start();
