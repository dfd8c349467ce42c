// The length of a text, counted as the server does, and told when it comes near the most
// (Rules of saving, 10). Nothing is cut: what is too long waits until it is shortened.

const NEAR = 0.9;

export class Length {
  #area;
  #note;
  #most;
  /** The last text that fitted: that one is saved. */
  #fitting;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLElement} note with the sentences `data-near` and `data-over`
   * @param {number} most in code points
   */
  constructor(area, note, most) {
    this.#area = area;
    this.#note = note;
    this.#most = most;
    this.#fitting = area.defaultValue;
  }

  /** As it is stored: half a surrogate pair can't be. */
  get text() {
    return this.#area.value.toWellFormed?.() ?? this.#area.value;
  }

  get tooLong() {
    return this.#area.value.length > this.#most && [...this.text].length > this.#most;
  }

  get fitting() {
    if (!this.tooLong) this.#fitting = this.text;
    return this.#fitting;
  }

  /** The text changed. */
  tell() {
    const near = this.#area.value.length > NEAR * this.#most;
    const count = near ? [...this.text].length : 0;
    const over = count > this.#most;
    if (!over) this.#fitting = this.text;
    this.#note.hidden = !near;
    this.#note.className = over ? "field__error" : "meta";
    if (over) this.#area.setAttribute("aria-invalid", "true");
    else this.#area.removeAttribute("aria-invalid");
    const numbers = { n: count, most: this.#most, over: count - this.#most };
    const sentence = (over ? this.#note.dataset.over : this.#note.dataset.near) ?? "";
    // Hidden it says nothing either: it describes the text area.
    this.#note.textContent = near ? sentence.replace(/%(n|most|over)/g, (_, name) =>
      numbers[/** @type {keyof numbers} */ (name)].toLocaleString(document.documentElement.lang),
    ) : "";
  }
}
