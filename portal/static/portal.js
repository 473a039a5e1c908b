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

// "18 of 20 marked" beside the button of a register, counted again at every tap.
for (const register of document.querySelectorAll(".register")) {
  const said = register.querySelector(".save-bar__count");
  if (!said) continue;
  const rows = [...register.querySelectorAll("fieldset.register__row")];
  const mark = (row) => row.querySelector("input[type=radio]:checked")?.value;
  const count = () => {
    said.textContent = `${rows.filter(mark).length} of ${rows.length} marked`;
  };
  register.addEventListener("change", count);
  // Without JavaScript this button marks and saves; with it, it marks, and one looks before saving.
  register.querySelector("[data-rest]")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const row of rows.filter((each) => !mark(each))) row.querySelector('input[value="P"]').checked = true;
    count();
    register.querySelector("[value=save]").focus({ preventScroll: true });
  });
  count();
}
