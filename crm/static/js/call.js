// The call console: F2 looks up, digits choose in the step one is in, Alt+1..3 puts in a known answer,
// Alt+0 takes a buying word back, Ctrl+1..3 changes the call, F8, F9, Shift+F9 and F10 press their buttons,
// Ctrl+Enter saves (keys.js), the time runs.
import { startHolding } from "./holding.js";
import { changed, composing, typing } from "./words.js";

const PAUSE = 500;
const FRESH = 10_000;
const seen = (one) => one.offsetParent !== null;

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
  const each = setInterval(() => (place.isConnected ? draw() : clearInterval(each)), 1000);
}

// The choices of the step where the focus is, else of the first step that has no answer yet. A step
// may point at a list elsewhere (the units on the right) by data-pick.
function choices(step) {
  const pick = step?.querySelector("[data-pick]");
  if (pick) return document.querySelector(pick.dataset.pick);
  return [...(step?.querySelectorAll("[data-options]") ?? [])].find(seen);
}

function stepOf(target) {
  const here = target.closest?.(".step");
  if (here && choices(here)) return here;
  const steps = [...document.querySelectorAll("[data-call] .step")].filter(choices);
  const list = target.closest?.("#call-units");
  if (list) return steps.find((one) => choices(one) === list);
  return steps.find((one) => !choices(one).querySelector(":checked")) ?? steps[0];
}

function enter(step) {
  const place = choices(step)?.closest(".step") === step
    ? choices(step).querySelector(":checked") ?? choices(step).querySelector("input")
    : step?.querySelector("[data-pick], textarea, .in");
  place?.focus();
}

function choose(step, digit) {
  const input = choices(step)?.querySelectorAll("input[type=radio]")[digit - 1];
  if (!input) return false;
  input.click();
  const next = step.nextElementSibling;
  if (next) enter(next);
  else input.focus();
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
  if (composing(event)) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  let done = false;
  if (event.key === "F2") {
    const field = document.querySelector("[data-lookup]");
    field?.focus();
    field?.select();
    done = Boolean(field);
  } else if (/^F\d+$/.test(event.key)) {
    const button = document.querySelector(`[data-press="${event.shiftKey ? "Shift " : ""}${event.key}"]`);
    button?.click();
    done = Boolean(button);
  } else if (event.altKey && /^(?:Digit|Numpad)0$/.test(event.code)) {
    const button = document.querySelector("[data-take-back]");
    button?.click();
    done = Boolean(button);
  } else if (digit && event.altKey) done = insert(Number(digit));
  else if (digit && event.ctrlKey) {
    const tab = document.querySelectorAll("[data-call-tab]")[Number(digit) - 1];
    if (!tab?.matches("[aria-current]")) tab?.click(); // one is in that call already
    done = Boolean(tab);
  } else if (digit && !event.metaKey && !typing(event.target)) done = choose(stepOf(event.target), Number(digit));
  if (done) event.preventDefault();
}

// Arrow keys walk the candidates under the look-up field; Enter takes one.
function walk(event) {
  const rows = [...document.querySelectorAll("[data-candidates] button")];
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (composing(event) || !rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (by) {
    event.preventDefault();
    rows[at]?.removeAttribute("aria-selected");
    rows[(at + by + rows.length) % rows.length].setAttribute("aria-selected", "true");
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    rows[at].click();
  }
}

// Step 3 shows the unit chosen on the right.
function showUnit(radio) {
  const shown = document.querySelector("[data-picked]");
  const row = radio.closest("label");
  if (!shown || !row) return;
  const name = row.querySelector("[data-unit-name]").cloneNode(true);
  const badge = row.querySelector(".bdg")?.cloneNode(true);
  badge?.classList.add("r");
  shown.replaceChildren(name, ...(badge ? [badge] : []));
  shown.closest(".step").classList.toggle("done", radio.value !== "");
}

// What follows the typing is asked for once the hands rest; a new category lets the old symptom go.
function follow(form) {
  let timer;
  const ask = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(() => form.dispatchEvent(new CustomEvent("hints")), pause);
  };
  form.addEventListener("input", (event) => event.target.matches("[data-hints]") && ask(PAUSE));
  form.addEventListener("change", (event) => {
    if (event.target.name === "unit_id") showUnit(event.target);
    if (event.target.name === "category") {
      for (const one of form.querySelectorAll("[name=symptom]:checked")) one.checked = seen(one);
    }
    if (event.target.type === "radio") ask(0);
  });
}

// A buying word is taken back, or given back, without leaving the field one types in. The buttons are no
// stop of Tab, which goes from the customer's words to the memo whatever was heard: Alt+0 presses the first.
function takeBack(form) {
  const field = form.elements.withdrawn;
  const quiet = () => form.querySelectorAll("[data-take-back]").forEach((one) => { one.tabIndex = -1; });
  // The press stays between the button and this script: htmx would send what follows to its address.
  form.addEventListener("mousedown", (event) => event.target.closest("[data-take-back]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take-back]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    const words = field.value.split("|").filter(Boolean);
    const left = words.filter((one) => one !== button.value);
    field.value = (left.length < words.length ? left : [...words, button.value]).join("|");
    if (document.activeElement === button) form.elements.voice.focus();
    form.dispatchEvent(new CustomEvent("hints"));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);
  document.addEventListener("htmx:oobAfterSwap", quiet);
  quiet();
}

// How long this call took and how many keys, the text itself not counted. Both go on when the page comes
// anew: what was counted stands under the key of the call as long as this tab of the browser is open.
function strokes(place) {
  const name = `engawa.call:${place.closest("form").elements.idempotency_key.value}`;
  const known = JSON.parse(sessionStorage.getItem(name) ?? "null");
  const since = known?.since ?? (place.dataset.began ? Date.parse(place.dataset.began) : Date.now());
  let count = known?.count ?? 0;
  const draw = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    place.textContent = place.dataset.words.replace("{s}", seconds).replace("{n}", count);
  };
  document.addEventListener("keydown", (event) => {
    const text = typing(event.target) && event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.repeat || composing(event) || text || ["Control", "Shift", "Alt", "Meta", "Process"].includes(event.key)) return;
    count += 1;
    sessionStorage.setItem(name, JSON.stringify({ since, count }));
    draw();
  }, true);
  draw();
  setInterval(draw, 1000);
}

// A call begins where the hand is needed first: at the look-up, else at the first open step.
function begin(form) {
  const wrong = form.querySelector(".why-not");
  if (wrong) return (wrong.parentElement.querySelector("textarea, input") ?? wrong).focus();
  const reached = form.querySelector("a[autofocus]");
  if (reached) return reached.focus();
  if (form.elements.account_id.value === "") {
    const field = document.querySelector("[data-lookup]");
    field?.focus();
    // The number stands there already; a name typed now takes its place.
    return field && !changed(field) ? field.select() : undefined;
  }
  // On a phone who pays is read first; a focus would scroll past it.
  if (matchMedia("(max-width: 767.98px)").matches) return undefined;
  const open = [...form.querySelectorAll(".step")].find((one) => !choices(one)?.querySelector(":checked"));
  return enter(open);
}

// How many wait at the end of the line of tabs; nothing else on the page is touched. What cannot be
// read any more is not shown as if it held.
function keepFresh(place) {
  const draw = async () => {
    if (document.hidden) return;
    const answer = await fetch(place.dataset.fresh).catch(() => null);
    const text = answer?.ok && !answer.redirected ? await answer.text() : "";
    place.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  };
  setInterval(draw, FRESH);
  document.addEventListener("visibilitychange", draw);
}

export function startCall() {
  const form = document.querySelector("[data-call]");
  document.querySelectorAll("[data-since]").forEach(time);
  document.querySelectorAll("[data-strokes]").forEach(strokes);
  document.querySelectorAll("[data-fresh]").forEach(keepFresh);
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-lookup]")?.addEventListener("keydown", walk);
  follow(form);
  takeBack(form);
  startHolding(form, (part) => part.querySelectorAll("[data-since]").forEach(time));
  begin(form);
}
