// The person's page stays live, its forms need no reload, and the chat is at hand.
// Without this script everything on it works as well.
import "/widget/bot.js";

const { own, updated } = document.body.dataset;
const live = document.getElementById("live");
const LATER_MS = 5_000;
const BUSY_MS = 300; // what happens together is shown together
const APART_MS = 2_000; // and not more often than that
let number = +document.body.dataset.number;
let timer = 0;
let shownAt = 0;

const widget = document.createElement("bot-widget");
widget.dataset.session = `/me/session${own}`;
widget.dataset.language = document.documentElement.lang;
document.body.append(widget);
offer();
history.replaceState(null, "", `/me${own}`); // what was done is said once
watch();

document.addEventListener("click", async ({ target }) => {
  const text = target.closest("[data-send]")?.dataset.send;
  if (text) (await widget.open())?.say(text);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const act = new URL(form.action).pathname;
  if (["/me/erase", "/me/leave", "/me/language"].includes(act)) return; // another page, then
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw new Error(answer.status);
    await show(answer.url, form);
    live.textContent = document.querySelector(".said")?.textContent ?? "";
  } catch {
    form.submit(); // the page that comes says what is wrong
  }
});

document.addEventListener("visibilitychange", () => document.hidden || soon()); // where sockets are blocked

// A socket that tells that something happened; what, the page itself says.
async function watch() {
  const again = () => setTimeout(watch, LATER_MS * (1 + Math.random()));
  try {
    const answer = await fetch(`/me/session${own}`, { method: "POST" });
    if (answer.status === 401) return; // open too long: the next form leads to the beginning
    const { token } = await answer.json();
    const socket = new WebSocket(new URL("/widget/socket", location.href.replace("http", "ws")));
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, after: number, watch: true }));
    socket.onmessage = ({ data }) => JSON.parse(data).type === "changed" && soon();
    socket.onclose = again;
  } catch {
    again();
  }
}

function soon(wait = Math.max(BUSY_MS, shownAt + APART_MS - Date.now())) {
  timer ||= setTimeout(async () => {
    [timer, shownAt] = [0, Date.now()];
    const changed = await show(`/me${own}`).catch(() => soon(LATER_MS));
    if (changed?.length) live.textContent = `${updated} ${changed.join(", ")}`;
  }, wait);
}

// Puts what is different now in the place of what was; the names of those sections.
async function show(address, sent) {
  const fresh = await fetched(address);
  if (!fresh.querySelector("main section")) return [];
  number = +fresh.body.dataset.number;
  const changed = [];
  for (const next of fresh.querySelectorAll("main section")) {
    const before = document.getElementById(next.id);
    const state = kept(before);
    if (before.textContent === next.textContent && !sent) continue;
    if (!sent && state.isEdited) continue; // what somebody is writing is not taken away
    document.adoptNode(next);
    before.replaceWith(next);
    restore(next, state);
    if (before.textContent === next.textContent) continue;
    next.classList.add("fresh");
    changed.push(next.querySelector("h2").textContent);
  }
  offer();
  return changed;
}

// A page as a document: nothing in it runs.
function fetched(address) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("GET", address);
    call.responseType = "document";
    call.onload = () => (call.status === 200 ? resolve(call.response) : reject(call.status));
    call.onerror = reject;
    call.send();
  });
}

function kept(section) {
  const fields = [...section.querySelectorAll("input, select")];
  const held = section.contains(document.activeElement) ? all(section).indexOf(document.activeElement) : -1;
  const isEdited = fields.some((one) => (one.type === "checkbox" ? one.checked !== one.defaultChecked : one.matches("select") ? [...one.options].some((option) => option.selected !== option.defaultSelected && one.querySelector("[selected]")) : one.value !== one.defaultValue));
  return { held, isEdited, open: [...section.querySelectorAll("details")].map((one) => one.open) };
}

function restore(section, { held, open }) {
  section.querySelectorAll("details").forEach((one, index) => (one.open ||= open[index]));
  if (held >= 0) (all(section)[held] ?? all(section)[0])?.focus({ preventScroll: true });
}

function all(section) {
  return [...section.querySelectorAll("a, button, input, select, summary")];
}

function offer() {
  for (const one of document.querySelectorAll("[data-send]")) one.hidden = false;
}
