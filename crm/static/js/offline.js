// Forms that survive losing the network: form[data-offline]. Every key typed is kept on this phone;
// saving without a network queues, and what is queued goes when the network is back, or after a
// reload. [data-offline-state="/work-orders/5/onsite"] elsewhere says what waits.
import { drop, freshKey, keep, person, recall, records } from "./kept.js";
import { fitRows, startGrowing } from "./growing.js";
import { send } from "./sending.js";
import { startOnsite } from "./onsite.js";
import { startPads } from "./signature.js";

// Milliseconds between tries: at first, and at most.
const SOON = 1_000;
const AGAIN = 15_000;
const NOT_KEPT = ["csrf_token", "idempotency_key"];
let busy = false;
let called = false;
let next = 0;

const theForm = () => document.querySelector("form[data-offline]");
// A form with a field called action has no other action.
const pathOf = (form) => new URL(form.getAttribute("action"), location.href).pathname;
const said = () => JSON.parse(document.querySelector("[data-offline-words]")?.dataset.offlineWords ?? "{}");

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.includes(name) && typeof value === "string");
}

// What the person sees of a record: saved, kept, queued, sending, refused, conflict, signed_out.
function tell(path, state, why = "") {
  const words = said();
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hour12: false });
  for (const place of document.querySelectorAll(`[data-offline-state="${CSS.escape(path)}"]`)) {
    place.dataset.is = state;
    place.textContent = (words[state] ?? state).replace("{time}", time) + (why ? ` ${why}` : "");
    place.hidden = false;
  }
  for (const button of document.querySelectorAll("[data-offline-drop]")) button.hidden = state === "saved" || state === "sending";
}

const waiting = (record) => (record.state === "queued" ? "queued" : record.state === "draft" ? "kept" : record.state);

function snapshot(form, state) {
  const path = pathOf(form);
  const before = recall(path);
  const after = [...(before?.after ?? [])];
  if (before?.tried) after.push(before.key);
  return { path, title: document.title, fields: fieldsOf(form), state, key: freshKey(), after: after.slice(-9), at: Date.now() };
}

function typed(form) {
  const record = snapshot(form, "draft");
  keep(record);
  tell(record.path, waiting(record));
}

// Put what was typed back over the page, with the version and the originals it was typed against.
function restore(form, record) {
  const given = new Map();
  for (const [name, value] of record.fields) given.set(name, [...(given.get(name) ?? []), value]);
  fitRows(form, given);
  for (const element of form.elements) {
    const values = given.get(element.name);
    if (!values || element.type === "submit" || NOT_KEPT.includes(element.name)) continue;
    if (element.type === "radio" || element.type === "checkbox") element.checked = values.includes(element.value);
    else element.value = values.shift() ?? "";
  }
  form.dispatchEvent(new Event("restored"));
}

function choose(form, html) {
  const dialog = document.getElementById("dialog");
  dialog.innerHTML = html;
  const asked = dialog.querySelector("form.conflict");
  asked.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    keep({ ...snapshot(form, "queued"), fields: fieldsOf(asked) });
    tryNow();
  });
  if (!dialog.open) dialog.showModal();
}

// The refused form comes back with its reasons; what was typed is in it.
function swap(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("form[data-offline]");
  if (!fresh) return;
  form.replaceWith(fresh);
  listen(fresh);
  startPads(fresh);
  (fresh.querySelector("[aria-invalid], .err") ?? fresh.querySelector("#errors"))?.focus();
}

function settle(record, came) {
  const form = theForm();
  const here = form && pathOf(form) === record.path;
  if (came.state === "away") return tell(record.path, "queued");
  if (came.state === "saved" && !came.typedOn) {
    tell(record.path, "saved");
    if (here) location.assign(came.target);
    return undefined;
  }
  if (came.typedOn) return tell(record.path, "kept");
  if (here && came.state === "conflict") choose(form, came.text);
  if (here && came.state === "refused") swap(form, came.text);
  return tell(record.path, came.state, came.why);
}

async function sendQueued() {
  for (const record of records().filter((one) => one.state === "queued")) {
    tell(record.path, "sending");
    const came = await send(record);
    settle(record, came);
    if (came.state === "away" || came.state === "signed_out") break;
  }
}

// The network may come back while a try is still failing: whoever calls then gets another one.
async function flush() {
  called = true;
  if (busy) return;
  busy = true;
  try {
    while (called) {
      called = false;
      await sendQueued();
    }
  } finally {
    busy = false;
  }
}

// A phone says that it is connected some moments before requests get through: what failed is tried
// again soon, then ever later.
function keepTrying(pause) {
  clearTimeout(next);
  next = setTimeout(() => {
    if (!document.hidden) flush();
    keepTrying(Math.min(2 * pause, AGAIN));
  }, pause);
}

function tryNow() {
  flush();
  keepTrying(SOON);
}

function listen(form) {
  form.addEventListener("input", () => typed(form));
  form.addEventListener("change", () => typed(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const record = snapshot(form, "queued");
    keep(record);
    tell(record.path, "queued");
    tryNow();
  });
}

function begin(form) {
  const record = recall(pathOf(form));
  listen(form);
  if (!record) return;
  restore(form, record);
  tell(record.path, waiting(record), record.why ?? "");
}

// Ask the worker to keep this page, its files, and the forms that the day links to.
async function keepPages() {
  if (!("serviceWorker" in navigator) || !person()) return;
  const [, version] = new URL(import.meta.url).pathname.match(/^\/assets\/([^/]+)\//) ?? [];
  const address = `/work-orders/worker.js?person=${person()}&version=${version}`;
  try {
    await navigator.serviceWorker.register(address, { scope: "/work-orders/" });
    const ready = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map((one) => one.name).filter((one) => one.includes("/assets/"));
    const forms = [...document.querySelectorAll("a[data-offline-page]")].map((one) => one.href);
    ready.active?.postMessage({ keep: [location.pathname + location.search, ...files, ...forms] });
  } catch {
    // Without a secure address there is no worker; what is typed is kept all the same.
  }
}

export function startOffline() {
  const form = theForm();
  startPads();
  startOnsite();
  startGrowing();
  if (form) begin(form);
  for (const record of records()) if (!form || pathOf(form) !== record.path) tell(record.path, waiting(record), record.why ?? "");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-offline-drop]")) {
      drop(pathOf(theForm()));
      location.reload();
    }
  });
  addEventListener("online", tryNow);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tryNow(); });
  tryNow();
  keepPages();
}
