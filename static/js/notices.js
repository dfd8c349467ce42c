// Notices above what somebody writes: one of each at a time, from the page's templates. None takes
// the focus; one that goes away gives back what it had of it.

/** The notices of a page. Their templates are named `notice-…`. */
export class Notices {
  #place;
  #field;

  /**
   * @param {HTMLElement} place where they are shown
   * @param {HTMLElement} field what the reader came for
   */
  constructor(place, field) {
    this.#place = place;
    this.#field = field;
  }

  /** @param {string} name @returns {HTMLElement | null} */
  shown(name) {
    return this.#place.querySelector(`[data-notice="${name}"]`);
  }

  /**
   * Show it, unless it is there: it is announced once.
   * @param {string} name
   * @param {boolean} [kept] whether the browser keeps a copy; some notices say what follows from it
   * @returns {HTMLElement}
   */
  show(name, kept = true) {
    const notice = this.shown(name) ?? this.#make(name);
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (notice.querySelectorAll("[data-kept]"))) {
      part.hidden = (part.dataset.kept === "yes") !== kept;
    }
    if (!notice.isConnected) this.#place.append(notice);
    this.keepInView();
    return notice;
  }

  /** @param {...string} names */
  dismiss(...names) {
    for (const name of names) this.remove(this.shown(name));
  }

  /** @param {HTMLElement | null} notice */
  remove(notice) {
    const focused = notice?.contains(document.activeElement);
    notice?.remove();
    if (focused) this.#field.focus({ preventScroll: true });
  }

  /** Don't let a notice push away what is being written. */
  keepInView() {
    if (document.activeElement === this.#field) this.#field.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} name @returns {HTMLElement} */
  #make(name) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`notice-${name}`));
    const notice = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    notice.dataset.notice = name;
    return notice;
  }
}
