// On every page: today's registers are put on the phone of whoever marks them, and taken off it again.
import * as store from "./store.js";
import { refresh, sync } from "./sync.js";

const FRESH = 5 * 60 * 1000;

export async function keep({ person, registers, worker }) {
  if (!store.isPossible()) return;
  const db = await store.open();
  await store.forgetOld(db);
  // Nobody signed in may be the same person, about to sign in again. Whoever may not mark keeps nothing.
  if (!person) return;
  await store.takeOver(db, person);
  if (!registers) await store.clearOwn(db);
  const left = await store.leftByOthers(db);
  if (left) sayWhatWaits(left);
  if (!registers) {
    if (left) watchSignOut(db);
    return;
  }
  const known = await store.phone(db);
  watchSignOut(db);
  navigator.serviceWorker?.register(worker, { scope: "/", updateViaCache: "none" }).catch(() => {});
  if (document.querySelector("form.register[data-session]")) return; // its own script does the rest
  try {
    await sync(db);
    if (!(Math.abs(Date.now() - known.kept_at) < FRESH)) await refresh(db);
  } catch {
    // no signal: the next page tries again
  }
}

// Somebody else's marks: they can be sent by nobody but them, and whoever holds the phone should know.
function sayWhatWaits(left) {
  const said = document.createElement("p");
  said.className = "govuk-inset-text";
  said.id = "left-by-others";
  said.setAttribute("role", "status");
  document.querySelector("main h1")?.after(said);
  said.textContent = `${left} ${left === 1 ? "mark" : "marks"} of somebody else ${left === 1 ? "waits" : "wait"} on this phone. `
    + "They are sent when that person signs in here again, within a week. Signing out loses them.";
}

function watchSignOut(db) {
  const form = document.querySelector('form[action$="/sign-out"]');
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await sync(db).catch(() => {});
    const others = await store.leftByOthers(db);
    const left = (await store.marks(db)).length + others;
    const whose = others ? ` (${others} of somebody else)` : "";
    const words = `${left} ${left === 1 ? "mark is" : "marks are"} on this phone only${whose} and will be lost. Sign out?`;
    if (left && !window.confirm(words)) return;
    await store.clear(db);
    db.close();
    form.submit();
  });
}
