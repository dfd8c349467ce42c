// Shows what is typed as candidates will see it, beside the form instead of in a new tab.

const PAUSE = 400; // ms without a key, until the preview is fetched again

const button = document.querySelector("[data-preview]");
const frame = /** @type {HTMLIFrameElement | null} */ (document.querySelector("#preview"));
const fault = /** @type {HTMLElement | null} */ (document.querySelector("#preview-fault"));

if (button instanceof HTMLButtonElement && frame && fault && button.form) {
  const form = button.form;
  let asked = new AbortController();
  let timer = 0;

  async function show() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const reply = await fetch(button.formAction, { method: "POST", body: new FormData(form), signal });
      if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      // In the frame no script runs, and links lead out of it.
      for (const script of page.querySelectorAll("script")) script.remove();
      page.head.append(Object.assign(page.createElement("base"), { target: "_blank" }));
      if (signal.aborted) return;
      const top = frame.contentWindow?.scrollY ?? 0;
      frame.addEventListener("load", () => {
        for (const step of frame.contentDocument?.querySelectorAll("details") ?? []) step.open = true;
        frame.contentWindow?.scrollTo(0, top);
      }, { once: true });
      frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
      frame.hidden = false;
      fault.hidden = true;
    } catch {
      if (!signal.aborted) fault.hidden = false;
    }
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    void show();
  });
  form.addEventListener("input", () => {
    if (frame.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
