// The launcher: one request draws its button; everything else is imported when it is needed.

const SCRIPT = [...document.scripts].find((script) => script.src === import.meta.url);
const LABELS = { en: "Open chat", fi: "Avaa keskustelu" };
const BUBBLE = "M4 5h16v11H10l-4 4v-4H4z";

const look = new CSSStyleSheet();
look.replaceSync(`
:host { all: initial !important; position: fixed !important; z-index: 2147483000 !important;
  inset-block-end: 1em !important; inset-inline-end: 1em !important;
  font: medium/1.5 var(--bot-font, system-ui, "Segoe UI", Roboto, sans-serif) !important;
  color-scheme: light dark !important;
  --color: var(--bot-color, var(--brand, #0b5a4a)); --on: var(--bot-text-color, var(--on-brand, #fff)); }
:host([data-theme=light]) { color-scheme: light !important; }
:host([data-theme=dark]) { color-scheme: dark !important; }
:host([data-position=left]) { inset-inline: 1em auto !important; }
:host([data-frame]) { inset: 0 !important; }
[hidden] { display: none !important; }
.launcher { position: relative; display: grid; place-items: center; width: 3.5em; height: 3.5em;
  margin: 0; padding: 0; border: 1px solid transparent; border-radius: 50%; font: inherit; cursor: pointer;
  color: var(--on); background: var(--color); box-shadow: 0 .25em 1em rgb(0 0 0 / .22); }
.launcher:focus-visible { outline: 3px solid light-dark(#14201c, #fff); outline-offset: 3px; box-shadow: 0 0 0 3px light-dark(#fff, #14201c); }
.launcher svg { width: 1.75em; fill: none; stroke: currentcolor; stroke-width: 1.6; stroke-linejoin: round; }
.badge { position: absolute; inset: -.2em -.2em auto auto; min-width: 1.6em; border: 1px solid #fff; border-radius: 1em;
  font-size: .8em; font-weight: 600; color: #fff; background: #a3161f; }
`);

const room = new CSSStyleSheet(); // what has the focus is never left behind the launcher
room.replaceSync("html { scroll-padding-block-end: 6rem; }");

export class BotWidget extends HTMLElement {
  #chat;

  connectedCallback() {
    if (!this.shadowRoot) this.#draw();
    if (!document.adoptedStyleSheets.includes(room)) document.adoptedStyleSheets.push(room);
    if ("open" in this.dataset || "frame" in this.dataset) this.open(false);
    else if (this.#isKnown()) (window.requestIdleCallback || setTimeout)(() => this.#load());
  }

  disconnectedCallback() {
    this.#chat?.then((chat) => chat.stop());
    this.#chat = null;
  }

  async open(withFocus = true) {
    const chat = await this.#load();
    chat?.open(withFocus);
  }

  async close() {
    (await this.#chat)?.close();
  }

  #draw() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [look];
    this.launcher = document.createElement("button");
    this.launcher.type = "button";
    this.launcher.className = "launcher";
    const language = this.dataset.language || document.documentElement.lang || "en";
    this.launcher.ariaLabel = LABELS[language.slice(0, 2)] || LABELS.en;
    this.launcher.ariaHasPopup = "dialog";
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    icon.append(document.createElementNS(icon.namespaceURI, "path"));
    icon.firstChild.setAttribute("d", BUBBLE);
    this.badge = document.createElement("span");
    this.badge.className = "badge";
    this.badge.hidden = this.launcher.hidden = "frame" in this.dataset;
    this.badge.hidden = true;
    this.launcher.append(icon, this.badge);
    this.launcher.addEventListener("click", () => this.open());
    root.append(this.launcher);
  }

  // Nobody who never opened it costs a connection, or is given a name.
  #isKnown() {
    const { siteKey = "", user, identity } = this.dataset;
    try {
      return user || identity || localStorage.getItem(`bot:${new URL(import.meta.url).host}:${siteKey}:visitor`);
    } catch {
      return false;
    }
  }

  #load() {
    this.#chat ||= import("./chat.js").then(
      ({ Chat }) => new Chat(this, new URL("..", import.meta.url)),
      () => (this.#chat = null), // the next press tries again
    );
    return this.#chat;
  }
}

if (!customElements.get("bot-widget")) customElements.define("bot-widget", BotWidget);
if (SCRIPT && !document.querySelector("bot-widget")) {
  const element = document.createElement("bot-widget");
  Object.assign(element.dataset, SCRIPT.dataset);
  document.body.append(element);
}
