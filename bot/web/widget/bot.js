// The launcher: one request draws its button; everything else is imported when it is needed.

const SCRIPT = [...document.scripts].find((script) => script.src === import.meta.url);
const BUBBLE = "M4 5h16v11H10l-4 4v-4H4z";

const look = new CSSStyleSheet();
look.replaceSync(`
:host { all: initial !important; position: fixed !important; z-index: 2147483000 !important;
  inset: auto 1em 1em auto !important; font: medium/1.5 var(--bot-font, system-ui, sans-serif) !important;
  color-scheme: light dark !important;
  --color: var(--bot-color, var(--brand, #0b5a4a)); --on: var(--bot-text-color, var(--on-brand, #fff));
  --ink: var(--bot-ink, light-dark(#17211d, #edf1ef)); --paper: var(--bot-background, light-dark(#fff, #171b1a)); }
:host([data-position=left]), :host(:dir(rtl):not([data-position=right])) { inset-inline: auto !important; left: 1em !important; right: auto !important; }
:host([data-theme=light]) { color-scheme: light !important; }
:host([data-theme=dark]) { color-scheme: dark !important; }
[hidden] { display: none !important; }
svg { width: 1.375em; fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
button { box-sizing: border-box; min-width: 2.75em; min-height: 2.75em; margin: 0; padding: .375em 1em; border: 1px solid light-dark(#7d8984, #7b8782);
  border-radius: 1.375em; font: inherit; color: inherit; background: none; cursor: pointer; }
.icon { flex: none; display: grid; place-items: center; padding: 0; border-color: transparent; }
.full { border-radius: 50%; color: var(--on); background: var(--color); }
.launcher { width: 3.5em; height: 3.5em; box-shadow: 0 .25em 1em rgb(0 0 0 / .22); }
.launcher svg { width: 1.75em; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.launcher:focus-visible { box-shadow: 0 0 0 3px var(--paper); }
`);

const room = new CSSStyleSheet(); // what has the focus is not left behind the launcher
room.replaceSync("html { scroll-padding-block-end: 6rem; }");

// An element from its name, properties and children; text is only ever text.
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function button(text, onclick, properties) {
  return make("button", { type: "button", onclick, ...properties }, text);
}

export function icon(path, label, onclick, properties) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.ariaHidden = "true";
  picture.append(document.createElementNS(picture.namespaceURI, "path"));
  picture.firstChild.setAttribute("d", path);
  return button(picture, onclick, { className: "icon", ariaLabel: label, title: label, ...properties });
}

class BotWidget extends HTMLElement {
  #chat;

  connectedCallback() {
    if (!this.shadowRoot) this.#draw();
    if (!document.adoptedStyleSheets.includes(room)) document.adoptedStyleSheets.push(room);
    const { open, frame } = this.dataset;
    if ((open ?? frame) != null) this.open(false);
    else if (this.#isKnown()) setTimeout(() => this.#load());
  }

  disconnectedCallback() {
    this.#chat?.then((chat) => chat.stop());
    this.#chat = null;
  }

  async open(withFocus = true) {
    (await this.#load())?.open(withFocus);
  }

  async close() {
    (await this.#chat)?.close();
  }

  // Begins anew, as after a change of language.
  again() {
    this.disconnectedCallback();
    return this.open();
  }

  #draw() {
    const language = this.dataset.language || document.documentElement.lang;
    const label = language.startsWith("fi") ? "Avaa keskustelu" : "Open chat";
    this.launcher = icon(BUBBLE, label, () => this.open(), { className: "icon full launcher", ariaHasPopup: "dialog", hidden: "frame" in this.dataset });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [look];
    root.append(this.launcher);
  }

  // Whoever never opened it costs no connection and is given no name.
  #isKnown() {
    const { siteKey = "", user, identity } = this.dataset;
    try {
      return user || identity || localStorage.getItem(`bot:${new URL(import.meta.url).host}:${siteKey}:visitor`);
    } catch {
      return false;
    }
  }

  #load() {
    const failed = () => (this.#chat = null); // the next press tries again
    this.#chat ||= import("./chat.js").then(({ Chat }) => new Chat(this, new URL("..", import.meta.url)), failed);
    return this.#chat;
  }
}

if (!customElements.get("bot-widget")) customElements.define("bot-widget", BotWidget);
if (SCRIPT && !document.querySelector("bot-widget")) {
  const widget = make("bot-widget");
  Object.assign(widget.dataset, SCRIPT.dataset);
  document.body.append(widget);
}
