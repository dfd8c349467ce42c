// Rows with a position are dragged by a handle, or moved with the arrow keys; the numbers follow.
// Without this the numbers are typed.

const words = /** @type {HTMLTemplateElement | null} */ (document.querySelector("#reorder"));

/** @param {HTMLTableSectionElement} body */
function rowsOf(body) {
  return [...body.querySelectorAll(":scope > tr.form-row:not(.empty-form)")];
}

/** @param {Element} row */
function positionOf(row) {
  return /** @type {HTMLInputElement | null} */ (row.querySelector("input[name$='-position']"));
}

/** @param {HTMLTableSectionElement} body */
function renumber(body) {
  rowsOf(body).forEach((row, index) => {
    const field = positionOf(row);
    if (field && field.value !== String(index + 1)) {
      field.value = String(index + 1);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

/** @param {HTMLTemplateElement} template @param {Element} row */
function addHandle(template, row) {
  const field = positionOf(row);
  const body = row.parentElement;
  if (!field || !(body instanceof HTMLTableSectionElement) || row.querySelector(".position-handle")) return;
  const handle = /** @type {HTMLButtonElement} */ (template.content.firstElementChild?.cloneNode(true));
  field.before(handle);

  const say = () => {
    const told = body.closest("fieldset")?.querySelector("[data-told]");
    if (told) told.textContent = (handle.dataset.told ?? "").replace("%s", field.value);
  };

  handle.addEventListener("keydown", (event) => {
    const other = event.key === "ArrowUp" ? row.previousElementSibling : event.key === "ArrowDown" ? row.nextElementSibling : null;
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (!other || !rowsOf(body).includes(other)) return;
    if (event.key === "ArrowUp") other.before(row);
    else other.after(row);
    renumber(body);
    handle.focus();
    say();
  });

  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.focus();
    row.classList.add("is-dragged");
    /** @param {PointerEvent} moved */
    const move = (moved) => {
      for (const other of rowsOf(body)) {
        const box = other.getBoundingClientRect();
        if (other === row || moved.clientY < box.top || moved.clientY > box.bottom) continue;
        if (moved.clientY > box.top + box.height / 2) other.after(row);
        else other.before(row);
        return;
      }
    };
    const ended = new AbortController();
    const drop = () => {
      ended.abort();
      row.classList.remove("is-dragged");
      renumber(body);
      say();
    };
    // Not captured by the handle: that ends when its row moves.
    addEventListener("pointermove", move, { signal: ended.signal });
    addEventListener("pointerup", drop, { signal: ended.signal });
    addEventListener("pointercancel", drop, { signal: ended.signal });
  });
}

if (words) {
  for (const row of document.querySelectorAll(".inline-group tbody > tr.form-row:not(.empty-form)")) addHandle(words, row);
  document.addEventListener("formset:added", (event) => {
    if (!(event.target instanceof Element)) return;
    event.target.querySelector(".position-handle")?.remove();
    addHandle(words, event.target);
    const body = event.target.parentElement;
    if (body instanceof HTMLTableSectionElement) renumber(body);
  });
  for (const group of document.querySelectorAll(".inline-group fieldset")) {
    const told = document.createElement("p");
    told.className = "visually-hidden";
    told.dataset.told = "";
    told.setAttribute("aria-live", "polite");
    group.append(told);
  }
}
