// New alerts arrive by themselves. The bell counts; the inbox offers to show them; nothing moves.
import { say, word } from "./words.js";

let waiting = 0;

async function ring() {
  const answer = await fetch("/alerts/bell", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const text = await answer.text();
  const bell = document.getElementById("bell");
  if (bell && text.includes('id="bell"')) bell.outerHTML = text;
}

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
  return stream;
}

export function startLive() {
  if (!document.getElementById("bell")) return;
  let stream = document.hidden ? null : listen();
  const close = () => { stream?.close(); stream = null; };
  // A browser keeps six connections to a server: a tab that nobody looks at, or a page kept in the
  // history, must not hold one. Back in sight it is told what came meanwhile.
  const again = () => { stream ??= listen(); };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : again()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    again();
    ring();
  });
}
