// What is kept on this phone until the server has it: one record for each form and person, in
// localStorage under "onsite:PERSON:/work-orders/5/onsite". A record is
// { path, title, fields: [[name, value]], state, key, after, tried, at, why }.
const PREFIX = "onsite:";
const PAGES = "engawa-onsite-";
const SCOPE = "/work-orders/";

export const person = () => document.body.dataset.person ?? "";
const name = (path) => `${PREFIX}${person()}:${path}`;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export const recall = (path) => read(name(path));

export function keep(record) {
  localStorage.setItem(name(record.path), JSON.stringify(record));
}

export function drop(path) {
  localStorage.removeItem(name(path));
}

function keys(prefix) {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

// This person's records, the oldest first: the order in which they are sent.
export function records() {
  return keys(`${PREFIX}${person()}:`).map(read).filter(Boolean).sort((one, other) => one.at - other.at);
}

export function anybodys() {
  return keys(PREFIX).length;
}

// A key that no other request has. Without a secure context there is no randomUUID.
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// The pages that open without a network, and the worker that hands them out.
export async function forgetPages() {
  if (!("caches" in window)) return;
  for (const one of await caches.keys()) if (one.startsWith(PAGES)) await caches.delete(one);
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    if (new URL(worker.scope).pathname === SCOPE) await worker.unregister();
  }
}

export async function forgetEverything() {
  for (const key of keys(PREFIX)) localStorage.removeItem(key);
  await forgetPages();
}
