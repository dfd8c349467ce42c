// Runs Lighthouse as it comes, on its mobile settings: `node lighthouse.mjs BROWSER ARGUMENT…`.
// A line is {"url", "cookies"}; the answer has score and faults of each category.
// Only what is on the line is asked for: no report of errors, no browser is downloaded.
import { createInterface } from "node:readline";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const MOST_SECONDS = 120; // Longer than it waits itself: then it hangs.

const [executablePath, ...args] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath, args });

/** What cost points: the audits that count and are not perfect. */
function faultsOf(category, audits) {
  return category.auditRefs
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => {
      const { title, displayValue, details } = audits[id];
      const [first] = details?.items ?? [];
      const where = first?.node?.snippet ?? first?.description ?? "";
      return [id, displayValue ?? title, where].filter(Boolean).join(": ");
    });
}

async function audit({ url, cookies }) {
  // A person of their own: no cookie, copy or cache of the page before.
  const context = await browser.createBrowserContext();
  try {
    await context.setCookie(...cookies);
    const page = await context.newPage();
    const { lhr } = await lighthouse(
      url,
      { disableFullPageScreenshot: true, enableErrorReporting: false },
      undefined,
      page,
    );
    return Object.fromEntries(
      Object.values(lhr.categories).map((category) => [
        category.id,
        {
          score: Math.round((category.score ?? 0) * 100),
          faults: lhr.runtimeError
            ? [lhr.runtimeError.message]
            : faultsOf(category, lhr.audits),
        },
      ]),
    );
  } finally {
    await context.close();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const hung = setTimeout(() => process.exit(1), MOST_SECONDS * 1000);
  const found = await audit(JSON.parse(line));
  clearTimeout(hung);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
await browser.close();
