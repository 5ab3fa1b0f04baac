// The call console: F2 looks up, digits choose in the step one is in, Alt+1..3 puts in a known answer,
// Ctrl+1..3 changes the call, Ctrl+Enter saves (keys.js), the time runs.
import { typing } from "./words.js";

function time(place) {
  const since = Date.parse(place.dataset.since);
  const draw = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    place.textContent = minutes < 60 ? `${two(minutes)}:${two(seconds % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  };
  draw();
  setInterval(draw, 1000);
}

// The step where the focus is, else the first that has no answer yet.
function step(target) {
  const here = target.closest?.(".step")?.querySelector("[data-options]");
  if (here) return here;
  const open = [...document.querySelectorAll("[data-call] [data-options]")].find((one) => !one.querySelector(":checked"));
  return open ?? document.querySelector("[data-call] [data-options]");
}

function choose(options, digit) {
  const input = options?.querySelectorAll("input")[digit - 1];
  if (!input) return false;
  input.click();
  const next = options.closest(".step")?.nextElementSibling;
  const field = next?.querySelector("[data-options] :checked, [data-options] input, textarea, .in, button");
  field?.focus();
  return true;
}

function insert(index) {
  const known = document.querySelectorAll("[data-insert]")[index - 1];
  const field = document.querySelector("[data-insert-into]");
  if (!known || !field) return false;
  field.value = [field.value.trim(), known.dataset.insert].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  return true;
}

function onKey(event) {
  if (event.isComposing) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  let done = false;
  if (event.key === "F2") {
    const field = document.querySelector("[data-lookup]");
    field?.focus();
    field?.select();
    done = Boolean(field);
  } else if (digit && event.altKey) done = insert(Number(digit));
  else if (digit && event.ctrlKey) {
    const tab = document.querySelectorAll("[data-call-tab]")[Number(digit) - 1];
    tab?.click();
    done = Boolean(tab);
  } else if (digit && !event.metaKey && !typing(event.target)) done = choose(step(event.target), Number(digit));
  if (done) event.preventDefault();
}

// Arrow keys walk the candidates under the look-up field; Enter takes one.
function walk(event) {
  const rows = [...document.querySelectorAll("[data-candidates] a")];
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing || !rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (by) {
    event.preventDefault();
    rows[at]?.removeAttribute("aria-selected");
    rows[(at + by + rows.length) % rows.length].setAttribute("aria-selected", "true");
  } else if (event.key === "Enter" && (at >= 0 || rows.length === 1)) {
    event.preventDefault();
    rows[Math.max(at, 0)].click();
  }
}

export function startCall() {
  document.querySelectorAll("[data-since]").forEach(time);
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-lookup]")?.addEventListener("keydown", walk);
}
