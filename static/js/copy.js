// Puts a copy button beside each block of code. The button's words are in #copy-button.

const template = document.querySelector("#copy-button");

if (template && navigator.clipboard) {
  for (const block of document.querySelectorAll(".code")) {
    const button = template.content.firstElementChild.cloneNode(true);
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
    block.append(button);
  }
}
