// Rows of a list are picked: one, a range by Shift, all of the page. How many stands in the bar at
// the foot, which is shown by the style sheet; Esc takes the choice back.
import { composing, typing } from "./words.js";

const boxes = () => [...document.querySelectorAll("[data-list] input[name=id][form=mass]")];

export function startPicking() {
  const bar = document.querySelector("[data-mass]");
  const all = document.querySelector("[data-pick-all]");
  const said = bar.querySelector("[data-picked]");
  let last = null;

  function count() {
    const every = boxes();
    const picked = every.filter((box) => box.checked).length;
    said.textContent = said.dataset.picked.replace("0", picked);
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
  // Before Esc means anything else to the page.
  document.addEventListener("keydown", (event) => {
    const other = event.key !== "Escape" || composing(event) || typing(event.target);
    if (other || bar.offsetParent === null || document.querySelector("dialog[open]")) return;
    bar.reset();
    event.preventDefault();
  }, true);
  bar.addEventListener("reset", () => setTimeout(count));
  window.addEventListener("pageshow", count);
  count();
}
