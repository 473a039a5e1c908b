// The trainer's screen asks for its own page every few seconds and shows the part that lives. Without JavaScript
// the page refreshes itself. When the answer is another page, such as the sign-in, everything is shown anew.
const EVERY = 4000;
const live = document.querySelector("[data-live]");

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (fresh?.dataset.live !== "open") return location.reload();
      live.replaceChildren(...fresh.childNodes);
    } catch {
      // No network, or a busy server, for a moment: what is shown stays, and the next look tries again.
    }
  }
  setTimeout(look, EVERY);
}
setTimeout(look, EVERY);
document.addEventListener("visibilitychange", () => document.hidden || location.reload());
