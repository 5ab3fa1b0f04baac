// A table that is filled by keyboard, scanner and clipboard: Enter goes to the next cell of the
// column (after the last one to the next column), a copied column fills down from where it is pasted.
import { composing } from "./words.js";

const column = (cell) => [...cell.form.querySelectorAll(`[data-column="${cell.dataset.column}"]`)];

function after(cell) {
  const same = column(cell);
  const below = same[same.indexOf(cell) + 1];
  if (below) return below;
  const all = [...cell.form.querySelectorAll("[data-column]")];
  const names = [...new Set(all.map((one) => one.dataset.column))];
  const next = names[names.indexOf(cell.dataset.column) + 1];
  return all.find((one) => one.dataset.column === next) ?? cell.form.querySelector("[data-save]");
}

function onKey(event) {
  const cell = event.target.closest("[data-fill] [data-column]");
  if (!cell || event.key !== "Enter" || composing(event) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const next = after(cell);
  next?.focus();
  next?.select?.();
}

// 2026/4/1 and ２０２６-０４-０１ are the day that the field understands.
function asDay(text) {
  const [year, month, day] = text.normalize("NFKC").trim().split(/[-/.年月日]/).filter(Boolean);
  return year && month && day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
}

function onPaste(event) {
  const cell = event.target.closest("[data-fill] [data-column]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  if (!cell || cell.readOnly || (lines.length < 2 && cell.type !== "date")) return;
  event.preventDefault();
  const same = column(cell);
  const from = same.indexOf(cell);
  lines.forEach((line, at) => {
    const into = same[from + at];
    if (into) into.value = into.type === "date" ? asDay(line) : line.split("\t")[0].trim();
  });
  const last = same[Math.min(from + lines.length, same.length) - 1];
  after(last)?.focus();
}

export function startFill() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("paste", onPaste);
}
