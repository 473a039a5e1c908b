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
  if (!registers) {
    await store.clear(db);
    return;
  }
  await store.takeOver(db, person);
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

function watchSignOut(db) {
  const form = document.querySelector('form[action$="/sign-out"]');
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await sync(db).catch(() => {});
    const left = (await store.marks(db)).length;
    const words = `${left} ${left === 1 ? "mark is" : "marks are"} on this phone only and will be lost. Sign out?`;
    if (left && !window.confirm(words)) return;
    await store.clear(db);
    db.close();
    form.submit();
  });
}
