// Rows of the engineer's form: [data-grow="parts"] with a <template> of one row; the fields of a row
// are called parts.id, parts.name, and so on, and stand in the same order in every row. After
// the rows stands one more empty parts.id, so that a form without a row says that there is none.
export function addRow(place) {
  const row = place.querySelector("template").content.firstElementChild.cloneNode(true);
  place.append(row);
  row.querySelector("input:not([type=hidden])")?.focus();
}

const count = (place) => place.querySelectorAll(":scope > [data-row-of]").length;

// Rows as one text, the way a choice between two versions sends them, become fields again.
function unpack(given, name) {
  const texts = given.get(name);
  if (!texts) return;
  for (const row of JSON.parse(texts[0])) {
    for (const [key, value] of Object.entries(row)) {
      const text = value === null ? "" : value === true ? "1" : value === false ? "0" : String(value);
      given.set(`${name}.${key}`, [...(given.get(`${name}.${key}`) ?? []), text]);
    }
  }
  given.set(`${name}.id`, [...(given.get(`${name}.id`) ?? []), ""]);
}

// As many rows as `given` (name → values) fills; taken away ones go.
export function fitRows(form, given) {
  for (const place of form.querySelectorAll("[data-grow]")) {
    const name = place.dataset.grow;
    unpack(given, name);
    const keys = given.get(`${name}.id`);
    if (!keys) continue;
    const wanted = keys.length - 1;
    const template = place.querySelector("template").content.firstElementChild;
    while (count(place) < wanted) place.append(template.cloneNode(true));
    while (count(place) > wanted) place.lastElementChild.remove();
  }
}

export function startGrowing() {
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-add-row]");
    if (more) addRow(document.querySelector(`[data-grow="${more.dataset.addRow}"]`));
    const gone = event.target.closest("[data-drop-row]");
    if (!gone) return;
    const form = gone.form;
    gone.closest("[data-row-of]").remove();
    form.dispatchEvent(new Event("change"));
  });
}
