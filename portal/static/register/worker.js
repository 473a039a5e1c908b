// The service worker: without signal it answers for the register's page, with a shell that names nobody. It keeps our
// static files and that shell, and no page with anybody's name ever.
const { shell, files, version } = self.portal;
const CACHE = `alongside-${version}`;
const PATIENCE = 10_000;
const REGISTER = /^\/(start)?$|^\/sessions\/\d+\/register$|^\/registers\/offline$/;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  const requests = files.map((file) => new Request(file, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  const older = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(older());
});

const fromCache = async (path) => (await caches.open(CACHE)).match(path);

async function pageOrShell(request) {
  const kept = await fromCache(shell);
  const tooLong = new Promise((resolve) => {
    setTimeout(resolve, PATIENCE, kept);
  });
  const page = fetch(request).catch(() => kept);
  return (await (kept ? Promise.race([page, tooLong]) : page)) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (REGISTER.test(url.pathname)) event.respondWith(pageOrShell(request));
  } else if (files.includes(url.pathname + url.search)) {
    event.respondWith(fromCache(url.pathname + url.search).then((kept) => kept ?? fetch(request)));
  }
});
