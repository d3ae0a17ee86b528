"use strict";

const POLL_MS = 10000;
const log = document.getElementById("log");
const choices = document.getElementById("choices");
const problem = document.getElementById("problem");
const form = document.getElementById("form");
const message = document.getElementById("message");
const told = new Set(); // turn ids this page has shown already
const user = remembered("bot.user", () => `web-${random()}`);
let last = 0; // the highest feed number seen
let catching = null; // the feed is fetched once at a time
let sending = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = message.value.trim();
  if (!text) return;
  message.value = "";
  say(text);
});

message.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("visibilitychange", () => { if (!document.hidden) catchUp(); });
window.addEventListener("online", catchUp);
setInterval(() => { if (!document.hidden) catchUp(); }, POLL_MS);
catchUp();

async function say(text) {
  const bubble = shown("person", new Date(), [paragraph([{ text }])]);
  offer([]);
  await send(bubble, { user_id: user, message: text, message_id: random() });
}

async function send(bubble, body) {
  const state = bubble.querySelector(".state");
  state.textContent = " (sending)";
  problem.textContent = "";
  sending += 1;
  try {
    const reply = await asked("/interact", { method: "POST", body: JSON.stringify(body) });
    state.textContent = "";
    told.add(reply.turn_id);
    shown("bot", new Date(), blocksOf(reply));
    offer(reply.choices);
  } catch (error) {
    state.textContent = " (not sent)";
    problem.textContent = `Not sent: ${error.message}`;
    bubble.append(button("Try again", (event) => { event.target.remove(); send(bubble, body); }));
  } finally {
    sending -= 1;
  }
}

function catchUp() {
  if (!catching && !sending) catching = newLines().catch(() => {}).finally(() => { catching = null; });
}

async function newLines() {
  for (;;) {
    const feed = await asked(`/widget/feed?user_id=${encodeURIComponent(user)}&after=${last}`);
    if (sending || !feed.items.length) return; // a reply is shown first; the next look skips it
    const known = new Set(feed.items.filter((item) => told.has(item.id)).map((item) => item.number));
    for (const item of feed.items) {
      if (!known.has(item.number)) showLine(item);
    }
    last = feed.last;
  }
}

function showLine(item) {
  const parts = item.text.split("\n\n").map((text) => paragraph([{ text }]));
  shown(item.author, new Date(item.at), parts);
  if (item.author === "bot") offer(item.choices);
}

async function asked(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { ...options, headers: { "Content-Type": "application/json" } });
  } catch {
    throw new Error("the server cannot be reached.");
  }
  const body = await response.json();
  if (!response.ok) throw new Error(body.error.message);
  return body;
}

function shown(author, at, parts) {
  const who = document.createElement("div");
  who.className = "who";
  const time = document.createElement("time");
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const state = document.createElement("span");
  state.className = "state";
  who.append(author === "person" ? "You said, " : `${log.dataset.name} said, `, time, state);
  const bubble = document.createElement("div");
  bubble.className = author === "person" ? "said mine" : "said";
  bubble.append(who, ...parts);
  log.append(bubble);
  log.scrollTop = log.scrollHeight;
  return bubble;
}

function blocksOf(reply) {
  if (!reply.blocks.length) return [paragraph([{ text: reply.text }])];
  return reply.blocks.map((block) => (block.kind === "list" ? list(block.rows) : paragraph(block.rows.flat())));
}

function list(rows) {
  const element = document.createElement("ul");
  for (const row of rows) {
    const point = document.createElement("li");
    point.append(...row.map(span));
    element.append(point);
  }
  return element;
}

function paragraph(spans) {
  const element = document.createElement("p");
  element.append(...spans.map(span));
  return element;
}

function span({ text, style = "text", href = null }) {
  if (style === "link" && /^(https:|mailto:)/.test(href || "")) {
    const link = document.createElement("a");
    link.href = href;
    link.rel = "noopener noreferrer";
    link.textContent = text;
    return link;
  }
  if (!["strong", "em", "code"].includes(style)) return document.createTextNode(text);
  const element = document.createElement(style);
  element.textContent = text;
  return element;
}

function offer(offered) {
  choices.replaceChildren(...offered.map((choice) => button(choice.label, () => { say(choice.send); message.focus(); })));
  choices.hidden = !offered.length;
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}

function remembered(name, make) {
  try {
    const value = localStorage.getItem(name) || make();
    localStorage.setItem(name, value);
    return value;
  } catch {
    return make(); // storage is off: a new person at every visit
  }
}

function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
