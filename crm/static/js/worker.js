// Lets the engineer's day and its forms open without a network. It lives at /work-orders/worker.js,
// serves nothing outside /work-orders/, and is one person's: PERSON and VERSION stand in its address,
// so that another person or a new version of the product is another worker with another store.
const asked = new URL(self.location).searchParams;
const FAMILY = "engawa-onsite-";
const STORE = `${FAMILY}${asked.get("person")}-${asked.get("version")}`;
const PAGE = /^\/work-orders\/(day|\d+\/(onsite|signature))$/;
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const others = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(FAMILY) && name !== STORE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(others());
});

const mayKeep = (answer) => answer.ok && !answer.redirected && answer.type === "basic";

async function put(address, answer) {
  if (mayKeep(answer)) await (await caches.open(STORE)).put(address, answer.clone());
  return answer;
}

// A page comes from the network; when that fails, or is slower than PATIENCE, from the store.
async function page(request, path) {
  const store = await caches.open(STORE);
  const fresh = fetch(request).then((answer) => put(path, answer));
  const kept = await store.match(path, { ignoreVary: true });
  if (!kept) return fresh;
  const late = new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); });
  return Promise.race([fresh.catch(() => kept), late]);
}

// A file has its version in its address and never changes.
async function file(request) {
  const kept = await (await caches.open(STORE)).match(request.url, { ignoreVary: true });
  return kept ?? put(request.url, await fetch(request));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && PAGE.test(url.pathname)) {
    event.respondWith(page(request, url.pathname + url.search));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(file(request));
  }
});

// What an open page asks to be kept: itself, its files, and the forms of the day. One that cannot be
// had does not keep the others out.
async function keep(addresses) {
  const store = await caches.open(STORE);
  const one = async (address) => {
    const asset = new URL(address, self.location).pathname.startsWith("/assets/");
    if (asset && await store.match(address, { ignoreVary: true })) return;
    await put(address, await fetch(address));
  };
  await Promise.allSettled(addresses.map(one));
}

self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep));
});
