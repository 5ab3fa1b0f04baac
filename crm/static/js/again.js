// A form whose sign-in had ended, sent again from the page that holds it: in another tab she has
// signed in meanwhile, so it gets the token of that sign-in first.
async function send(event) {
  const form = event.target;
  event.preventDefault();
  const answer = await fetch("/login", { cache: "no-store" }).catch(() => null);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (token) form.elements.csrf_token.value = token;
  form.submit();
}

export function startAgain() {
  document.querySelector("form[data-again]")?.addEventListener("submit", send);
}
