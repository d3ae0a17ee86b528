// What was said, as elements: bubbles with a hidden author and time, small Markdown, choices.

import { button, make } from "./bot.js";

const STYLES = ["strong", "em", "code"];
const SAFE = /^(https:\/\/|mailto:)/;
const DAY_MS = 86_400_000;

// Everything shown, once: by who said it and its id, in the order of the feed's numbers.
export class View {
  #shown = new Map();

  constructor(words, again) {
    Object.assign(this, { words, again, name: "", language: "" });
    this.log = make("div", { className: "log", role: "log", tabIndex: 0, "aria-relevant": "additions" });
  }

  clear() {
    this.#shown.clear();
    this.log.replaceChildren();
  }

  // A line of the feed or a message on its way; the element when it was not shown yet.
  show(item) {
    const key = `${item.author} ${item.id}`;
    const known = this.#shown.get(key);
    if (known) {
      this.mark(item.id, item.state);
      if (item.number) known.number = item.number;
      return null;
    }
    const node = this.#bubble(item);
    const line = { ...item, node, state: "", number: item.number || Infinity };
    this.#place(line);
    this.#shown.set(key, line);
    this.mark(item.id, item.state);
    return node;
  }

  // How far a message of the person came: "sending", "unsent", or arrived.
  mark(id, state = "") {
    const line = this.#shown.get(`person ${id}`);
    if (!line || line.state === state) return;
    line.state = state;
    const note = line.node.querySelector(".state");
    note.replaceChildren(this.words[state] || "");
    if (state === "unsent") note.append(" ", button(this.words.retry, () => this.again(id)));
  }

  lines() {
    return [...this.#shown.values()].sort((one, other) => one.number - other.number);
  }

  // The conversation as a text to keep.
  get text() {
    return this.lines().map(({ node, text }) => `${node.firstChild.textContent}:\n${text}\n`).join("\n");
  }

  get latest() {
    return this.lines().findLast((line) => line.state !== "unsent");
  }

  get isWaiting() {
    return this.lines().some((line) => line.state === "sending");
  }

  #place(line) {
    const after = this.lines().findLast((one) => one.number <= line.number);
    if (after) after.node.after(line.node);
    else this.log.prepend(line.node);
  }

  #bubble({ author, at, text, lang = this.language, blocks = [] }) {
    const { words, name } = this;
    const isMine = author === "person";
    const time = at && clock(new Date(at), words.locale);
    const who = isMine ? words.you : words.said.replace("{name}", name);
    return make(
      "div",
      { className: isMine ? "line mine" : "line" },
      make("p", { className: "who" }, time ? `${who}, ${time}` : who),
      make("div", { className: "bubble", dir: "auto", lang: isMine ? "" : lang }, ...(blocks.length ? blocks.map(block) : plain(text))),
      make("div", { className: "note" }, make("span", { className: "state" }), make("span", { ariaHidden: "true" }, time || "")),
    );
  }
}

function clock(at, locale) {
  const isToday = Math.abs(Date.now() - at) < DAY_MS && at.getDate() === new Date().getDate();
  const day = isToday ? {} : { day: "numeric", month: "short" };
  return at.toLocaleString(locale, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function plain(text) {
  return text.split("\n\n").map((part) => make("p", {}, part));
}

function block({ kind, rows }) {
  if (kind === "list") return make("ul", {}, ...rows.map((row) => make("li", {}, ...row.map(span))));
  return make("p", {}, ...rows.flat().map(span));
}

function span({ text, style, href }) {
  if (style === "link" && SAFE.test(href)) return make("a", { href, rel: "noopener noreferrer", target: "_blank" }, text);
  return STYLES.includes(style) ? make(style, {}, text) : text;
}
