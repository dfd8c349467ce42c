// Reveals the steps of a question: the next one at a press, or all. What is open is kept with the
// page's place in the browser's history, so Back and a reload show it again.

const section = document.querySelector("[data-steps]");
const steps = [...section.querySelectorAll("details")];
const next = section.querySelector("[data-next]");
const all = section.querySelector("[data-all]");
const status = section.querySelector("[role=status]");

function update() {
  const isDone = steps.every((step) => step.open);
  next.disabled = isDone;
  all.textContent = isDone ? all.dataset.hide : all.dataset.show;
  const open = steps.flatMap((step, number) => (step.open ? [number] : []));
  history.replaceState({ ...history.state, open }, "");
}

for (const number of history.state?.open ?? []) {
  if (steps[number]) steps[number].open = true;
}
for (const step of steps) step.addEventListener("toggle", update);

next.addEventListener("click", () => {
  const step = steps.find((one) => !one.open);
  if (!step) return;
  step.open = true;
  step.scrollIntoView({ block: "nearest" });
  status.textContent = step.querySelector("summary").textContent;
});

all.addEventListener("click", (event) => {
  event.preventDefault();
  const open = !steps.every((step) => step.open);
  for (const step of steps) step.open = open;
});

next.hidden = false;
update();
