// Signing out leaves nothing of a person on the device; what was not sent yet is told first.
import { anybodys, forgetEverything, forgetPages } from "./kept.js";

function warn(form) {
  const note = document.createElement("div");
  note.className = "note warn";
  note.setAttribute("role", "alert");
  note.textContent = form.dataset.signOut;
  form.closest("header")?.after(note);
  form.dataset.told = "";
}

async function leave(event) {
  const form = event.target;
  event.preventDefault();
  if (anybodys() && !("told" in form.dataset)) return warn(form);
  await forgetEverything();
  return form.submit();
}

export function startLeaving() {
  if (document.querySelector("[data-sign-in]")) forgetPages();
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", leave);
}
