// Faults in the layout of the page as it is: what no budget weighs and no picture proves.
// `most` is the least size of a target in CSS pixels.
({ target: least }) => {
  // These may scroll sideways: what they hold has a width of its own.
  const SCROLLS_SIDEWAYS = "pre, .table-scroll, .question-map ol, .key-point__said";
  const WITHOUT_TEXT = "script, style, template, noscript, option, textarea";
  const TARGETS = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const ROUNDING = 1; // px
  const found = new Set();
  const styles = new Map();

  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const ancestorsOf = function* (element) {
    for (; element && element !== document.documentElement; element = element.parentElement) yield element;
  };
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  // What an element is in, once for all that is in it: a page of many answers has thousands of texts.
  const surroundings = new Map([[document.documentElement, { boxes: null, layer: null, forEars: false }]]);
  const around = (element) => {
    if (!surroundings.has(element)) {
      const outer = around(element.parentElement);
      const style = styleOf(element);
      surroundings.set(element, {
        boxes: boxIn(element, style, outer.boxes),
        layer: element.matches(":popover-open, dialog[open], [role=listbox]") ? element : outer.layer,
        // Text for screen readers alone is cut off by intent.
        forEars: outer.forEars || style.clipPath === "inset(50%)",
      });
    }
    return surroundings.get(element);
  };
  // The boxes around a text, from within, that may cut it off or that it may stick out of.
  const boxIn = (box, style, next) => {
    if (style.display === "inline" || style.display === "contents") return next;
    const { overflowX, overflowY } = style;
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    const scrolls = overflowX === "auto" || overflowX === "scroll";
    const drawn =
      box !== document.body &&
      (parseFloat(style.borderLeftWidth) > 0 || parseFloat(style.borderRightWidth) > 0) &&
      style.borderLeftStyle !== "none";
    if (!hides(overflowX) && !hides(overflowY) && !scrolls && !drawn) return next;
    const clamps = style.webkitLineClamp !== "none";
    const edge = box.getBoundingClientRect();
    return {
      box, edge, next, scrolls, drawn, clamps,
      hidesX: hides(overflowX), hidesY: hides(overflowY), shortens: style.textOverflow === "ellipsis",
    };
  };
  const named = (element, text = element.textContent) => {
    const name = element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "");
    const words = text.trim().replace(/\s+/g, " ");
    return `${[name, ...element.classList].join(".")} “${words.slice(0, 30)}”`;
  };
  const meets = (one, other, by) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > by &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > by;

  // The letters of a line: a box of text is higher than they are.
  const lettersOf = ({ left, right, top, bottom, height }) => ({
    left, right, top: top + height / 4, bottom: bottom - height / 5,
  });
  // What overflow leaves of text, and the element that cuts it off if it can't be scrolled to.
  const cutBy = (letters, element) => {
    let seen = letters;
    for (let one = around(element).boxes; one; one = one.next) {
      const { box, edge } = one;
      const wide = seen.left < edge.left - ROUNDING || seen.right > edge.right + ROUNDING;
      const high = seen.top < edge.top - ROUNDING || seen.bottom > edge.bottom + ROUNDING;
      if ((wide && one.hidesX) || (high && one.hidesY)) {
        const meant = (wide && one.shortens) || one.clamps;
        return { seen: null, box: meant ? null : box };
      }
      if (one.scrolls) {
        seen = {
          left: Math.max(seen.left, edge.left), right: Math.min(seen.right, edge.right),
          top: Math.max(seen.top, edge.top), bottom: Math.min(seen.bottom, edge.bottom),
        };
        if (seen.left >= seen.right || seen.top >= seen.bottom) return { seen: null, box: null };
      } else if (one.drawn && (wide || high)) {
        found.add(`sticks out of ${named(box, "")}: ${named(element)}`);
      }
    }
    return { seen, box: null };
  };

  // Bars that stick cover what is scrolled below them, and are meant to: let them lie.
  const everything = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility());
  for (const element of everything) if (styleOf(element).position === "sticky") element.style.position = "static";

  const boxes = [];
  const add = (element, rect, text) => {
    const { seen, box } = cutBy(lettersOf(rect), element);
    if (box) found.add(`cut off by ${named(box, "")}: ${named(element, text)}`);
    if (!seen) return;
    if (seen.left < -ROUNDING) found.add(`left of the page: ${named(element, text)}`);
    boxes.push({ ...seen, element, text, layer: around(element).layer });
  };
  const range = document.createRange();
  const rectsOf = (text, start, end) => {
    range.setStart(text, start);
    range.setEnd(text, end);
    return [...range.getClientRects()].filter(({ width }) => width > 1);
  };
  const blockOf = (element) => {
    while (styleOf(element).display === "inline") element = element.parentElement;
    return element;
  };
  for (const element of [document.body, ...everything]) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!texts.length || element.closest(WITHOUT_TEXT) || around(element).forEars || !shown(element)) continue;
    for (const text of texts) {
      const rects = rectsOf(text, 0, text.length);
      // Spaces at the end of a line hang over its edge where they are kept: look at words there.
      const isKept = styleOf(element).whiteSpace.startsWith("pre-wrap");
      const edge = isKept ? blockOf(element).getBoundingClientRect().right : Infinity;
      if (rects.every(({ right }) => right <= edge)) {
        for (const rect of rects) add(element, rect, text.data);
        continue;
      }
      for (const { 0: words, index } of text.data.matchAll(/\S+/g)) {
        for (const rect of rectsOf(text, index, index + words.length)) add(element, rect, words);
      }
    }
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (shown(field) && !around(field).forEars) add(field, field.getBoundingClientRect(), field.name);
  }

  boxes.sort((one, other) => one.top - other.top);
  boxes.forEach((box, index) => {
    for (let next = index + 1; next < boxes.length && boxes[next].top < box.bottom; next++) {
      const other = boxes[next];
      if (other.element === box.element || other.layer !== box.layer || !meets(box, other, ROUNDING)) continue;
      found.add(`overlap: ${named(box.element, box.text)} and ${named(other.element, other.text)}`);
    }
  });

  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    const free = (element) =>
      [...ancestorsOf(element.parentElement)].every((one) => styleOf(one).overflowX === "visible");
    const widest = everything.filter((one) => Math.ceil(one.getBoundingClientRect().right) > page.clientWidth && free(one)).pop();
    found.add(`the page scrolls sideways: ${widest ? named(widest) : "?"}`);
  }
  for (const element of everything) {
    if (!/auto|scroll/.test(styleOf(element).overflowX) || element.matches(`${SCROLLS_SIDEWAYS}, input, textarea, select`)) continue;
    if (element.scrollWidth > element.clientWidth + ROUNDING) found.add(`scrolls sideways: ${named(element)}`);
  }

  // WCAG 2.5.8: large enough, or in a line of text, or with as much room around it.
  const targets = [...document.querySelectorAll(TARGETS)].filter((one) => shown(one.closest("label") ?? one) && !around(one).forEars);
  const boxOf = (target) => {
    const { left, right, top, bottom } = target.getBoundingClientRect();
    const labels = [...(target.labels ?? [])].filter((label) => /checkbox|radio/.test(target.type) && shown(label));
    const all = [{ left, right, top, bottom }, ...labels.map((label) => label.getBoundingClientRect())];
    return {
      left: Math.min(...all.map((box) => box.left)), right: Math.max(...all.map((box) => box.right)),
      top: Math.min(...all.map((box) => box.top)), bottom: Math.max(...all.map((box) => box.bottom)),
    };
  };
  const inLineOfText = (target) =>
    styleOf(target).display === "inline" &&
    [...target.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\w/.test(node.data));
  const measured = targets.map((target) => ({ target, box: boxOf(target) }));
  const small = ({ box }) => box.right - box.left < least - 0.5 || box.bottom - box.top < least - 0.5;
  const circle = ({ left, right, top, bottom }) => {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return { left: x - 12, right: x + 12, top: y - 12, bottom: y + 12 };
  };
  for (const one of measured) {
    if (!small(one) || inLineOfText(one.target)) continue;
    const crowded = measured.some((other) =>
      other.target !== one.target && !other.target.contains(one.target) && !one.target.contains(other.target) &&
      meets(circle(one.box), small(other) ? circle(other.box) : other.box, 0.5));
    if (least > 24 || crowded) {
      const [width, height] = [one.box.right - one.box.left, one.box.bottom - one.box.top].map(Math.round);
      found.add(`target of ${width} × ${height}: ${named(one.target)}`);
    }
  }
  return [...found];
}
