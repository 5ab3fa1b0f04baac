// Holding and hanging up change the line of the call and its tab, nothing else: one types on meanwhile,
// and the field, its words and the place in them stay as they are.
import { word } from "./words.js";

const ASKED = "[data-line]";

// The two parts of the page that tell how the call stands, as the server has just drawn them.
function redraw(form, came, started) {
  const waiting = form.querySelector("[data-fresh]");
  for (const name of [".tabs", ".strip"]) {
    const part = document.adoptNode(came.querySelector(name));
    form.querySelector(name).replaceWith(part);
    if (waiting) part.querySelector("[data-fresh]")?.replaceWith(waiting);
    started(part);
  }
  const saved = form.querySelector("[data-draft-at]");
  saved.textContent = came.querySelector("[data-draft-at]").textContent;
  form.elements.draft.value = came.querySelector("[name=draft]").value;
}

async function send(form, button) {
  const body = new FormData(form);
  body.set(button.name, button.value);
  const answer = await fetch(button.formAction, { method: "POST", body }).catch(() => null);
  const came = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  return came.querySelector("form[data-call] .strip") ? { came, address: answer.ok && answer.url } : null;
}

export function startHolding(form, started) {
  let busy = false;
  const asked = (event) => event.target.closest?.(ASKED);
  form.addEventListener("mousedown", (event) => asked(event) && event.preventDefault());
  document.addEventListener("click", async (event) => {
    const button = asked(event);
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    if (busy) return;
    busy = true;
    const told = await send(form, button);
    busy = false;
    if (!told) form.querySelector("[data-draft-at]").textContent = word("unsaved");
    else redraw(form, told.came, started);
    if (told?.address) history.replaceState(null, "", told.address);
  }, true);
}
