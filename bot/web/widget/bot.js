// The launcher: one request draws it; the rest is imported when it is needed.

const SCRIPT = [...document.scripts].find((script) => script.src === import.meta.url);
const BUBBLE = "M4 5h16v11H10l-4 4v-4H4z";

const look = new CSSStyleSheet();
look.replaceSync(`
:host { all: initial !important; position: fixed !important; z-index: 2147483000 !important;
  inset: auto 1em 1em auto !important; font: medium/1.5 var(--bot-font, system-ui, sans-serif) !important; color-scheme: light dark !important;
  --color: var(--bot-color, var(--brand, #0b5a4a)); --on: var(--bot-text-color, var(--on-brand, #fff));
  --ink: var(--bot-ink, light-dark(#17211d, #edf1ef)); --paper: var(--bot-background, light-dark(#fff, #171b1a)); }
:host([data-position=left]), :host(:dir(rtl):not([data-position=right])) { inset: auto auto 1em 1em !important; }
:host([data-theme=light]) { color-scheme: light !important; }
:host([data-theme=dark]) { color-scheme: dark !important; }
[hidden] { display: none !important; }
svg { width: 1.4em; fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; }
button, input, select, textarea { min-width: 2.75em; min-height: 2.75em; margin: 0; padding: .25em .75em; border: 1px solid #7c8883; border-radius: 1.4em; font: inherit; color: inherit; background: none; }
button { cursor: pointer; }
.icon { flex: none; display: grid; place-items: center; padding: 0; border-color: transparent; }
.full { border-radius: 50%; color: var(--on); background: var(--color); }
.launcher { width: 3.5em; height: 3.5em; box-shadow: 0 .25em 1em #0004; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.launcher:focus-visible { box-shadow: 0 0 0 3px var(--paper); }
`);

const room = new CSSStyleSheet(); // nothing focused is left behind the launcher
room.replaceSync("html { scroll-padding-block-end: 6rem; }");

// An element; text is only ever text.
export function make(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const name in properties) {
    if (name in node) node[name] = properties[name];
    else node.setAttribute(name, properties[name]);
  }
  node.append(...children);
  return node;
}

export function button(text, onclick, properties) {
  return make("button", { type: "button", onclick, ...properties }, text);
}

export function icon(path, title, onclick, properties) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.append(document.createElementNS(picture.namespaceURI, "path"));
  picture.firstChild.setAttribute("d", path);
  picture.ariaHidden = "true";
  return button(picture, onclick, { className: "icon", ariaLabel: title, title, ...properties });
}

class BotWidget extends HTMLElement {
  #chat;

  connectedCallback() {
    if (!this.shadowRoot) this.#draw();
    if (!document.adoptedStyleSheets.includes(room)) document.adoptedStyleSheets.push(room);
    if ("open" in this.dataset || this.isFrame) this.open(false);
    else if (this.#isKnown()) setTimeout(() => this.#load());
  }

  disconnectedCallback() {
    this.#chat?.then((chat) => chat?.stop());
    this.#chat = null;
  }

  async open(withFocus = true) {
    return (await this.#load())?.open(withFocus);
  }

  async close() {
    (await this.#chat)?.close();
  }

  restart() {
    this.disconnectedCallback();
    return this.open();
  }

  get isFrame() {
    return "frame" in this.dataset;
  }

  get #language() {
    return this.dataset.language || (!this.isFrame && document.documentElement.lang) || navigator.language;
  }

  #draw() {
    const title = this.#language.startsWith("fi") ? "Avaa keskustelu" : "Open chat";
    this.launcher = icon(BUBBLE, title, () => this.open(), { className: "icon full launcher", ariaHasPopup: "dialog", hidden: this.isFrame });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [look];
    root.append(this.launcher);
  }

  // Whoever never opened it is given no name.
  #isKnown() {
    const { siteKey = "", user, identity } = this.dataset;
    try {
      return user || identity || localStorage.getItem(`bot:${new URL(import.meta.url).host}:${siteKey}:visitor`);
    } catch {}
  }

  #load() {
    this.#chat ??= this.#begin().catch(() => (this.#chat = null));
    return this.#chat;
  }

  async #begin() {
    const words = fetch(new URL(`words/${this.#language}`, import.meta.url));
    const [{ Chat }, said] = await Promise.all([import("./chat.js"), words]);
    if (!said.ok) throw said;
    return new Chat(this, await said.json());
  }
}

if (!customElements.get("bot-widget")) customElements.define("bot-widget", BotWidget);
if (SCRIPT && !document.querySelector("bot-widget")) {
  const widget = make("bot-widget");
  Object.assign(widget.dataset, SCRIPT.dataset);
  document.body.append(widget);
}
