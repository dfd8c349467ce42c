// The comment bank: a few letters find a comment, Enter inserts it where the caret was.

import { insertText } from "./text-area.js";

/** @param {HTMLTextAreaElement} area */
export function letInsert(area) {
  const list = document.getElementById("bank");
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("bank-search"));
  if (!list || !template) return;
  const texts = [...list.querySelectorAll("option")].slice(1).map((option) => option.textContent ?? "");
  const search = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  list.replaceWith(search);
  const input = /** @type {HTMLInputElement} */ (search.querySelector("input"));
  const options = /** @type {HTMLElement} */ (search.querySelector("ul"));
  const status = /** @type {HTMLElement} */ (search.querySelector("[role=status]"));
  let active = -1;

  function show() {
    const letters = input.value.trim().toLowerCase();
    const found = texts.filter((text) => text.toLowerCase().includes(letters));
    options.replaceChildren(...found.map(option));
    status.textContent = found.length ? "" : (status.dataset.none ?? "");
    open(found.length > 0);
    activate(letters && found.length ? 0 : -1);
  }

  /** @param {string} text @param {number} place */
  function option(text, place) {
    const item = document.createElement("li");
    item.id = `bank-${place}`;
    item.role = "option";
    item.textContent = text;
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => insert(text));
    return item;
  }

  /** @param {boolean} is */
  function open(is) {
    options.hidden = !is;
    input.setAttribute("aria-expanded", String(is));
    if (!is) activate(-1);
  }

  /** @param {number} place */
  function activate(place) {
    const items = [...options.children];
    active = items.length ? Math.max(-1, Math.min(place, items.length - 1)) : -1;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    items[active]?.scrollIntoView({ block: "nearest" });
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", items[active].id);
  }

  /** @param {string} text */
  function insert(text) {
    input.value = "";
    open(false);
    insertText(area, text);
  }

  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (options.hidden) return show();
      activate(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      // Never the form's first button.
      event.preventDefault();
      if (active >= 0) insert(options.children[active].textContent ?? "");
    } else if (event.key === "Escape") {
      if (options.hidden) return area.focus();
      event.preventDefault();
      open(false);
    }
  });
}
