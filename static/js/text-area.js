// Changes a text as its writer would.

/**
 * As if it were typed, so that Undo brings the former text back.
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 */
export function replaceText(area, text) {
  area.focus();
  area.select();
  const done = text
    ? document.execCommand("insertText", false, text)
    : document.execCommand("delete");
  if (done && area.value === text) return;
  area.value = text;
  area.dispatchEvent(new Event("input"));
}
