// Offers in the room what this browser kept when a page was left without a receipt
// (Rules of saving, 6): after a crash, or after hours offline.

import { Drafts } from "./drafts.js";
import { replaceText } from "./text-area.js";

/**
 * The copies of this answer, one after the other; each stays until it is taken or refused.
 * @param {string[]} texts
 * @param {object} room
 * @param {HTMLTextAreaElement} room.area
 * @param {Drafts} room.drafts
 * @param {import("./notices.js").Notices} room.notices
 * @param {import("./saving.js").Saver} room.saver
 */
export function offer(texts, room) {
  const [text, ...others] = texts;
  if (text === undefined) return;
  const { area, drafts, notices, saver } = room;
  const notice = notices.show("draft");
  /** @type {HTMLElement} */ (notice.querySelector("[data-other]")).textContent = text;
  notice.querySelector("[data-take]")?.addEventListener("click", async () => {
    notices.dismiss("draft");
    replaceText(area, text);
    if (await saver.flush()) offer(others, room);
  });
  notice.querySelector("[data-discard]")?.addEventListener("click", async () => {
    notices.dismiss("draft");
    drafts.forget(text);
    area.focus();
    // The page that kept it may have sent it just after this one was asked for.
    if (await saver.insist()) offer(others, room);
  });
}

/**
 * A copy of another question's text is offered there: lead to it.
 * @param {Iterable<HTMLElement>} items of the map of questions, with `data-draft` and `data-position`
 * @param {import("./notices.js").Notices} notices
 */
export function pointToOthers(items, notices) {
  const item = [...items].find(({ dataset }) => new Drafts(dataset.draft ?? "", "").others().length);
  if (!item) return;
  const notice = notices.show("elsewhere");
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (notice.querySelectorAll("[data-words]"))) {
    part.textContent = (part.dataset.words ?? "").replace("%position", item.dataset.position ?? "");
  }
  notice.querySelector("button")?.addEventListener("click", () => item.click());
}
