// A form that was sent is under way until the next page comes. It says so after a moment, and a
// second press sends nothing: whether an act counts twice is for the server to decide, but who
// presses twice wants to read what became of the first.

const MOMENT = 300; // ms; what is quicker needs no word
const LONGEST = 20000; // ms; whoever stopped the page may press again

const status = document.getElementById("under-way");
/** @type {HTMLFormElement | null} */
let sent = null;
let timers = [0];

// What another listener keeps, it sends by itself.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form === sent) return event.preventDefault();
  done();
  sent = form;
  form.setAttribute("aria-busy", "true");
  timers = [setTimeout(say, MOMENT), setTimeout(done, LONGEST)];
});
// The page came back out of the browser's memory, or was stopped.
window.addEventListener("pageshow", done);
window.addEventListener("keydown", (event) => event.key === "Escape" && done());

function say() {
  if (status) status.textContent = status.dataset.words ?? "";
}

function done() {
  timers.forEach(clearTimeout);
  sent?.removeAttribute("aria-busy");
  sent = null;
  if (status) status.textContent = "";
}
