// Rows of a list are picked: one, a range by Shift, all of the page. How many stands in the bar at
// the foot, which is shown by the style sheet; b leads into it, Esc back to the row, and from there
// it takes the choice back.
import { lettersOff } from "./keys.js";
import { composing, typing } from "./words.js";

const boxes = () => [...document.querySelectorAll("[data-list] input[name=id][form=mass]")];

export function startPicking() {
  const bar = document.querySelector("[data-mass]");
  const all = document.querySelector("[data-pick-all]");
  const said = bar.querySelector("[data-picked]");
  const matching = bar.querySelector("[data-every]");
  let last = null;
  let left = null;

  // With "all" ticked the number is that of all: the same that the form will say.
  function count() {
    const every = boxes();
    const picked = every.filter((box) => box.checked).length;
    const number = bar.elements.all.checked ? matching.querySelector("[data-number]")?.dataset.number : picked;
    said.textContent = number === undefined ? matching.textContent : said.dataset.picked.replace("0", number);
    all.checked = picked > 0 && picked === every.length;
    all.indeterminate = picked > 0 && !all.checked;
  }

  function pick(box, range) {
    const every = boxes();
    const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
    if (range && from >= 0) for (const one of every.slice(from, to + 1)) one.checked = box.checked;
    last = box;
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches("input[name=id][form=mass]")) pick(event.target, event.shiftKey);
  });
  document.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    count();
  });
  function enter() {
    left = document.activeElement;
    bar.querySelector("button[name=field]").focus();
  }

  function leave() {
    const back = left?.isConnected && left !== document.body ? left : boxes().find((box) => box.checked);
    back?.focus();
    if (!back) document.activeElement.blur();
  }

  // Before these keys mean anything else to the page.
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!plain || composing(event) || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (bar.offsetParent === null) return;
    const inside = bar.contains(event.target);
    if (event.key === "Escape" && inside) leave();
    else if (event.key === "Escape") bar.reset();
    else if (event.key === "b" && !inside && !lettersOff()) enter();
    else return;
    event.preventDefault();
  }, true);
  bar.addEventListener("htmx:afterSwap", count);
  bar.addEventListener("reset", () => setTimeout(count));
  window.addEventListener("pageshow", count);
  count();
}

// A value is chosen: what was wrong with the one before is over.
export function startMassLook() {
  document.querySelector("[data-mass-value]").addEventListener("change", (event) => {
    const field = event.target;
    field.classList.remove("err");
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    for (const one of field.closest(".fld").querySelectorAll(".why-not, .has-mark > .bad")) one.remove();
  });
}
