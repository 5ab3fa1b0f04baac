// The board: a card is moved by mouse, by touch, or by keys (Space, arrows, Space). The move shows at
// once; a refusal puts the card back with the reason on it; for ten seconds it can be undone.
import { lettersOff } from "./keys.js";
import { toast } from "./toast.js";
import { reason } from "./trouble.js";
import { composing, csrf, say, typing, word } from "./words.js";

const cards = (column) => column.querySelector("[data-cards]");
const columnOf = (card) => card.closest("[data-stage]");
const title = (card) => card.dataset.title ?? card.querySelector(".nm")?.textContent.trim() ?? "";
const board = () => document.querySelector("[data-board]");
let held = null;

// While a card is held, the board shows where it can be dropped besides its columns (won, lost).
const holding = (on) => board().classList.toggle("holding", on);

function put(card, place) {
  place.parent.insertBefore(card, place.before?.parentElement === place.parent ? place.before : null);
}

const placeOf = (card) => ({ parent: card.parentElement, before: card.nextElementSibling, stage: columnOf(card).dataset.stage });

function refuse(card, from, text) {
  put(card, from);
  card.querySelector(".no")?.remove();
  const why = document.createElement("p");
  why.className = "no";
  why.setAttribute("role", "alert");
  why.textContent = text;
  card.append(why);
}

// The server answers with the card as it is now, and out of band with the heads of both columns.
async function save(card, stage) {
  const answer = await fetch(card.dataset.move ?? `/deals/${card.dataset.id}/stage`, {
    method: "POST",
    headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
    body: new URLSearchParams({ stage, version: card.dataset.version ?? "" }),
  }).catch(() => null);
  if (!answer) return { ok: false, why: word("unreachable") };
  if (answer.redirected) return { ok: false, why: word("signed_out") };
  const text = await answer.text();
  return answer.ok ? { ok: true, html: text } : { ok: false, why: reason(text) };
}

function redraw(card, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const head of page.querySelectorAll("[data-head]")) {
    document.querySelector(`[data-head="${head.dataset.head}"]`)?.replaceWith(head);
  }
  const fresh = page.querySelector(".k-card");
  if (!fresh) return card;
  const focused = card === document.activeElement;
  card.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (focused) fresh.focus();
  return fresh;
}

async function move(card, from, undone = false) {
  const to = columnOf(card);
  if (to.dataset.stage === from.stage) return;
  card.querySelector(".no")?.remove();
  if (to.dataset.ask && !undone) {
    put(card, from);
    window.htmx?.ajax("GET", to.dataset.ask.replace("{id}", card.dataset.id), { target: "#dialog", swap: "innerHTML" });
    return;
  }
  const result = await save(card, to.dataset.stage);
  if (!result.ok) {
    refuse(card, from, result.why);
    say(result.why);
    return;
  }
  const fresh = redraw(card, result.html);
  if (undone) {
    fresh.focus();
    say(word("back"));
    return;
  }
  toast(word("moved", { what: title(fresh), where: to.dataset.name }), () => {
    const there = placeOf(fresh);
    put(fresh, from);
    move(fresh, there, true);
  });
}

function byKeys(event) {
  const card = event.target.closest?.(".k-card");
  if (!card || event.target !== card || composing(event)) return;
  if (event.key === " ") {
    event.preventDefault();
    if (held) return drop(card);
    held = { card, from: placeOf(card) };
    holding(true);
    card.setAttribute("aria-grabbed", "true");
    say(word("held", { what: title(card) }));
  } else if (held && event.key === "Escape") {
    event.preventDefault();
    put(card, held.from);
    release(card);
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    if (held) shift(card, event.key);
    else focusBeside(card, event.key);
  } else if (event.key === "Enter" && !held) card.querySelector("a")?.click();
}

// j and k as in every list; the first of them picks the first card.
function byLetters(event) {
  const down = { j: true, k: false }[event.key];
  const busy = composing(event) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target);
  if (down === undefined || held || busy || lettersOff() || document.querySelector("dialog[open]")) return;
  const card = event.target.closest?.(".k-card");
  if (card) focusBeside(card, down ? "ArrowDown" : "ArrowUp");
  else document.querySelector("[data-board] .k-card")?.focus();
}

function release(card) {
  card.removeAttribute("aria-grabbed");
  holding(false);
  held = null;
  card.focus();
}

function drop(card) {
  const from = held.from;
  release(card);
  move(card, from);
}

function beside(card, key) {
  const columns = [...document.querySelectorAll("[data-board] [data-stage]")];
  const at = columns.indexOf(columnOf(card));
  return columns[at + (key === "ArrowRight" ? 1 : -1)];
}

function shift(card, key) {
  if (key === "ArrowUp") card.previousElementSibling?.before(card);
  else if (key === "ArrowDown") card.nextElementSibling?.after(card);
  else {
    const column = beside(card, key);
    if (!column) return;
    cards(column).prepend(card);
    say(column.dataset.name);
  }
  card.focus();
}

function focusBeside(card, key) {
  if (key === "ArrowUp") card.previousElementSibling?.focus();
  else if (key === "ArrowDown") card.nextElementSibling?.focus();
  else {
    const column = beside(card, key);
    column?.querySelector(".k-card")?.focus();
  }
}

function byHand(Sortable) {
  let from = null;
  for (const place of document.querySelectorAll("[data-board] [data-cards]:not([data-hand])")) {
    place.dataset.hand = "";
    new Sortable(place, {
      group: "stages",
      draggable: ".k-card",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160,
      ghostClass: "ghost",
      forceFallback: true,
      fallbackClass: "drag",
      fallbackOnBody: true,
      fallbackTolerance: 4,
      delay: 180,
      delayOnTouchOnly: true,
      onStart: ({ item }) => {
        from = placeOf(item);
        holding(true);
      },
      onEnd: ({ item }) => {
        holding(false);
        move(item, from);
      },
    });
  }
}

// On the phone a column is a screen; the strip above says which one it is.
function followStrip() {
  const links = [...document.querySelectorAll(".stages-strip a")];
  const seen = new IntersectionObserver((changes) => {
    for (const change of changes.filter((one) => one.isIntersecting)) {
      for (const link of links) {
        if (link.hash === `#${change.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { root: board(), threshold: 0.6 });
  for (const link of links) {
    const column = document.getElementById(link.hash.slice(1));
    if (column) seen.observe(column);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      column?.scrollIntoView({ inline: "center", block: "nearest" });
    });
  }
}

export function startBoard() {
  document.addEventListener("keydown", byKeys);
  document.addEventListener("keydown", byLetters);
  if (matchMedia("(max-width: 767.98px)").matches) {
    followStrip();
    return;
  }
  const script = document.createElement("script");
  script.src = new URL("../vendor/Sortable.min.js", import.meta.url).href;
  script.addEventListener("load", () => {
    byHand(window.Sortable);
    document.addEventListener("htmx:load", () => byHand(window.Sortable));
    board().dataset.ready = "";
  });
  document.head.append(script);
}
