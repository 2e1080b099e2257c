/*
 * The service worker of the desk. It keeps one page, the one that says that there is no connection, with the style and
 * the scripts of that page. It never keeps a page of the desk: those hold what is told to us in confidence.
 */
const SHELL = "consult-desk-1";
const OFFLINE = "/werkplek/offline";

/* The page and whatever it loads from here, by the addresses that stand in it. */
const keep = async () => {
  const cache = await caches.open(SHELL);
  const answer = await fetch(OFFLINE, { cache: "reload", credentials: "omit" });
  if (!answer.ok) throw new Error(`the offline page answers ${answer.status}`);
  const found = [...(await answer.clone().text()).matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg|png)[^"]*)"/g)];
  await cache.addAll([...new Set(found.map(([, address]) => address.replaceAll("&amp;", "&")))]);
  await cache.put(OFFLINE, answer);
};

const dropOthers = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
};

const shell = async (address) => (await caches.open(SHELL)).match(address);

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await shell(OFFLINE)) ?? Response.error()));
  } else if (request.method === "GET" && new URL(request.url).origin === self.location.origin) {
    event.respondWith(fetch(request).catch(async () => (await shell(request.url)) ?? Response.error()));
  }
});
