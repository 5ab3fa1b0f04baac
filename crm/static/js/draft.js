// Drafts save themselves: form[data-draft="/call/draft"] is posted 2 s after the last key, and at once
// when one leaves. What the server answers is only the time; it never touches a field. What was typed
// before this script came is saved like the rest.
import { changed, csrf, word } from "./words.js";

const PAUSE = 2000;
const PATIENCE = 5000;

// The first answer says which draft it is; the address follows, so that a reload finds it.
function named(form, answer) {
  const key = answer?.headers.get("X-Draft");
  if (!key || !form.elements.draft || form.elements.draft.value === key) return;
  form.elements.draft.value = key;
  const address = answer.headers.get("X-Draft-Address") ?? location.href;
  history.replaceState(null, "", address);
  document.querySelector("[data-call-tab][aria-current]")?.setAttribute("href", address);
}

const post = (form, more) => fetch(form.dataset.draft, {
  method: "POST",
  headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
  body: new FormData(form),
  ...more,
}).catch(() => null);

// Was it saved?
async function send(form, more) {
  const answer = await post(form, more);
  const saved = Boolean(answer?.ok && !answer.headers.has("HX-Redirect"));
  named(form, answer);
  const place = form.querySelector("[data-draft-at]") ?? document.querySelector("[data-draft-at]");
  if (!place) return saved;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", second: "2-digit", hour12: false });
  place.textContent = saved ? word("saved", { time }) : word("unsaved");
  return saved;
}

// Does this press lead away from the page, in this window?
function leads(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  if (link.origin !== location.origin || (link.target && link.target !== "_self") || link.hasAttribute("download")) return null;
  return link.hash && link.pathname + link.search === location.pathname + location.search ? null : link;
}

// One leaves once the words are saved. If they cannot be, one is told, and the second press leaves.
function leave(event, keeper) {
  const link = leads(event);
  if (!link || !keeper.waits() || keeper.told) return;
  event.preventDefault();
  keeper.save({ signal: AbortSignal.timeout(PATIENCE) }).then((saved) => {
    keeper.told = !saved;
    if (saved) location.assign(link.href);
  });
}

function keeperOf(form) {
  let timer;
  let waits = false;
  let before = Promise.resolve();
  const forget = () => {
    clearTimeout(timer);
    waits = false;
  };
  const keeper = {
    told: false,
    waits: () => waits,
    // One after the other: the second one knows which draft the first one made.
    save: (more) => {
      forget();
      before = before.then(() => send(form, more)).then((saved) => {
        waits ||= !saved;
        return saved;
      });
      return before;
    },
    later: () => {
      clearTimeout(timer);
      waits = true;
      keeper.told = false;
      timer = setTimeout(keeper.save, PAUSE);
    },
    // The page goes this moment, whether by a key of the browser or by its closing.
    last: () => waits && post(form, { keepalive: true }) && forget(),
  };
  form.addEventListener("input", keeper.later);
  form.addEventListener("change", keeper.later);
  form.addEventListener("submit", forget); // it takes the words along
  addEventListener("pagehide", keeper.last);
  document.addEventListener("click", (event) => leave(event, keeper));
  return keeper;
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const keeper = keeperOf(form);
    const typed = [...form.elements].filter((field) => field.matches("textarea, select, input:not([type=hidden])"));
    if (typed.some(changed)) keeper.later();
  }
}
