// Marking with one key a person: the letter marks the row that has the focus and goes on to the next one.
import { make, rowsIn } from "./rows.js";

const MARKS = { p: "P", l: "L", a: "A", u: "U" };
const ASKS = { L: "[name^=minutes-]", A: "[name^=reason-]" };

export function markByKey(form) {
  const rows = rowsIn(form);
  if (!rows.length) return;
  form.prepend(make("p", {
    className: "register__keys",
    text: "With a keyboard: P present, L late, A told us, U did not tell us. Enter goes on to the next person.",
  }));
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest("fieldset.register__row");
    if (!row) return;
    // A quick Tab could land on a field that is about to hide: let the page settle first.
    if (event.key === "Tab") row.getBoundingClientRect();
    if (event.target.type === "radio" && mark(row, MARKS[event.key.toLowerCase()], rows)) event.preventDefault();
    // Enter would send the whole register: here it ends one person.
    else if (event.key === "Enter" && event.target.matches("input:not([type=radio]), select")) {
      event.preventDefault();
      goOn(row, rows);
    }
  });
}

function mark(row, code, rows) {
  if (!code) return false;
  row.querySelector(`input[value="${code}"]`).click();
  const asks = ASKS[code] && row.querySelector(ASKS[code]);
  if (asks && !(code === "A" && asks.value)) asks.focus();
  else goOn(row, rows);
  return true;
}

function goOn(row, rows) {
  const next = rows[rows.indexOf(row) + 1];
  const target = next ? next.querySelector("input[type=radio]:checked") ?? next.querySelector("input[type=radio]") : null;
  (target ?? row.closest("form").querySelector("[value=save]")).focus();
}
