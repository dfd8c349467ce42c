// On the style page what is marked data-state="hover", "focus-visible" or "active" looks as if it
// were: by the style sheet itself, read anew with each such state also as an attribute.

const STATE = /:(hover|focus-visible|focus|active)(?![\w-])/g;

const [sheet] = document.styleSheets;
const both = new CSSStyleSheet();
both.replaceSync(
  [...sheet.cssRules]
    .map((rule) => rule.cssText)
    .join("\n")
    .replace(STATE, ':is(:$1, [data-state~="$1"])'),
);
sheet.disabled = true;
document.adoptedStyleSheets = [both];
