// The token that proves a request comes from a page of ours.

/** Logging in again in another tab changes it, so the cookie is read each time. */
export function csrfToken() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? field?.value ?? "";
}
