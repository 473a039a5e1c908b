// The rows of a register, on the page and in the hall: what is tapped, what is shown, what is asked.
export const LABELS = { P: "Present", L: "Late", A: "Told us", U: "Did not tell us", V: "Present online", E: "Left early", C: "Caught up" };
const WITH_MINUTES = new Set(["L", "E"]);

export const rowsIn = (form) => [...form.querySelectorAll("fieldset.register__row")];
export const idOf = (row) => Number(row.id.slice("row-".length));
export const rowOf = (form, id) => form.querySelector(`#row-${id}`);
export const codeOf = (row) => row.querySelector("input[type=radio]:checked")?.value;

// The mark as it stands in the row; `words` says what it still needs, if anything.
export function read(row, most) {
  const code = codeOf(row);
  const mark = { enrolment_id: idOf(row), code, minutes: null, words: "" };
  if (WITH_MINUTES.has(code)) {
    const typed = row.querySelector("[name^=minutes-]").value.trim();
    const minutes = /^\d{1,3}$/.test(typed) ? Number(typed) : 0;
    if (minutes >= 1 && minutes <= most) mark.minutes = minutes;
    else mark.words = `Enter the minutes missed, from 1 to ${most}`;
  }
  const reason = row.querySelector("[name^=reason-]");
  if (code === "A" && reason && !reason.value) mark.words = "Choose why";
  return mark;
}

export function show(row, [code, minutes]) {
  for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = code !== "" && radio.value === code;
  const more = row.querySelector("details");
  if (more && ["V", "E"].includes(code)) more.open = true;
  const field = row.querySelector("[name^=minutes-]");
  if (field && WITH_MINUTES.has(code) && minutes) field.value = minutes;
}

export function inWords([code, minutes]) {
  if (!code) return "No mark";
  const label = LABELS[code] ?? code;
  return minutes ? `${label}, ${minutes} ${minutes === 1 ? "minute" : "minutes"} missed` : label;
}

export function make(tag, facts = {}, ...inside) {
  const { className, text, ...rest } = facts;
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(rest)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

const nameOf = (row) => row.querySelector(".register__name").textContent.trim();
const hidden = (text) => make("span", { className: "govuk-visually-hidden", text });

// Words under a name: what a mark needs, or who marked it. Empty takes them away.
export function tell(row, words, kind = "note") {
  const known = row.querySelector(`:scope > .register__${kind}`);
  if (known?.textContent === words) return;
  known?.remove();
  if (words) row.querySelector(".register__choices").before(make("p", { className: `register__${kind}`, text: words }));
}

// Both marks, and which one is right? `chosen(isMine)` hears the answer.
export function ask(row, mark, chosen) {
  const known = row.querySelector(":scope > .register__ask");
  if (!mark || mark.state !== "ask") return known?.remove();
  const theirs = inWords(mark.theirs);
  const mine = inWords([mark.code, mark.minutes]);
  const facts = JSON.stringify([mark.by, theirs, mine, mark.theirs_seen]);
  if (known?.dataset.facts === facts) return undefined;
  known?.remove();
  const who = mark.by || "Somebody else";
  const button = (words, isMine) => {
    const made = make("button", { type: "button", className: "govuk-button govuk-button--secondary" }, words, hidden(` for ${nameOf(row)}`));
    made.addEventListener("click", () => chosen(isMine));
    return made;
  };
  const other = theirs === mine ? " with another reason or note" : "";
  const words = make("p", { className: "register__both" }, make("bdi", { text: who }),
    mark.theirs[0] ? ` marked ${theirs}${other}. ` : " took the mark away. ", mark.code ? `You marked ${mine}.` : "You took the mark away.");
  const box = make("div", { className: "register__ask", role: "group", "aria-label": `Two marks for ${nameOf(row)}`, "data-facts": facts },
    words, make("div", { className: "register__both-buttons" },
      button(`Keep ${mark.by ? "theirs" : "the other"}: ${theirs}`, false), button(`Keep mine: ${mine}`, true)));
  row.querySelector(".register__choices").before(box);
  return undefined;
}

const several = (count, one, many) => `${count} ${count === 1 ? one : many}`;

// The line in the bar at the bottom: what waits, honestly.
export function sayState(line, marks, { state, form, signIn }) {
  const of = (...states) => marks.filter((mark) => states.includes(mark.state));
  const waiting = of("waiting").length;
  const parts = [];
  const link = (found, words) => parts.push(make("a", { className: "govuk-link", href: `#row-${found[0].enrolment_id}`, text: words }));
  if (of("ask").length) link(of("ask"), `${of("ask").length} to decide`);
  if (of("unfinished", "wrong").length) link(of("unfinished", "wrong"), `${of("unfinished", "wrong").length} to finish`);
  if (of("refused").length) parts.push(`${several(of("refused").length, "mark", "marks")} not taken: ${of("refused")[0].words}`);
  if (waiting && state === "no signal") parts.push(`${several(waiting, "mark", "marks")} waiting for signal`);
  else if (waiting && state !== "signed out") parts.push("Saving…");
  if (state === "signed out") {
    const words = waiting ? `${several(waiting, "mark", "marks")} waiting. ` : "";
    parts.push(make("span", {}, words, make("a", { className: "govuk-link", href: signIn, text: waiting ? "Sign in again to send them" : "Sign in again" })));
  }
  if (!parts.length) parts.push(state === "no signal" ? "No signal. All saved" : "All saved");
  const wanted = make("p", {});
  parts.forEach((part, place) => wanted.append(...(place ? [" · ", part] : [part])));
  if (line.innerHTML !== wanted.innerHTML) line.replaceChildren(...wanted.childNodes);
  line.dataset.state = of("ask", "unfinished", "wrong", "refused").length ? "asks" : waiting ? "waiting" : "saved";
  form?.classList.toggle("register--waiting", waiting > 0);
}
