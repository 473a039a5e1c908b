// The register on its page: without this script it is a form with a button; with it, taps save themselves.
import * as rows from "./rows.js";
import * as store from "./store.js";
import { markByKey } from "./keys.js";
import { countAndRest, Live } from "./live.js";

const form = document.querySelector("form.register");
if (form) {
  markByKey(form);
  await begin(form);
}

async function begin(form) {
  const sessionId = Number(form.dataset.session);
  // A locked register is changed with a reason, on its page only.
  const savesItself = sessionId && store.isPossible() && !form.querySelector("#because");
  const db = savesItself ? await store.open().catch(() => null) : null;
  if (!db) return countAndRest(form);
  await store.takeOver(db, document.querySelector("script[data-person]").dataset.person);
  await store.forgetOld(db);

  const line = rows.make("p", { className: "save-bar__state", role: "status" });
  form.querySelector(".save-bar").prepend(line);
  const was = (id) => form.querySelector(`[name="was-${id}"]`);
  const seen = new Map(rows.rowsIn(form).map((row) => [rows.idOf(row), was(rows.idOf(row)).value]));
  const live = new Live({
    db, form, line, sessionId, seen, most: Number(form.dataset.minutes) - 1,
    changed: (version) => {
      form.querySelector("[name=version]").value = version;
      for (const [id, fingerprint] of seen) if (was(id)) was(id).value = fingerprint;
    },
  });
  const told = (event) => {
    const row = event.target.closest("fieldset.register__row");
    if (!row) return;
    const [field] = event.target.name.split("-");
    const more = field === "note" ? { note: event.target.value } : {};
    if (rows.codeOf(row) === "A") more.reason = row.querySelector("[name^=reason-]").value;
    live.tap(row, { more });
  };
  form.addEventListener("input", told);
  countAndRest(form, { tapped: (row) => live.tap(row, { rest: true }) });
  saveWithTheButton(form, live);
  return live.begin();
}

// The button sends what waits, then the form as it always did: its page says that all is saved, or what is wrong.
function saveWithTheButton(form, live) {
  let isPassing = false;
  form.addEventListener("submit", async (event) => {
    if (isPassing) return;
    event.preventDefault();
    const went = await live.hurry();
    const asked = live.marks.find((mark) => mark.state === "ask");
    if (asked) return rows.rowOf(form, asked.enrolment_id).querySelector(".register__ask button").focus();
    if (!went) return undefined; // the line beside the button says why: a page of the browser would lose this one
    isPassing = true;
    live.more.clear();
    return form.requestSubmit(event.submitter);
  });
}
