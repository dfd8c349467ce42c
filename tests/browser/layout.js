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
  const edges = new Map();

  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const edgeOf = (element) => {
    if (!edges.has(element)) edges.set(element, element.getBoundingClientRect());
    return edges.get(element);
  };
  const ancestorsOf = function* (element) {
    for (; element && element !== document.documentElement; element = element.parentElement) yield element;
  };
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  // Text for screen readers alone is cut off by intent.
  const clipped = [...document.querySelectorAll(".visually-hidden, .skip-link, .meta")].filter(
    (element) => styleOf(element).clipPath === "inset(50%)",
  );
  const forEarsOnly = (element) => clipped.some((one) => one.contains(element));
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
    for (const box of ancestorsOf(element)) {
      const style = styleOf(box);
      if (style.display === "inline" || style.display === "contents") continue;
      const edge = edgeOf(box);
      const wide = seen.left < edge.left - ROUNDING || seen.right > edge.right + ROUNDING;
      const high = seen.top < edge.top - ROUNDING || seen.bottom > edge.bottom + ROUNDING;
      const hides = (overflow) => overflow === "hidden" || overflow === "clip";
      if ((wide && hides(style.overflowX)) || (high && hides(style.overflowY))) {
        const meant = (wide && style.textOverflow === "ellipsis") || style.webkitLineClamp !== "none";
        return { seen: null, box: meant ? null : box };
      }
      if (style.overflowX === "auto" || style.overflowX === "scroll") {
        seen = {
          left: Math.max(seen.left, edge.left), right: Math.min(seen.right, edge.right),
          top: Math.max(seen.top, edge.top), bottom: Math.min(seen.bottom, edge.bottom),
        };
        if (seen.left >= seen.right || seen.top >= seen.bottom) return { seen: null, box: null };
        continue;
      }
      const drawn =
        box !== document.body &&
        (parseFloat(style.borderLeftWidth) > 0 || parseFloat(style.borderRightWidth) > 0) &&
        style.borderLeftStyle !== "none";
      if (drawn && (wide || high)) found.add(`sticks out of ${named(box, "")}: ${named(element)}`);
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
    const layer = element.closest(":popover-open, dialog[open], [role=listbox]");
    boxes.push({ ...seen, element, text, layer });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest(WITHOUT_TEXT) || !shown(element) || forEarsOnly(element)) continue;
    // Spaces at the end of a line hang over its edge where they are kept: look at words there.
    const isKept = styleOf(element).whiteSpace.startsWith("pre-wrap");
    for (const { 0: words, index } of isKept ? text.data.matchAll(/\S+/g) : [{ 0: text.data, index: 0 }]) {
      range.setStart(text, index);
      range.setEnd(text, index + words.length);
      for (const rect of range.getClientRects()) if (rect.width > 1) add(element, rect, words);
    }
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (shown(field) && !forEarsOnly(field)) add(field, field.getBoundingClientRect(), field.name);
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
    const widest = everything.filter((one) => Math.ceil(edgeOf(one).right) > page.clientWidth && free(one)).pop();
    found.add(`the page scrolls sideways: ${widest ? named(widest) : "?"}`);
  }
  for (const element of everything) {
    if (!/auto|scroll/.test(styleOf(element).overflowX) || element.matches(`${SCROLLS_SIDEWAYS}, input, textarea, select`)) continue;
    if (element.scrollWidth > element.clientWidth + ROUNDING) found.add(`scrolls sideways: ${named(element)}`);
  }

  // WCAG 2.5.8: large enough, or in a line of text, or with as much room around it.
  const targets = [...document.querySelectorAll(TARGETS)].filter((one) => shown(one.closest("label") ?? one) && !forEarsOnly(one));
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
