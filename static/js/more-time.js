// “Add 5 minutes” without leaving the page: the text and the focus stay where they are.

import { moment } from "./clock.js";

/**
 * @param {import("./clock.js").Clock} clock
 * @param {() => string} token against forged requests
 */
export function offerMoreTime(clock, token) {
  const more = document.getElementById("more-time");
  const button = more?.querySelector("button");
  const note = document.getElementById("more-time-note");
  if (!more || !button || !note) return;
  let asking = false;

  // A click leaves the caret in the text.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    try {
      const asked = moment();
      note.textContent = take(await ask(), asked);
    } catch {
      // Asked again it is added once: the request says of how many the page knows.
      note.textContent = note.dataset.failed ?? "";
    }
    note.dataset.said = "";
    asking = false;
  });

  async function ask() {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token() });
    for (const { name, value } of more.querySelectorAll("input")) body.set(name, value);
    const response = await fetch(button.formAction, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      signal: AbortSignal.timeout(15000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  }

  /**
   * @param {{extensions: number, extensions_left: number, seconds_left: number | null, notice: string}} reply
   * @param {import("./clock.js").Moment} asked
   * @returns {string} what became of it
   */
  function take(reply, asked) {
    more.querySelector("input[name=extensions]").value = String(reply.extensions);
    clock.set(reply.seconds_left, asked);
    if (!reply.extensions_left) {
      // Not lost with the button.
      if (document.activeElement === button) document.getElementById("text")?.focus();
      button.hidden = true;
    }
    return reply.notice;
  }
}
