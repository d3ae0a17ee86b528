// Who comes to their page: a token in the fragment, a cookie, or the visitor this browser remembers.
import { shelf, Wire } from "/widget/wire.js";

const asked = new URLSearchParams(location.search);
const token = new URLSearchParams(location.hash.slice(1)).get("token");
const tried = Number(asked.get("tried"));
const wire = new Wire({ siteKey: document.body.dataset.siteKey });
const [wait, how] = ["wait", "how"].map((id) => document.getElementById(id));

history.replaceState(null, "", location.pathname); // a token stays in no history
if (asked.get("told") === "erased") delete shelf[wire.key]; // who begins again is somebody new
wait.hidden = !(how.hidden = true);
const next = await arrive().catch(() => 0);
if (next) location.replace(`${location.pathname}?tried=${next}`);
else wait.hidden = !(how.hidden = false);

// How far this has come, or 0 where nothing more can be tried: it never goes in circles.
async function arrive() {
  if (token) return (await isEntered(token)) && 2;
  if (asked.has("told") || tried > 1) return 0;
  if (!tried) return 1; // a link from another site brings no cookie, a step of our own does
  return shelf[wire.key] && (await isEntered((await wire.begin()).token)) && 2;
}

async function isEntered(given) {
  const body = new URLSearchParams({ token: given });
  return (await fetch("/me/enter", { method: "POST", body })).ok;
}
