// Says what is wrong with HTML: a line is a JSON string, the answer a list of sentences.
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:standard", "html-validate:document"],
    rules: {
      "empty-title": "error",
      "heading-level": ["error", { minInitialRank: "h2" }], // Menus stand before the page.
      "no-inline-style": "error",
      "wcag/h37": "error", // alt
      "require-sri": "off", // All that is loaded comes from the page's own server.
    },
  }),
);

for await (const line of createInterface({ input: process.stdin })) {
  const { results } = await validator.validateString(JSON.parse(line));
  const faults = results
    .flatMap(({ messages }) => messages)
    .map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`);
  process.stdout.write(`${JSON.stringify(faults)}\n`);
}
