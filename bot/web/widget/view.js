// What is shown, as elements, and how it looks.

import { button, make } from "./bot.js";

const STYLES = ["strong", "em", "code"];
const SAFE = /^(https:\/\/|mailto:)/;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { --soft: color-mix(in srgb, var(--ink) 6%, var(--paper)); --rule: color-mix(in srgb, var(--ink) 12%, var(--paper));
  --quiet: color-mix(in srgb, var(--ink) 75%, var(--paper)); }
* { box-sizing: border-box; }
.panel, .hint { position: fixed; inset-block-end: 1em; inset-inline-end: 1em; display: flex; overflow: hidden; overflow-wrap: anywhere;
  border: 1px solid var(--rule); border-radius: var(--bot-radius, 1.25em); color: var(--ink); background: var(--paper); box-shadow: 0 .5em 2em #0003; }
.panel { flex-direction: column; width: 25em; height: min(42em, 100dvh - 2em); }
.hint { inset-block-end: 5.25em; width: min(19em, 100vw - 2em); padding: .25em; }
:host([data-position=left]) :is(.panel, .hint) { inset-inline: 1em auto; }
:host([data-frame]) .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
@media (max-width: 30em), (max-height: 26em) { .panel { inset: 0 !important; width: auto; height: auto; border: 0; border-radius: 0; } }
.head, .write { display: flex; align-items: center; gap: .5em; padding: .75em; border: 0 solid var(--rule); border-block-end-width: 1px; }
.write { align-items: end; border-width: 1px 0 0; }
.face, img { width: 2.5em; height: 2.5em; border-radius: 50%; object-fit: cover; font-weight: 600; }
.name { flex: 1; min-width: 0; }
h2, p, ul { margin: 0; font: inherit; }
button, p, textarea { unicode-bidi: plaintext; }
p:dir(rtl) { text-align: right; }
h2 { font-weight: 600; }
.name p, .note, label span, .quiet { font-size: .85em; color: var(--quiet); }
input, select { border-radius: .75em; }
textarea { flex: 1; field-sizing: content; max-height: 8.5em; padding: .5em .75em; resize: none; }
::placeholder { color: var(--quiet); opacity: 1; }
button:not(.full):hover { background: var(--soft); }
.log:focus-visible { outline-offset: -3px; }
.scroll { flex: 1; position: relative; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1em; scroll-behavior: smooth; }
.line { max-width: 88%; margin-block-end: .75em; }
.bubble, .typing { width: fit-content; padding: .625em .875em; border: 1px solid transparent; border-radius: 1.25em; border-end-start-radius: .25em; background: var(--soft); }
.bubble > * + *, li + li { margin-block-start: .5em; }
.mine { display: grid; margin-inline-start: auto; }
.mine .bubble { justify-self: end; border-radius: 1.25em; border-end-end-radius: .25em; color: var(--on); background: var(--color); }
.mine .note { text-align: end; }
.who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.state button { min-height: 2em; margin-inline-end: .5em; color: var(--ink); }
a { color: inherit; }
ul { padding-inline-start: 1.25em; }
code { font: .9em monospace; }
.choices { display: grid; grid: auto-flow 1fr / repeat(auto-fit, minmax(9em, 1fr)); gap: .5em; }
.typing { color: var(--quiet); animation: breathe 1.2s infinite; }
@keyframes breathe { 50% { opacity: .25; } }
.alert { padding: .5em 1em; font-size: .85em; color: light-dark(#a3161f, #ffb0b3); }
.alert:empty { padding: 0; }
.hint:empty { display: none; }
.write svg:dir(rtl) { transform: scaleX(-1); }
[data-fresh]::after { content: attr(data-fresh); position: absolute; inset: -.25em -.25em auto auto; min-width: 1.75em; border-radius: 1em; font-size: .85em; color: #fff; background: #a3161f; }
.hint :first-child { flex: 1; max-height: 6.5em; overflow: hidden; border: 0; text-align: start; }
.settings > * + * { margin-block-start: 1em; }
hr { border: 1px solid var(--rule); }
fieldset { display: flex; flex-wrap: wrap; gap: .75em; min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0 0 .5em; font-weight: 600; }
label { flex: 1 1 6em; display: flex; flex-wrap: wrap; gap: .25em .75em; align-items: center; }
label :not([type=checkbox]) { width: 100%; }
.settings { padding-block-start: 0; }
.settings [role] { position: sticky; top: 0; padding-block: .5em; background: var(--paper); }
[type=checkbox] { width: 1.5em; min-width: 0; min-height: 1.5em; accent-color: var(--color); }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; scroll-behavior: auto !important; } }
`);

// Every line once, in the order of their numbers.
export class View {
  #shown = new Map();

  constructor(words, again) {
    Object.assign(this, { words, again });
    this.log = make("div", { className: "log", role: "log", ariaLabel: words.log, tabIndex: 0, "aria-relevant": "additions" });
  }

  clear() {
    this.#shown.clear();
    this.log.replaceChildren();
  }

  // Whether the line is new.
  show(item) {
    const key = `${item.author} ${item.id}`;
    const number = item.number || Infinity;
    const known = this.#shown.get(key);
    if (known) known.number = item.number || known.number;
    else {
      const line = { ...item, number, state: "", node: this.#bubble(item) };
      const before = this.lines().findLast((one) => one.number <= number);
      if (before) before.node.after(line.node);
      else this.log.prepend(line.node);
      this.#shown.set(key, line);
    }
    this.mark(item.id, item.state);
    return !known;
  }

  // A message is "sending", "unsent", or else has arrived.
  mark(id, state = "") {
    const line = this.#shown.get(`person ${id}`);
    if (!line || line.state === state) return;
    line.state = state;
    const note = line.node.querySelector(".state");
    note.textContent = state && this.words[state] + " ";
    if (state === "unsent") note.append(button(this.words.retry, () => this.again(id)));
  }

  lines() {
    return [...this.#shown.values()].sort((one, other) => one.number - other.number);
  }

  get text() {
    return this.lines().map(({ node, text }) => `${node.firstChild.textContent}:\n${text}\n`).join("\n");
  }

  get latest() {
    return this.lines().findLast((line) => line.state !== "unsent");
  }

  get isWaiting() {
    return this.lines().some((line) => line.state === "sending");
  }

  #bubble({ author, at, text, lang = this.language, blocks }) {
    const { words } = this;
    const isMine = author === "person";
    const time = at ? clock(new Date(at), words.locale) : "";
    const who = isMine ? words.you : words.said;
    const said = blocks?.length ? blocks.map(block) : text.split("\n\n").map((part) => make("p", {}, part));
    return make(
      "div",
      { className: isMine ? "line mine" : "line" },
      make("p", { className: "who" }, who + (time && `, ${time}`)),
      make("div", { className: "bubble", dir: "auto", lang: isMine ? "" : lang }, ...said),
      make("div", { className: "note" }, make("span", { className: "state" }), make("span", { ariaHidden: "true" }, time)),
    );
  }
}

function clock(at, locale) {
  const isToday = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(locale, { dateStyle: isToday ? undefined : "medium", timeStyle: "short", hourCycle: "h23" });
}

function block({ kind, rows }) {
  if (kind === "list") return make("ul", {}, ...rows.map((row) => make("li", {}, ...row.map(span))));
  return make("p", {}, ...rows.flat().map(span));
}

function span({ text, style, href }) {
  if (style === "link" && SAFE.test(href)) return make("a", { href, rel: "noopener noreferrer", target: "_blank" }, text);
  return STYLES.includes(style) ? make(style, {}, text) : text;
}

// Of a text, or [name, properties, ...children].
export function build(part) {
  if (typeof part === "string") return part;
  const [tag, properties, ...children] = part;
  return make(tag, properties, ...children.map(build));
}

// A file for the person.
export function keep(download, text) {
  const href = URL.createObjectURL(new Blob([text]));
  make("a", { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
