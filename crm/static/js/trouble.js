// What went wrong is said where it arose, and what was typed stays.
import { word } from "./words.js";

function tell(place, text) {
  const parent = place?.closest("form, dialog, section, .al-card, .next, dd") ?? document.getElementById("main");
  parent.querySelector(":scope > .note.trouble")?.remove();
  const note = document.createElement("div");
  note.className = "note bad trouble";
  note.setAttribute("role", "alert");
  note.textContent = text;
  parent.append(note);
}

// The reason that the server gave, in its own words, if it gave one.
export function reason(text) {
  try {
    const told = JSON.parse(text);
    const why = Object.values(told.errors ?? {}).flat();
    return why.length ? why.join(" ") : told.detail || told.title || word("failed");
  } catch {
    const page = new DOMParser().parseFromString(text, "text/html");
    const said = page.querySelector("[role=alert], .err-page h1, .why-not");
    return said?.textContent.trim().replace(/\s+/g, " ") || word("failed");
  }
}

export function startTrouble() {
  document.addEventListener("htmx:responseError", (event) => {
    tell(event.detail.elt, reason(event.detail.xhr.responseText));
  });
  document.addEventListener("htmx:sendError", (event) => tell(event.detail.elt, word("unreachable")));
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.elt.closest("form, section, .al-card, dd")?.querySelector(":scope > .note.trouble")?.remove();
  });
  // Leaving a form with something typed and not saved asks first.
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}
