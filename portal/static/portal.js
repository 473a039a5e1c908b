// What JavaScript makes quicker. Every page works without it.
const ourScript = document.querySelector("script[data-components]");
document.body.classList.add("js-enabled", "govuk-frontend-supported");

const { initAll } = await import(ourScript.dataset.components);
initAll();

// Escape closes the menu of a narrow screen and gives the focus back to its button.
const menu = document.querySelector(".menu__toggle");
menu?.closest(".menu").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// "12 of 14" above a roll-call, to be said out loud.
for (const roll of document.querySelectorAll("[data-roll]")) {
  const said = document.querySelector("[data-roll-count]");
  const boxes = [...roll.querySelectorAll("[name=counted]")];
  const count = () => {
    said.textContent = `${boxes.filter((box) => box.checked).length} of ${boxes.length}`;
  };
  roll.addEventListener("change", count);
  count();
}

// The phone of somebody who marks registers keeps today's; pages of anybody else see to it that it is cleared.
const { module: keeper, registers } = ourScript.dataset;
if (keeper && (registers || localStorage.getItem("kept-register"))) {
  const { keep } = await import(keeper);
  await keep(ourScript.dataset);
}
