// Drafts save themselves: form[data-draft="/call/draft"] is posted 2 s after the last key. What the
// server answers is only the time; it never touches a field. What was typed before this script came is
// saved like the rest.
import { changed, csrf, word } from "./words.js";

const PAUSE = 2000;

// The first answer says which draft it is; the address follows, so that a reload finds it.
function named(form, answer) {
  const key = answer?.headers.get("X-Draft");
  if (!key || !form.elements.draft || form.elements.draft.value === key) return;
  form.elements.draft.value = key;
  const address = answer.headers.get("X-Draft-Address") ?? location.href;
  history.replaceState(null, "", address);
  document.querySelector("[data-call-tab][aria-current]")?.setAttribute("href", address);
}

async function send(form) {
  const answer = await fetch(form.dataset.draft, {
    method: "POST",
    headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
    body: new FormData(form),
  }).catch(() => null);
  named(form, answer);
  const place = form.querySelector("[data-draft-at]") ?? document.querySelector("[data-draft-at]");
  if (!place) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", second: "2-digit", hour12: false });
  place.textContent = answer?.ok ? word("saved", { time }) : word("unsaved");
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    let timer;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => send(form), PAUSE);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => clearTimeout(timer));
    const typed = [...form.elements].filter((field) => field.matches("textarea, select, input:not([type=hidden])"));
    if (typed.some(changed)) later();
  }
}
