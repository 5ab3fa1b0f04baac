// Ten seconds to undo. Success of a plain save shows no toast, and errors are never toasts.
import { say, word } from "./words.js";

const SECONDS = 10;

// Draws the seconds left, and goes when they are over; stays while it is pointed at or focused.
function count(toast) {
  let left = SECONDS;
  const place = toast.querySelector("[data-left]");
  toast.insertAdjacentHTML("beforeend", '<svg class="run" aria-hidden="true"><rect width="100%" height="2"/></svg>');
  const line = toast.querySelector(".run rect");
  const draw = () => {
    if (place) place.textContent = word("left", { n: left });
    line.setAttribute("width", `${(100 * left) / SECONDS}%`);
  };
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    if (left <= 0 || !toast.isConnected) {
      clearInterval(timer);
      toast.remove();
      return;
    }
    draw();
  }, 1000);
  draw();
}

// A toast made here: `undo` is called when the button or Z is pressed.
export function toast(text, undo) {
  const place = document.getElementById("toasts");
  if (!place) return;
  const made = document.createElement("div");
  made.className = "toast-e";
  made.dataset.toast = "";
  const words = document.createElement("span");
  words.textContent = text;
  made.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.undo = "";
    button.textContent = word("undo");
    button.insertAdjacentHTML("beforeend", "<kbd>Z</kbd>");
    button.addEventListener("click", () => {
      made.remove();
      undo();
    });
    made.append(button);
    made.insertAdjacentHTML("beforeend", '<span class="left" data-left></span>');
  }
  place.replaceChildren(made);
  count(made);
  say(text);
}

export function startToasts() {
  document.querySelectorAll("[data-toast]").forEach(count);
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target?.id !== "toasts") return;
    event.detail.target.querySelectorAll("[data-toast]:not(:has(.run))").forEach(count);
  });
}
