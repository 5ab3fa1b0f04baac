// New alerts arrive by themselves. The bell counts; the inbox offers to show them; nothing moves.
import { say, word } from "./words.js";

let waiting = 0;

async function count(id, address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const text = await answer.text();
  const there = document.getElementById(id);
  if (there && text.includes(`id="${id}"`)) there.outerHTML = text;
}

const ring = () => count("bell", "/alerts/bell");
const askedOf = () => count("asked", "/advice/bell");

function offer() {
  waiting += 1;
  const strip = document.querySelector("[data-new-strip]");
  if (!strip) return;
  strip.hidden = false;
  strip.querySelector("[data-new-text]").textContent = word("new", { n: waiting });
}

function listen() {
  const after = document.getElementById("bell").dataset.after;
  const stream = new EventSource(`/api/v1/alerts/stream?after=${after}`);
  stream.addEventListener("alert", (event) => {
    ring();
    offer();
    say(word("alert"));
    document.dispatchEvent(new CustomEvent("engawa:alert", { detail: event.data }));
  });
  stream.addEventListener("advice", () => {
    askedOf();
    const strip = document.querySelector("[data-advice-strip]");
    if (strip) strip.hidden = false;
    say(word("advice"));
  });
  return stream;
}

export function startLive() {
  if (!document.getElementById("bell")) return;
  let stream = document.hidden ? null : listen();
  const close = () => { stream?.close(); stream = null; };
  // A browser keeps six connections to a server: a tab that nobody looks at, or a page kept in the
  // history, must not hold one. Back in sight it is told what came meanwhile.
  const again = () => { if (!stream) askedOf(); stream ??= listen(); };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : again()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    again();
    ring();
  });
}
