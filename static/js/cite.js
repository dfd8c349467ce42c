// Words of an answer that a mark rests on: whoever selects some can cite them for a key point.

/**
 * @param {HTMLFormElement} form
 * @param {(key: string, words: string) => void} cite
 * @param {import("./notices.js").Notices} notices
 */
export function letCite(form, cite, notices) {
  const bar = document.getElementById("cite-selection");
  if (!bar) return;
  /** What was selected last, as `key of the text:start:end`; a press on a button may unselect it. */
  let words = "";

  document.addEventListener("selectionchange", () => {
    const range = selected();
    // A selection that the focus of a button took away is still meant.
    if (!range && bar.contains(document.activeElement)) return;
    words = range ?? "";
    bar.hidden = !words;
  });
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const key = /** @type {HTMLElement} */ (event.target).dataset.cite;
    if (!key || !words) return;
    notices.dismiss("not-marked");
    const marks = /** @type {RadioNodeList} */ (form.elements.namedItem(`mark-${key}`));
    if (!marks.value) return void notices.show("not-marked");
    cite(key, words);
    getSelection()?.removeAllRanges();
    words = "";
    bar.hidden = true;
    /** @type {HTMLElement | null} */ (form.querySelector(`[name="mark-${key}"]:checked`))?.focus();
  });
}

/** @returns {string | null} */
function selected() {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const inside = range.commonAncestorContainer;
  const element = inside instanceof Element ? inside : inside.parentElement;
  const text = /** @type {HTMLElement | null} */ (element?.closest("[data-text]") ?? null);
  if (!text || !range.toString().trim()) return null;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const whole = text.textContent ?? "";
  const [from, to] = codePoints(whole, start, start + range.toString().length);
  return `${text.dataset.text}:${from}:${to}`;
}

/**
 * A range counted as the server counts: a letter beyond the basic plane is two units here and one
 * code point there. One that is cut in half counts as a whole.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {[number, number]}
 */
export function codePoints(text, start, end) {
  const cut = (/** @type {number} */ at) => (text.codePointAt(at - 1) ?? 0) > 0xffff;
  const from = start > 0 && cut(start) ? start - 1 : start;
  const to = cut(end) ? end + 1 : end;
  const first = [...text.slice(0, from)].length;
  return [first, first + [...text.slice(from, to)].length];
}
