// A value becomes its field in place: Enter saves, Esc gives the old value back, leaving saves too.
import { composing } from "./words.js";

const before = new WeakMap();

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
    if (!field) event.detail.target.querySelector?.("[data-inline]")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-inline-form]");
    if (!form || event.key !== "Escape" || composing(event)) return;
    event.preventDefault();
    const place = form.closest("dd");
    place.innerHTML = before.get(place) ?? place.innerHTML;
    window.htmx?.process(place);
    place.querySelector("[data-inline]")?.focus();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-inline-form]");
    if (form && event.target.matches("select, input[type=date]")) form.requestSubmit();
  });
}
