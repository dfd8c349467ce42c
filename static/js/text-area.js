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

/**
 * As if it were typed at the caret, apart from what stands before it.
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 */
export function insertText(area, text) {
  area.focus();
  const before = area.value.slice(0, area.selectionStart);
  const apart = /\S$/.test(before) ? ` ${text}` : text;
  if (document.execCommand("insertText", false, apart)) return;
  area.setRangeText(apart, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
}
