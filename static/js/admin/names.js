// Gives names to what Django admin leaves without: choice fields, heads of columns, wide tables.

/** @param {HTMLSelectElement} select */
function nameOf(select) {
  return select.getAttribute("aria-label") || select.labels?.[0]?.textContent?.trim().replace(/:$/, "") || "";
}

function nameAll() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const box = select.nextElementSibling;
    if (!(select instanceof HTMLSelectElement) || !box?.matches(".select2")) continue;
    for (const part of box.querySelectorAll(".select2-search__field, .select2-selection__rendered[role=textbox]")) {
      if (!part.ariaLabel) part.ariaLabel = nameOf(select);
    }
  }
  for (const list of document.querySelectorAll("ul.select2-selection__rendered")) {
    // It holds more than items: a button that clears it, and the field to type in.
    for (const part of [list, ...list.querySelectorAll(":scope > li")]) part.role = "none";
  }
  for (const field of document.querySelectorAll(".select2-dropdown .select2-search__field")) {
    if (!field.ariaLabel) field.ariaLabel = document.querySelector(".select2-container--open .select2-selection__rendered")?.ariaLabel ?? "";
  }
}

for (const head of document.querySelectorAll(".inline-group th:empty")) {
  // A head of nothing: the row's name above the row, and the place of a box that no row has.
  head.replaceWith(document.createElement("td"));
}
for (const group of document.querySelectorAll(".inline-group")) {
  if (!(group instanceof HTMLElement)) continue;
  group.tabIndex = 0;
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", group.querySelector(".inline-heading")?.id ?? "");
}
nameAll();
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
