// Lists by the keyboard: j and k move, Enter opens, x picks. Rows carry data-row with their address.
// Rows may have buttons of their own that a key presses (data-act): Enter, s and d of an alert, the
// numbers of a call list.
import { lettersOff } from "./keys.js";
import { composing, typing } from "./words.js";

const all = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const now = () => document.querySelector("[data-row].sel");

// What of a row has the focus since a key moved there: Enter means the row then, not this link alone.
let landed = null;

function select(row) {
  if (!row) return;
  now()?.classList.remove("sel");
  row.classList.add("sel");
  row.scrollIntoView({ block: "nearest" });
  landed = row.matches("a, button, [tabindex]") ? row : row.querySelector("a.open") ?? row.querySelector("a, button");
  landed?.focus({ preventScroll: true });
}

function step(by) {
  const rows = all();
  if (!rows.length) return false;
  const at = rows.indexOf(now());
  select(rows[Math.min(Math.max(at + by, 0), rows.length - 1)]);
  return true;
}

function act(name) {
  const button = now()?.querySelector(`[data-act="${name}"]`);
  button?.click();
  button?.closest("details[open]")?.querySelector("form button, form input:not([type=hidden])")?.focus();
  return Boolean(button);
}

function open() {
  const row = now();
  if (!row) return false;
  if (act("Enter")) return true;
  if (row.dataset.row) location.assign(row.dataset.row);
  return Boolean(row.dataset.row);
}

function pickRow() {
  const box = now()?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function onKey(event) {
  const busy = composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
  if (busy || typing(event.target) || lettersOff() || document.querySelector("dialog[open]")) return;
  const onControl = event.target.matches?.("a, button, summary, label, input");
  let done = false;
  if (event.key === "j") done = step(1);
  else if (event.key === "k") done = step(-1);
  else if (event.key === "x") done = pickRow();
  else if (/^[1-6sd]$/.test(event.key)) done = act(event.key);
  else if (event.key === "Enter") {
    const own = event.target === landed || event.target.closest("[data-row].sel .open");
    if (!onControl || own) done = open();
  }
  if (done) event.preventDefault();
}

export function startList() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const card = event.target.closest("article[data-row]");
    if (card && card !== now()) {
      now()?.classList.remove("sel");
      card.classList.add("sel");
    }
    // A whole row opens, but not where something else can be pressed.
    const row = event.target.closest("tr[data-row]");
    if (row?.dataset.row && !event.target.closest("a, button, input, label, select") && !getSelection().toString()) {
      location.assign(row.dataset.row);
    }
  });
}
