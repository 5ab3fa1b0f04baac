// Lines to type into: when something is typed into the last one, an empty one follows.
const blank = (row) => {
  const next = row.cloneNode(true);
  for (const field of next.querySelectorAll("input, select")) {
    if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = field.name.endsWith(".quantity") ? "1" : "";
    field.classList.remove("err");
    field.removeAttribute("aria-invalid");
  }
  for (const why of next.querySelectorAll(".why-not")) why.remove();
  const number = row.parentElement.rows.length + 1;
  for (const field of next.querySelectorAll("[aria-label]")) {
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, number));
  }
  return next;
};

export function startRows() {
  for (const table of document.querySelectorAll("[data-rows]")) {
    table.addEventListener("input", (event) => {
      const row = event.target.closest("tbody tr");
      if (row && !row.nextElementSibling && event.target.value !== "") row.after(blank(row));
    });
  }
}
