// What the phone keeps: today's registers (names and codes), and marks that wait to be sent. Never a reason or a note.
import { openDB } from "../../vendor/idb.js";

const DAY = 24 * 60 * 60 * 1000;
const WEEK = 7 * DAY;
const FLAG = "kept-register"; // lets every other page know, without opening anything, that something is kept
const MOST_IN_A_BATCH = 200;
const STORES = ["phone", "registers", "marks", "batches"];

export const isPossible = () => window.isSecureContext && "indexedDB" in window && "randomUUID" in crypto;

export function open() {
  return openDB("alongside-register", 1, {
    upgrade(db) {
      db.createObjectStore("phone");
      db.createObjectStore("registers", { keyPath: "id" });
      db.createObjectStore("marks", { keyPath: ["session_id", "enrolment_id"] });
      db.createObjectStore("batches", { keyPath: "key" });
    },
    blocking(_from, _to, event) {
      event.target.close(); // another tab takes the store away, at sign-out for example
    },
  });
}

export const phone = async (db) => (await db.get("phone", "facts")) ?? {};

// Names are kept for a day, and so is the rest once it was sent. A mark that nobody has yet is a number and a code:
// it waits for a week, because throwing it away would lose it.
export async function forgetOld(db, now = Date.now()) {
  const { kept_at: keptAt } = await phone(db);
  if (keptAt !== undefined && Math.abs(now - keptAt) > DAY) await db.clear("registers");
  const tx = db.transaction(["marks", "batches"], "readwrite");
  for (const [name, when] of [["marks", "marked_at"], ["batches", "made_at"]]) {
    const store = tx.objectStore(name);
    for (const each of await store.getAll()) {
      if (Math.abs(now - each[when]) > WEEK) store.delete(name === "marks" ? markKey(each) : each.key);
      else if (each.by && Math.abs(now - each[when]) > DAY) store.put({ ...each, by: "" });
    }
  }
  await tx.done;
  await forgetLeft(db, now);
}

async function forgetLeft(db, now) {
  const tx = db.transaction("phone", "readwrite");
  const left = Object.entries((await tx.store.get(LEFT)) ?? {})
    .map(([person, marks]) => [person, marks.filter((mark) => Math.abs(now - mark.marked_at) <= WEEK)])
    .filter(([, marks]) => marks.length);
  if (left.length) tx.store.put(Object.fromEntries(left), LEFT);
  else tx.store.delete(LEFT);
  await tx.done;
}

export async function clear(db) {
  const tx = db.transaction(STORES, "readwrite");
  for (const name of STORES) tx.objectStore(name).clear();
  await tx.done;
  localStorage.removeItem(FLAG);
}

// What somebody else could not send waits for them, as numbers and codes: no name, no word, nothing of who else marked.
const LEFT = "left";
const bare = ({ session_id, enrolment_id, code, minutes, seen, marked_at, rest, stamp, state }) => ({
  session_id, enrolment_id, code, minutes, seen, marked_at, rest, stamp,
  state: state === "unfinished" ? state : "waiting", // what was asked or refused is asked anew
});

export const leftByOthers = async (db) => Object.values((await db.get("phone", LEFT)) ?? {}).flat().length;

// Whoever may not mark keeps nothing but what others have still to send.
export async function clearOwn(db) {
  const left = await db.get("phone", LEFT);
  await clear(db);
  if (!left) return;
  await db.put("phone", left, LEFT);
  localStorage.setItem(FLAG, "1");
}

// The phone is this person's from now on. What somebody else left on it goes, but for marks that nobody has yet:
// those are put aside, and given back when that person signs in again. Answers whether there was anything.
export async function takeOver(db, person) {
  const tx = db.transaction(STORES, "readwrite");
  const phones = tx.objectStore("phone");
  const known = await phones.get("facts");
  const isAnothers = Boolean(known?.person) && known.person !== person;
  const left = (await phones.get(LEFT)) ?? {};
  if (isAnothers) {
    const unsent = await tx.objectStore("marks").getAll();
    if (unsent.length) left[known.person] = [...(left[known.person] ?? []), ...unsent.map(bare)];
    for (const name of STORES) tx.objectStore(name).clear();
  }
  if (isAnothers || !known) phones.put({ person }, "facts");
  for (const mark of left[person] ?? []) tx.objectStore("marks").put(mark);
  delete left[person];
  if (Object.keys(left).length) phones.put(left, LEFT);
  else phones.delete(LEFT);
  await tx.done;
  return isAnothers;
}

export async function keepToday(db, today) {
  const tx = db.transaction(["phone", "registers"], "readwrite");
  const now = Date.now();
  tx.objectStore("phone").put({ person: today.person, kept_at: now, fast: now - today.now }, "facts");
  const registers = tx.objectStore("registers");
  registers.clear();
  for (const register of today.registers) registers.put(register);
  await tx.done;
  localStorage.setItem(FLAG, "1");
}

export const registers = async (db) =>
  (await db.getAll("registers")).sort((one, other) => one.starts_at - other.starts_at || one.id - other.id);

export const register = (db, id) => db.get("registers", id);

const settled = new Map(); // a tap can fall between an answer and the page that learns of it: what each mark became
const markKey = (mark) => [mark.session_id, mark.enrolment_id];
const ofSession = (id) => IDBKeyRange.bound([id], [id, []]);

export const marks = (db, sessionId) =>
  sessionId === undefined ? db.getAll("marks") : db.getAll("marks", ofSession(sessionId));

// A tap. What was seen under it stays: the mark of the first of several taps that nobody has been sent yet.
export async function tap(db, mark) {
  const tx = db.transaction(["marks", "phone"], "readwrite");
  const taps = tx.objectStore("marks");
  const before = await taps.get(markKey(mark));
  const kept = { ...mark, stamp: crypto.randomUUID() };
  const whose = document.querySelector("script[data-person]")?.dataset.person;
  const known = await tx.objectStore("phone").get("facts");
  if (whose && known?.person && known.person !== whose) {
    // a page left open, on a phone that is somebody else's by now: nobody else may send this as theirs
    const left = (await tx.objectStore("phone").get(LEFT)) ?? {};
    left[whose] = [...(left[whose] ?? []), bare(kept)];
    await tx.objectStore("phone").put(left, LEFT);
    await tx.done;
    return { ...kept, isAside: true };
  }
  const became = settled.get(String(markKey(mark)));
  if (!before && became?.from === mark.seen) kept.seen = became.to;
  if (before) {
    kept.seen = before.seen;
    if (before.state === "ask") Object.assign(kept, { state: "ask", theirs: before.theirs, theirs_seen: before.theirs_seen, by: before.by });
  }
  taps.put(kept);
  await tx.done;
  localStorage.setItem(FLAG, "1");
  return kept;
}

// The answer to "theirs or mine?". Mine goes out again, as somebody who has seen theirs.
export async function decide(db, mark, isMine) {
  if (!isMine) return db.delete("marks", markKey(mark));
  const { theirs, theirs_seen: seen, by, ...mine } = mark;
  const again = { ...mine, seen, state: "waiting", rest: false, marked_at: Date.now(), stamp: crypto.randomUUID() };
  await db.put("marks", again);
  return again;
}

// What was refused is tried once more whenever a page is opened: its register may be open by now.
export async function tryAgain(db) {
  const tx = db.transaction("marks", "readwrite");
  for (const mark of await tx.store.getAll()) {
    if (mark.state === "refused") tx.store.put({ ...mark, state: "waiting", words: "" });
  }
  await tx.done;
}

// The batch to send next: one that went out and was never answered, or a new one, written down before it goes.
export async function nextBatch(db) {
  const tx = db.transaction(["marks", "batches"], "readwrite");
  const [unanswered] = (await tx.objectStore("batches").getAll()).sort((one, other) => one.made_at - other.made_at);
  let batch = unanswered;
  if (!batch) {
    const waiting = (await tx.objectStore("marks").getAll()).filter((mark) => mark.state === "waiting");
    if (waiting.length) {
      const id = waiting[0].session_id;
      const taken = waiting.filter((mark) => mark.session_id === id).slice(0, MOST_IN_A_BATCH);
      batch = { key: crypto.randomUUID(), session_id: id, made_at: Date.now(), marks: taken };
      tx.objectStore("batches").put(batch);
    }
  }
  await tx.done;
  return batch;
}

// What became of each mark of a batch. A tap that came meanwhile stays, and has now seen what the batch left.
export async function settle(db, batch, answer) {
  const asked = new Map(answer.conflicts.map((each) => [each.id, each]));
  const wrong = new Map(answer.problems.map((each) => [each.id, each.field]));
  const tx = db.transaction(["marks", "batches", "registers"], "readwrite");
  const store = tx.objectStore("marks");
  for (const sent of batch.marks) {
    const id = sent.enrolment_id;
    const mark = await store.get(markKey(sent));
    if (id in answer.kept) settled.set(String(markKey(sent)), { from: sent.seen, to: answer.kept[id] });
    if (!mark) continue;
    const isNewer = mark.stamp !== sent.stamp;
    if (isNewer && id in answer.kept) store.put({ ...mark, seen: answer.kept[id] });
    else if (isNewer) continue;
    else if (asked.has(id)) {
      const { theirs, seen } = asked.get(id);
      store.put({ ...mark, state: "ask", theirs, theirs_seen: seen, by: answer.marks[id]?.[3] ?? "" });
    } else if (wrong.has(id)) {
      store.put({ ...mark, state: "wrong", field: wrong.get(id), words: answer.words[id] ?? "This mark cannot be kept" });
    } else store.delete(markKey(sent));
  }
  tx.objectStore("batches").delete(batch.key);
  const kept = await tx.objectStore("registers").get(batch.session_id);
  if (kept) {
    kept.version = answer.version;
    for (const person of kept.people) {
      const now = answer.marks[person.id];
      if (now) Object.assign(person, { mark: now.slice(0, 2), seen: now[2] });
    }
    tx.objectStore("registers").put(kept);
  }
  await tx.done;
}

// The whole batch cannot be kept now: its marks stay here with the reason.
export async function refuse(db, batch, words) {
  const tx = db.transaction(["marks", "batches"], "readwrite");
  const store = tx.objectStore("marks");
  for (const sent of batch.marks) {
    const mark = await store.get(markKey(sent));
    if (mark?.state === "waiting") store.put({ ...mark, state: "refused", words });
  }
  tx.objectStore("batches").delete(batch.key);
  await tx.done;
}
