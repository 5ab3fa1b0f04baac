// A value becomes its field in place: Enter saves, Esc gives the old value back, leaving saves too.
// What a mouse or finger picks is saved at once; arrows only walk through the choices of a list.
import { changed, composing } from "./words.js";

const EARLIEST = "1900"; // while a year is typed the field says 0002, 0020, 0202
const before = new WeakMap();
let byKeys = false;

function giveBack(place) {
  place.innerHTML = before.get(place) ?? place.innerHTML;
  window.htmx?.process(place);
}

function picked(event) {
  const form = event.target.closest("[data-inline-form]");
  if (!form || byKeys) return;
  const day = event.target.matches("input[type=date]") && event.target.value >= EARLIEST;
  if (day || event.target.matches("select")) form.requestSubmit();
}

// A field that was refused waits for another word; one that was not touched gives its value back.
function left(event) {
  const form = event.target.closest?.("[data-inline-form]");
  if (!form || form.dataset.sent !== undefined || form.querySelector(".why-not")) return;
  const field = form.querySelector(".in");
  if (form.contains(event.relatedTarget) || !form.isConnected) return;
  if (changed(field)) form.requestSubmit();
  else setTimeout(() => form.isConnected && giveBack(form.closest("dd")));
}

function onKey(event) {
  const form = event.target.closest?.("[data-inline-form]");
  byKeys = Boolean(form);
  if (!form || composing(event)) return;
  if (event.key === "Enter" && event.target.matches("select")) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (event.key !== "Escape") return;
  event.preventDefault();
  const place = form.closest("dd");
  form.dataset.sent = "";
  giveBack(place);
  place.querySelector("[data-inline]")?.focus();
}

export function startInline() {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    if (!(place instanceof HTMLElement) || !place.matches("dd")) return;
    if (place.querySelector("[data-inline]")) before.set(place, place.innerHTML);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const field = event.detail.target.querySelector?.("[data-inline-form] .in");
    field?.focus();
    field?.select?.();
    if (!field && event.detail.requestConfig?.verb === "post") {
      const nobody = document.activeElement === document.body;
      if (nobody) event.detail.target.querySelector?.("[data-inline]")?.focus();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-inline-form]")) event.target.dataset.sent = "";
  });
  document.addEventListener("pointerdown", () => { byKeys = false; });
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", picked);
  document.addEventListener("focusout", left);
}
