// A register that saves itself: every tap is written down on the phone at once and sent as soon as there is signal.
import * as store from "./store.js";
import * as rows from "./rows.js";
import { listen, NoSignal, refresh, SignedOut, sync } from "./sync.js";

const SOON = 600; // several taps in a row go together
const PAUSES = [5_000, 10_000, 20_000, 40_000, 60_000];

export class Live {
  // `seen` is a map: the fingerprint of the mark that each row was drawn with. `changed` hears when it has moved.
  constructor({ db, form, line, sessionId, most, seen, changed = () => {} }) {
    Object.assign(this, { db, form, line, sessionId, most, seen, changed });
    this.more = new Map(); // reasons and notes by the stamp of their mark: they live as long as this page
    this.marks = [];
    this.state = "";
    this.failed = 0;
    this.writing = Promise.resolve();
    listen(({ session_id: id, answer }) => id === sessionId && this.answered(answer));
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.say("no signal"));
    addEventListener("pageshow", (event) => event.persisted && this.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
    addEventListener("beforeunload", (event) => {
      if (this.more.size) event.preventDefault(); // a reason or a note would be lost: it is not kept on the phone
    });
  }

  async begin() {
    await store.tryAgain(this.db);
    await this.draw();
    this.say(navigator.onLine === false ? "no signal" : "");
    this.hurry();
  }

  // One row was tapped or typed in. Taps are written in their order; each is safe before the next is looked at.
  tap(row, facts = {}) {
    const mark = rows.read(row, this.most);
    if (mark.code === undefined) return this.writing; // a note without a mark waits for the button
    const { more, ...rest } = facts;
    this.writing = this.writing.then(async () => {
      const kept = await store.tap(this.db, {
        session_id: this.sessionId, marked_at: Date.now(), rest: false, seen: this.seen.get(mark.enrolment_id) ?? "",
        ...mark, state: mark.words ? "unfinished" : "waiting", ...rest,
      });
      this.isAnothers ||= Boolean(kept.isAside);
      const earlier = this.marks.find((each) => each.enrolment_id === mark.enrolment_id);
      const known = { ...this.more.get(earlier?.stamp), ...more };
      if (earlier) this.more.delete(earlier.stamp);
      if (mark.code !== "A") delete known.reason;
      if (Object.keys(known).length) this.more.set(kept.stamp, known);
      await this.draw();
    });
    this.later(SOON);
    return this.writing;
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  hurry() {
    this.failed = 0;
    return this.send(true);
  }

  // Send what waits; `looks` asks how the register stands even when nothing does. Answers whether all went.
  async send(looks = false) {
    clearTimeout(this.timer);
    await this.writing;
    let state = "";
    if (this.isAnothers) {
      this.say("signed out"); // what was tapped waits for whose page this is
      return false;
    }
    try {
      await sync(this.db, { more: (stamp) => this.more.get(stamp) ?? {}, told: (batch, answer) => this.sent(batch, answer) });
      if (looks) this.looked(await refresh(this.db));
      this.failed = 0;
    } catch (error) {
      if (!(error instanceof NoSignal || error instanceof SignedOut)) throw error;
      state = error instanceof NoSignal ? "no signal" : "signed out";
    }
    await this.draw();
    this.say(state);
    const waiting = this.marks.some((mark) => mark.state === "waiting");
    if (state === "no signal") this.later(PAUSES[Math.min(this.failed++, PAUSES.length - 1)]);
    else if (waiting && !state) this.later(SOON);
    return !state;
  }

  sent(batch, answer) {
    const done = new Set([...Object.keys(answer.kept ?? {}).map(Number), ...(answer.gave_way ?? [])]);
    for (const mark of batch.marks) if (done.has(mark.enrolment_id)) this.more.delete(mark.stamp);
    if (batch.session_id === this.sessionId) this.answered(answer);
  }

  // How the register stands now, what others marked too.
  async answered(answer) {
    if (!answer.marks) return;
    await this.draw();
    const own = new Set(Object.keys(answer.kept).map(Number));
    for (const [id, [code, minutes, seen, by]] of Object.entries(answer.marks)) this.stands(Number(id), [code, minutes], seen, own.has(Number(id)) ? "" : by);
    this.changed(answer.version);
  }

  looked(today) {
    const register = today.registers.find((each) => each.id === this.sessionId);
    for (const person of register?.people ?? []) this.stands(person.id, person.mark, person.seen, "Somebody else");
    if (register) this.changed(register.version);
  }

  stands(id, mark, seen, by) {
    const row = rows.rowOf(this.form, id);
    if (!row || this.seen.get(id) === seen || this.marks.some((each) => each.enrolment_id === id)) return;
    const was = rows.codeOf(row) ?? "";
    this.seen.set(id, seen);
    rows.show(row, mark);
    rows.tell(row, by && was !== mark[0] ? `${by} marked ${rows.inWords(mark)}` : "", "by");
  }

  // What is kept on the phone, over what the page was drawn with.
  async draw() {
    this.marks = await store.marks(this.db, this.sessionId);
    const mine = new Map(this.marks.map((mark) => [mark.enrolment_id, mark]));
    for (const row of rows.rowsIn(this.form)) {
      const mark = mine.get(rows.idOf(row));
      if (mark && (rows.codeOf(row) ?? "") !== (mark.code ?? "")) rows.show(row, [mark.code, mark.minutes]);
      rows.tell(row, mark && mark.state !== "ask" && mark.state !== "refused" ? mark.words ?? "" : "", "needs");
      if (mark) rows.tell(row, "", "by");
      rows.ask(row, mark, async (isMine) => {
        const { theirs, theirs_seen: seen } = mark;
        const again = await store.decide(this.db, mark, isMine);
        if (isMine && this.more.has(mark.stamp)) this.more.set(again.stamp, this.more.get(mark.stamp));
        this.more.delete(mark.stamp);
        await this.draw();
        if (!isMine) {
          this.seen.set(mark.enrolment_id, seen);
          rows.show(row, theirs);
        }
        row.querySelector("input[type=radio]:checked, input[type=radio]").focus();
        this.hurry();
      });
    }
    this.form.dispatchEvent(new Event("counted"));
    this.say(this.state);
  }

  say(state) {
    this.state = state;
    rows.sayState(this.line, this.marks, {
      state, form: this.form, signIn: `/sign-in?next=${encodeURIComponent(location.pathname)}`,
    });
  }
}

// "18 of 20 marked", counted at every tap; and the rest of them present, which overwrites nobody.
export function countAndRest(form, { tapped = () => {} } = {}) {
  const said = form.querySelector(".save-bar__count");
  const all = rows.rowsIn(form);
  const count = () => {
    said.textContent = `${all.filter(rows.codeOf).length} of ${all.length} marked`;
  };
  form.addEventListener("change", count);
  form.addEventListener("counted", count);
  // Without JavaScript this button marks and saves; with it, it marks, and one looks before saving.
  form.querySelector("[data-rest]")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const row of all.filter((each) => !rows.codeOf(each))) {
      row.querySelector('input[value="P"]').checked = true;
      tapped(row);
    }
    count();
    form.querySelector("[value=save]")?.focus({ preventScroll: true });
  });
  count();
}
