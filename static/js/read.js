// What the page shows as new has been read once it was in sight. Without this, by its button.

const form = document.getElementById("feedback-read");

const tell = async () => {
  try {
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  } catch {
    // The button is still there.
  }
};

if (document.visibilityState === "visible") tell();
else document.addEventListener("visibilitychange", tell, { once: true });
