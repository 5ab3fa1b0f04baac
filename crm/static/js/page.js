// Small things of every page: dialogs that close, the eye of a password, copying, the phone's tabs, where a wide part opens.
import { composing } from "./words.js";

function close(event) {
  const button = event.target.closest("[data-close]");
  const dialog = button?.closest("dialog");
  if (!dialog?.open) return;
  event.preventDefault();
  dialog.close();
}

// A link to a dialog of this page opens it; without script the address does (:target).
function openLinked(event) {
  const link = event.target.closest('a[href^="#"]');
  const dialog = link && document.getElementById(link.hash.slice(1));
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
}

function peek(button) {
  const field = document.getElementById(button.dataset.peek);
  button.hidden = false;
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(field.type === "text"));
  });
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.querySelector("svg")?.classList.add("ok");
}

// Tabs under the pinned next step: on the phone one column shows at a time.
function tabs(bar) {
  const buttons = [...bar.querySelectorAll("[data-show]")];
  const show = (key) => {
    for (const button of buttons) button.setAttribute("aria-selected", String(button.dataset.show === key));
    for (const part of document.querySelectorAll("[data-ptab]")) {
      part.classList.toggle("off", part.dataset.ptab !== key);
    }
  };
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.show));
  const narrow = matchMedia("(max-width: 767.98px)");
  const follow = () => {
    if (narrow.matches) return show(buttons[0].dataset.show);
    for (const part of document.querySelectorAll("[data-ptab]")) part.classList.remove("off");
  };
  narrow.addEventListener("change", follow);
  follow();
}

// A fragment that arrives in #dialog opens it; one that is not a fragment of ours does nothing.
function openOnSwap(event) {
  const dialog = document.getElementById("dialog");
  if (event.detail.target === dialog && dialog.innerHTML.trim() && !dialog.open) dialog.showModal();
}

// The name of a chosen file stands beside its button; the words before it come back when none is.
function nameFile(input) {
  const place = input.parentElement.querySelector("output");
  if (!place) return;
  place.dataset.none ??= place.innerHTML;
  if (input.files.length) place.textContent = [...input.files].map((one) => one.name).join(", ");
  else place.innerHTML = place.dataset.none;
}

function startFiles() {
  const at = (event) => event.target.matches?.('.file > input[type="file"]') ? event.target : null;
  document.addEventListener("change", (event) => at(event) && nameFile(event.target));
  document.addEventListener("dragenter", (event) => at(event)?.classList.add("over"));
  for (const end of ["dragleave", "drop"]) {
    document.addEventListener(end, (event) => at(event)?.classList.remove("over"));
  }
}

// A small menu closes when something outside of it is pressed or another one opens.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

// Whoever opens a form begins to type; on a phone the keyboard would cover half of it.
function enter(form) {
  const taken = document.activeElement !== document.body || document.querySelector("[autofocus]");
  if (!form || taken || !matchMedia("(pointer: fine)").matches) return;
  form.querySelector("input:not([type=hidden], [type=file], [readonly]), select, textarea")?.focus({ preventScroll: true });
}

// Enter in a look-up within a form leads to what was found, and does not send the form.
function toFound(event) {
  const field = event.key === "Enter" && !composing(event) && event.target.closest?.("form input[type=search][hx-get]");
  if (!field) return;
  event.preventDefault();
  document.querySelector(field.getAttribute("hx-target"))?.querySelector("input[type=radio]")?.focus();
}

// What scrolls sideways opens at the place that matters: a calendar at today, words beside each
// other at the one where one is.
const opening = new ResizeObserver((seen) => {
  for (const { target } of seen) target.scrollLeft = Number(target.dataset.opensAt ?? outOfSight(target));
});

function outOfSight(bar) {
  const word = bar.querySelector(":scope > [aria-current]").getBoundingClientRect();
  return bar.scrollLeft + Math.max(0, word.right - bar.getBoundingClientRect().right);
}

export function startPage() {
  startFiles();
  document.addEventListener("click", close);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", toFound);
  document.addEventListener("click", openLinked);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  document.querySelectorAll("[data-peek]").forEach(peek);
  document.querySelectorAll("[data-ptabs]").forEach(tabs);
  document.querySelectorAll("[data-opens-at], :is(.fl, .tabs):has(> [aria-current])").forEach((bar) => opening.observe(bar));
  document.addEventListener("htmx:afterSwap", openOnSwap);
  document.querySelector("#errors")?.focus();
  enter(document.querySelector("form.form[data-guard]"));
}
