// Sending what waits: one batch after another, one tab at a time, and never before it was written down.
import * as store from "./store.js";

const TODAY = "/registers/today.json";
const BATCHES = "/registers/batches";
const PATIENCE = 15_000; // in a hall a connection may hang for ever
const channel = "BroadcastChannel" in window ? new BroadcastChannel("alongside-register") : null;

let token = document.querySelector('input[name="csrf_token"]')?.value ?? "";

// Whose page this is: marks made on it are never sent as somebody else's who has signed in since.
let me = document.querySelector("script[data-person]")?.dataset.person ?? "";

export class NoSignal extends Error {}
export class SignedOut extends Error {}

async function ask(path, options = {}) {
  if (navigator.onLine === false) throw new NoSignal();
  let answer;
  try {
    answer = await fetch(path, {
      credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options,
    });
  } catch {
    throw new NoSignal();
  }
  // A page to sign in is where a redirect leads.
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429) throw new NoSignal();
  return answer;
}

// Today's registers, for the phone to keep.
export async function refresh(db) {
  const answer = await ask(TODAY);
  if (answer.status !== 200) throw new SignedOut();
  const today = await answer.json();
  token = today.csrf_token;
  me ||= (await store.phone(db)).person;
  if (me && me !== today.person) {
    token = "";
    throw new SignedOut();
  }
  await store.keepToday(db, today);
  return today;
}

// `more` gives what the phone does not keep: the reason and the note of a mark, while its page is open.
async function send(db, batch, more, isAgain = false) {
  if (!token) await refresh(db);
  const marks = batch.marks.map(({ enrolment_id, code, minutes, seen, marked_at, rest, stamp }) => ({
    enrolment_id, code, minutes, seen, marked_at, rest, ...more(stamp),
  }));
  const answer = await ask(BATCHES, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ key: batch.key, session_id: batch.session_id, device_now: Date.now(), marks }),
  });
  if (answer.status === 400 && !isAgain) {
    token = ""; // the session of this token is over; the next one is asked for
    return send(db, batch, more, true);
  }
  if (answer.status === 200) return answer.json();
  const words = await answer.json().then((said) => said.refused?.join(" ")).catch(() => "");
  return { refused: words || "This register cannot be marked by you any more" };
}

// Send all there is. `told` hears of every answer. Throws NoSignal or SignedOut; what was not sent stays.
export async function sync(db, { more = () => ({}), told = () => {} } = {}) {
  const work = async () => {
    for (let batch; (batch = await store.nextBatch(db)); ) {
      const answer = await send(db, batch, more);
      if (answer.refused) await store.refuse(db, batch, answer.refused);
      else await store.settle(db, batch, answer);
      told(batch, answer);
      channel?.postMessage({ session_id: batch.session_id, answer });
    }
  };
  return navigator.locks ? navigator.locks.request("alongside-register", work) : work();
}

// What another tab of this phone was answered.
export const listen = (told) => channel?.addEventListener("message", (event) => told(event.data));
