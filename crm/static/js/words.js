// The sentences that scripts say, in the user's language: <meta name="words"> holds them.
const meta = document.querySelector('meta[name="words"]');
const words = meta ? JSON.parse(meta.content) : {};

export function word(name, values = {}) {
  return Object.entries(values).reduce(
    (text, [key, value]) => text.replaceAll(`{${key}}`, value),
    words[name] ?? name,
  );
}

// Is a Japanese word being converted? Safari says so by the key code alone.
export const composing = (event) => event.isComposing || event.keyCode === 229;

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// Told to a screen reader, without moving anything.
export function say(text) {
  const place = document.getElementById("say");
  if (place) place.textContent = text;
}

export const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

// Is there another answer in this field than the one the page came with?
export function changed(field) {
  if (field.tagName === "SELECT") {
    const first = [...field.options].findIndex((one) => one.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0) && field.options.length > 0;
  }
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}
