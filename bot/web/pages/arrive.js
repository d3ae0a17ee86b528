// Who comes to their page: a token in the fragment, or the visitor this browser remembers.
import { shelf, Wire } from "/widget/wire.js";

const wire = new Wire({ siteKey: document.body.dataset.siteKey });
const given = new URLSearchParams(location.hash.slice(1)).get("token");
const [wait, how] = ["wait", "how"].map((id) => document.getElementById(id));
const KEY = "bot:arrived";

async function entered(token) {
  const body = new URLSearchParams({ token });
  const answer = await fetch("/me/enter", { method: "POST", body });
  return answer.ok;
}

// A link from another site carries no cookie of ours; a call of this page does.
async function isKnown() {
  return (await fetch("/me/session", { method: "POST" })).ok;
}

async function arrive() {
  history.replaceState(null, "", location.pathname); // a token stays in no history
  if (given) return entered(given);
  if (sessionStorage.getItem(KEY)) return false; // it did not help a moment ago: no circles
  if (await isKnown()) return true;
  return shelf[wire.key] ? entered((await wire.begin()).token) : false;
}

const isLeaving = new URLSearchParams(location.search).has("told");
if (!isLeaving || given) {
  [wait.hidden, how.hidden] = [false, true];
  const isThere = await arrive().catch(() => false);
  if (isThere) {
    sessionStorage.setItem(KEY, "yes");
    location.replace(location.pathname);
  } else {
    sessionStorage.removeItem(KEY);
    [wait.hidden, how.hidden] = [true, false];
  }
}
