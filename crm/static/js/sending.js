// Sends what is kept on this phone, once each: the key of a record goes with it, so that a repeat
// after a lost answer lands on what the first one did.
import { drop, keep, person, recall } from "./kept.js";
import { reason } from "./trouble.js";

const LOGIN = "/login";

class Away extends Error {}

async function get(address, options) {
  try {
    return await fetch(address, { cache: "no-store", ...options });
  } catch {
    throw new Away();
  }
}

// A page that was kept for hours has an old token, and perhaps somebody else signed in meanwhile.
async function token(record) {
  const answer = await get(record.path);
  if (answer.redirected && new URL(answer.url).pathname === LOGIN) return null;
  if (answer.status >= 500) throw new Away();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok && page.body.dataset.person !== person()) return null;
  return page.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

async function post(record) {
  const csrf = await token(record);
  if (csrf === null) return { state: "signed_out" };
  const body = new URLSearchParams(record.fields);
  body.set("csrf_token", csrf);
  body.set("idempotency_key", record.key);
  if (record.after?.length) body.set("after_keys", record.after.join(" "));
  const answer = await get(record.path, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (answer.status === 401) return { state: "signed_out" };
  const target = answer.headers.get("HX-Redirect");
  if (target) return { state: "saved", target };
  if (answer.status >= 500 || answer.status === 412 || answer.status === 429) throw new Away();
  const text = await answer.text();
  if (answer.status === 409 && text.includes('class="conflict"')) return { state: "conflict", text };
  if (answer.status === 422) return { state: "refused", text, why: reason(text) };
  return { state: "failed", why: reason(text) };
}

// What became of it: saved (with where to go on), conflict, refused, failed, signed_out, away.
export async function send(record) {
  keep({ ...record, tried: true });
  let came;
  try {
    came = await post(record);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    came = { state: "away" };
  }
  const now = recall(record.path);
  const typedOn = now && now.key !== record.key;
  if (came.state === "saved" && !typedOn) drop(record.path);
  if (came.state === "saved" && typedOn) keep({ ...now, after: [...(now.after ?? []), record.key].slice(-9) });
  if (["conflict", "refused", "failed"].includes(came.state) && now && !typedOn) {
    keep({ ...now, state: came.state, why: came.why ?? "" });
  }
  return { ...came, typedOn };
}
