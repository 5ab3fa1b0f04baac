// Ctrl or ⌘ K, or /: records, pages, > commands, #number. Without script the same links lead to /search.
import { lettersOff } from "./keys.js";
import { composing, typing } from "./words.js";

let asked = 0;
let timer;
// What was asked last; Enter waits for it, so that a number typed fast never opens what stood there.
let answered = Promise.resolve();

function rows(found) {
  return [...found.querySelectorAll(".it")].filter((row) => !row.parentElement.hidden);
}

function choose(found, input, row) {
  for (const other of found.querySelectorAll(".it")) other.removeAttribute("aria-selected");
  if (!row) return input.removeAttribute("aria-activedescendant");
  row.setAttribute("aria-selected", "true");
  row.scrollIntoView({ block: "nearest" });
  return input.setAttribute("aria-activedescendant", row.id);
}

const chosen = (found) => found.querySelector('.it[aria-selected="true"]');

function move(found, input, by) {
  const all = rows(found);
  const at = all.indexOf(chosen(found));
  choose(found, input, all[(at + by + all.length) % all.length]);
}

// `>` narrows the commands that are there; anything else asks the server.
function narrow(found, text) {
  for (const row of found.querySelectorAll(".it")) {
    row.parentElement.hidden = !row.dataset.text || !row.dataset.text.includes(text);
  }
}

// What a room finds for the palette; null where it does not answer.
async function part(room, text) {
  const answer = await fetch(`${room}/palette?q=${encodeURIComponent(text)}`, {
    headers: { "HX-Request": "true" },
  }).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.text() : null;
}

async function ask(found, input) {
  const mine = ++asked;
  const text = input.value.trim();
  if (text.startsWith(">")) {
    narrow(found, text.slice(1).trim().toLowerCase());
    return choose(found, input, rows(found)[0]);
  }
  const [records, views] = await Promise.all([part("/search", text), text && part("/views", text)]);
  if (mine !== asked || records === null) return undefined;
  found.innerHTML = records;
  if (views?.trim()) {
    found.querySelector(".none")?.remove();
    found.querySelector(".gr:last-child").insertAdjacentHTML("beforebegin", views);
  }
  // Where nothing was found, Enter means the search and none of the commands below.
  return choose(found, input, found.querySelector(".none") ? null : rows(found)[0]);
}

function askNow(found, input) {
  clearTimeout(timer);
  timer = undefined;
  answered = ask(found, input);
}

async function take(dialog, found, input) {
  if (timer) askNow(found, input);
  await answered;
  const row = chosen(found);
  if (!row) return input.form.requestSubmit();
  dialog.close();
  return row.click();
}

function onKey(event, dialog, found, input) {
  if (composing(event)) return;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) {
    event.preventDefault();
    move(found, input, moves[event.key]);
  } else if (event.key === "Enter" && (timer || chosen(found))) {
    event.preventDefault();
    take(dialog, found, input);
  } else if (event.key === "Escape") {
    event.preventDefault(); // else the field of a search is emptied first
    dialog.close();
  }
}

export function startPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const found = dialog.querySelector(".found");
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    choose(found, input, rows(found)[0]);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => askNow(found, input), 90);
  });
  input.addEventListener("keydown", (event) => onKey(event, dialog, found, input));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    const chord = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !composing(event) && !typing(event.target) && !lettersOff();
    if (!chord && !(slash && !document.querySelector("dialog[open]"))) return;
    event.preventDefault();
    open();
  });
}
