// The keys of the table. Single letters never fire in a field nor while an IME composes, and can be
// switched off (in the settings, or here for this browser).
import { changed, composing, typing } from "./words.js";

const PLACES = { h: "/", d: "/deals/board", t: "/tickets", u: "/units", a: "/accounts", l: "/alerts", r: "/reports/pipeline" };
const OFF = "engawa.keys.off";
let waiting = 0;

const lettersOff = () => document.body.dataset.keys === "off" || localStorage.getItem(OFF) === "1";

function press(selector) {
  const found = document.querySelector(selector);
  if (!found) return false;
  if (typing(found)) found.focus();
  else found.click();
  return true;
}

// The lines of what this page does not have are left out.
export function showKeys() {
  const dialog = document.getElementById("keys");
  for (const line of dialog?.querySelectorAll("[data-needs]") ?? []) {
    line.hidden = !document.querySelector(line.dataset.needs);
  }
  dialog?.showModal();
}

// Keys with Ctrl or ⌘, which work in fields too.
function chord(event) {
  const key = event.key.toLowerCase();
  if (event.shiftKey && key === "l") return press('[data-key="call"]');
  if (key === "enter") {
    const form = event.target.closest?.("form") ?? document.querySelector("form:has([data-save])");
    const save = form?.querySelector("[data-save]");
    if (!form) return false;
    form.requestSubmit(save ?? undefined);
    return true;
  }
  return false;
}

function letter(event) {
  if (event.key === "?") return showKeys() ?? true;
  const inDialog = document.querySelector("dialog[open]");
  if (inDialog) return false;
  if (waiting && Date.now() - waiting < 1200) {
    waiting = 0;
    const place = PLACES[event.key];
    if (place) location.assign(place);
    return Boolean(place);
  }
  if (event.key === "g") {
    waiting = Date.now();
    return true;
  }
  const on = { c: '[data-create], [data-key="create"]', e: '[data-edit], [data-key="edit"]', "[": "[data-prev]", "]": "[data-next]", z: "[data-undo]" };
  return event.key in on && press(on[event.key]);
}

function cancel() {
  if (document.querySelector("dialog[open]")) return false;
  const menu = document.querySelector("details.drop[open]");
  if (!menu) return press("[data-cancel]:not([hidden])");
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

// Out of a field in which something was typed the first Esc leads back to the keys; the next one cancels.
function escape(field) {
  if (!typing(field)) return cancel();
  if (field.type === "search" && field.value) return false;
  const fields = field.form?.querySelectorAll("input:not([type=hidden]), select, textarea") ?? [];
  if (![...fields].some(changed)) return cancel();
  field.blur();
  return true;
}

function onKey(event) {
  if (composing(event) || event.defaultPrevented) return;
  let done = false;
  if (event.ctrlKey || event.metaKey) done = chord(event);
  else if (event.altKey) done = false;
  else if (event.key === "Escape") done = escape(event.target);
  else if (!typing(event.target) && event.key.length === 1 && !lettersOff()) done = letter(event);
  if (done) event.preventDefault();
}

// The switch in the dialog of keys.
function switchLetters(button) {
  const draw = () => {
    button.textContent = localStorage.getItem(OFF) === "1" ? button.dataset.on : button.dataset.off;
  };
  button.addEventListener("click", () => {
    if (localStorage.getItem(OFF) === "1") localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    draw();
  });
  draw();
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.querySelectorAll("[data-keys-switch]").forEach(switchLetters);
}

export { lettersOff };
