// The page in a hall without signal: today's register, drawn from what the phone keeps.
import * as rows from "./rows.js";
import * as store from "./store.js";
import { countAndRest, Live } from "./live.js";

const { make } = rows;
const place = document.querySelector("#kept-register");
const TAPS = ["P", "L", "A", "U"];
const MORE = ["V", "E"];
const at = (milliseconds, style) => new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...style }).format(milliseconds);
const hour = (milliseconds) => at(milliseconds, { hour: "numeric", minute: "2-digit", hour12: true }).replace(" ", "").replace(":00", "");
const paragraph = (...inside) => make("p", { className: "govuk-body" }, ...inside);

const db = store.isPossible() ? await store.open().catch(() => null) : null;
if (!db) place.append(paragraph("This browser keeps no registers. Come back when there is signal."));
else {
  await store.forgetOld(db);
  const wanted = Number(location.pathname.match(/^\/sessions\/(\d+)\/register$/)?.[1]);
  const register = wanted ? await store.register(db, wanted) : undefined;
  if (register) await drawRegister(register);
  else await drawList(wanted);
}

// Which registers are there? Also what is left when the names were cleared after a day.
async function drawList(wanted) {
  const kept = await store.registers(db);
  const left = (await store.marks(db)).length;
  document.querySelector("h1").textContent = "No signal";
  place.append(paragraph(kept.length ? "You are not connected. These registers are on this phone:"
    : wanted ? "You are not connected, and this register is not on this phone."
      : "You are not connected, and no register is on this phone."));
  const list = kept.map((each) => make("li", {}, make("a", { className: "govuk-link", href: `/sessions/${each.id}/register` }, inOneLine(each))));
  if (list.length) place.append(make("ul", { className: "govuk-list govuk-list--bullet" }, ...list));
  else place.append(paragraph("Today’s registers come onto the phone when you open Alongside with signal. They leave it when you sign out, and after 24 hours."));
  if (left) place.append(paragraph(`${left} ${left === 1 ? "mark is" : "marks are"} kept here and will be sent when there is signal.`));
  place.append(again("Try again"));
}

const inOneLine = (each) => `${each.cohort}, session ${each.number}: ${each.title}, ${hour(each.starts_at)}`;

function again(words) {
  const button = make("button", { type: "button", className: "govuk-button govuk-button--secondary", text: words });
  button.addEventListener("click", () => location.reload());
  return button;
}

async function drawRegister(register) {
  const day = at(register.starts_at, { weekday: "short", day: "numeric", month: "short" });
  document.querySelector("h1").before(make("p", { className: "caption", text: `${register.cohort} · ${day}, ${hour(register.starts_at)}` }));
  const form = make("form", { className: "register", novalidate: "" }, ...register.people.map(row));
  form.addEventListener("submit", (event) => event.preventDefault());
  const line = make("p", { className: "save-bar__state", role: "status" });
  const rest = make("button", { type: "button", className: "govuk-button govuk-button--secondary save-bar__rest", "data-rest": "", text: "Rest present" },
    make("span", { className: "govuk-visually-hidden", text: ": mark the rest present" }));
  const send = make("button", { type: "button", className: "govuk-button", value: "save", text: "Send now" });
  form.append(make("div", { className: "save-bar" }, line, make("p", { className: "save-bar__count", role: "status" }), rest, send));
  place.append(
    make("p", { className: "govuk-body register__session", text: `Session ${register.number}: ${register.title}` }),
    make("div", { className: "govuk-inset-text", id: "signal" }, "No signal. Marks are kept on this phone and sent by themselves when there is signal. Why somebody was away, and notes, are asked for then."),
    form,
  );
  const seen = new Map(register.people.map((person) => [person.id, person.seen]));
  const live = new Live({ db, form, line, sessionId: register.id, most: register.minutes - 1, seen });
  form.addEventListener("input", (event) => {
    const tapped = event.target.closest("fieldset.register__row");
    if (tapped) live.tap(tapped);
  });
  countAndRest(form, { tapped: (each) => live.tap(each, { rest: true }) });
  const whenBack = async () => {
    if (!(await live.hurry())) return;
    document.querySelector("#signal").replaceChildren("There is signal again. ", make("a", { className: "govuk-link", href: location.href, text: "Open the whole register" }));
  };
  send.addEventListener("click", whenBack);
  addEventListener("online", whenBack);
  await live.begin();
}

function row(person) {
  const name = make("bdi", { text: person.name });
  if (person.why) {
    return make("div", { className: "register__row register__row--blocked", id: `row-${person.id}` },
      make("p", { className: "register__name" }, name), make("p", { className: "register__why", text: person.why }));
  }
  const made = make("fieldset", { className: "register__row", id: `row-${person.id}` },
    make("legend", { className: "register__name" }, name),
    make("div", { className: "register__choices" }, ...TAPS.map((code) => choice(person, code, rows.LABELS[code]))),
    minutes(person),
    make("details", { className: "register__more" },
      make("summary", {}, "More", make("span", { className: "govuk-visually-hidden", text: ` for ${person.name}` })),
      make("div", { className: "register__choices register__choices--more" },
        ...MORE.map((code) => choice(person, code, rows.LABELS[code])), choice(person, "", "No mark"))));
  rows.show(made, person.mark);
  return made;
}

function choice(person, code, words) {
  const id = `${code || "none"}-${person.id}`;
  return make("div", { className: "register__choice" },
    make("input", { type: "radio", name: `code-${person.id}`, id, value: code }), make("label", { for: id, text: words }));
}

function minutes(person) {
  const id = `minutes-${person.id}`;
  return make("div", { className: "register__extra register__extra--minutes" },
    make("label", { for: id, text: "Minutes missed" }),
    make("input", { className: "govuk-input govuk-input--width-3", id, name: id, inputmode: "numeric", autocomplete: "off" }));
}
