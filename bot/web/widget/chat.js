// The panel: a conversation that can be read, heard and steered by keyboard.

import { button, icon, make } from "./bot.js";
import { Line } from "./line.js";
import { brand, sheet } from "./style.js";
import { View } from "./view.js";
import { Wire, storage } from "./wire.js";
import { wordsOf } from "./words.js";

const CROSS = "M6 6l12 12M18 6L6 18";
const PLANE = "M5 12h13M12 5l7 7-7 7";
const LINES = "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4";
const COLOR = /^#[0-9a-f]{6}$/i;
const LONGEST = 4000; // characters of a message

export class Chat {
  #told = false; // what was said before is there
  #grew = false; // something new is to be scrolled to

  constructor(host, base) {
    this.host = host;
    this.root = host.shadowRoot;
    this.root.adoptedStyleSheets = [this.root.adoptedStyleSheets[0], brand, sheet];
    this.wire = new Wire(base, host.dataset);
    this.line = new Line(this.wire, (event) => this.#heard(event));
    this.words = wordsOf(this.#language);
    this.#build();
    this.line.start();
  }

  stop() {
    this.line.stop();
    for (const part of [this.panel, this.badge, this.hint]) part.remove();
    this.host.launcher.hidden = false;
  }

  open(withFocus) {
    this.panel.hidden = false;
    this.host.launcher.hidden = true;
    this.#introduce();
    this.#settle();
    this.#scroll("instant");
    if (withFocus) this.field.focus();
  }

  close() {
    if ("frame" in this.host.dataset) return;
    this.panel.hidden = true;
    this.host.launcher.hidden = false;
    this.host.launcher.focus();
  }

  speak(language) {
    this.host.dataset.language = language;
    this.host.again();
  }

  erased() {
    this.#turn(false);
    this.line.erased();
  }

  get #language() {
    return this.host.dataset.language || document.documentElement.lang || navigator.language;
  }

  #build() {
    const { words } = this;
    this.view = new View(words, (id) => this.line.again(id));
    this.tail = make("div");
    this.typing = make("div", { className: "typing", ariaHidden: "true", hidden: true }, make("i"), make("i"), make("i"));
    this.scroller = make("div", { className: "scroll" }, this.view.log, this.typing, this.tail);
    this.alert = make("p", { className: "alert", role: "alert" });
    this.title = make("h2");
    this.face = make("span", { className: "face", ariaHidden: "true" });
    const isFramed = "frame" in this.host.dataset;
    this.panel = make(
      "section",
      { role: "dialog", lang: words.locale, className: "panel", hidden: true, onkeydown: (event) => this.#key(event) },
      make(
        "div",
        { className: "head" },
        this.face,
        make("div", { className: "name" }, this.title, make("p", {}, words.machine)),
        (this.gear = icon(LINES, words.settings, () => this.#turn(!this.panel.contains(this.settings)))),
        icon(CROSS, words.close, () => this.close(), { hidden: isFramed }),
      ),
      this.scroller,
      this.alert,
      this.#form(),
    );
    this.badge = make("span", { className: "badge", hidden: true });
    this.hint = make("div", { className: "hint", role: "status", lang: words.locale });
    this.host.launcher.append(this.badge);
    this.root.append(this.hint, this.panel);
  }

  #form() {
    const { words } = this;
    this.field = make("textarea", { rows: 1, maxLength: LONGEST, ariaLabel: words.write, placeholder: words.write, autocomplete: "off" });
    this.field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    };
    const onsubmit = (event) => {
      event.preventDefault();
      this.#say(this.field.value);
      this.field.value = "";
      this.field.focus();
    };
    this.form = make("form", { className: "write", onsubmit }, this.field, icon(PLANE, words.send, null, { type: "submit", className: "icon full" }));
    return this.form;
  }

  // To the settings, or back to the conversation.
  async #turn(isToSettings) {
    const { words } = this;
    this.settings?.remove();
    this.settings = null;
    this.scroller.hidden = this.form.hidden = isToSettings;
    this.gear.ariaLabel = this.gear.title = isToSettings ? words.back : words.settings;
    if (!isToSettings) return this.field.focus();
    const { Panel } = await import("./panel.js");
    const panel = new Panel(this);
    this.settings = panel.node;
    this.scroller.after(panel.node);
    panel.show();
  }

  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.settings) this.#turn(false);
      else this.close();
    }
  }

  #say(text) {
    if (text.trim()) this.line.say(text.trim());
  }

  #heard(event) {
    const { type } = event;
    if (type === "session") this.#welcome(event.session);
    else if (type === "items") event.items.forEach((item) => this.#show(item));
    else if (type === "say") this.#show({ ...event.item, author: "person", state: event.item.failed ? "unsent" : "sending" });
    else if (type === "said") this.#answered(event);
    else if (type === "failed") this.#failed(event);
    else if (type === "history") this.#restored();
    else if (type === "state") this.#state(event);
    this.#settle();
  }

  #welcome(session) {
    const { name, color, text_color: onColor, logo, placeholder } = session.brand;
    this.#told = false;
    this.person = session.user_id;
    this.brand = session.brand;
    this.view.clear();
    this.view.language = session.language;
    this.view.name = this.title.textContent = this.panel.ariaLabel = name;
    this.face.textContent = name.slice(0, 1);
    this.view.log.ariaLabel = this.words.log.replace("{name}", name);
    this.view.log.ariaLive = "off"; // what was said before is not read out
    if (COLOR.test(color) && COLOR.test(onColor)) brand.replaceSync(`:host { --brand: ${color}; --on-brand: ${onColor}; }`);
    if (session.number && !this.host.dataset.language && wordsOf(session.language) !== this.words) return this.speak(session.language);
    this.#introduce();
    if (placeholder) this.field.placeholder = placeholder;
    if (logo) this.face.replaceWith(make("img", { className: "face", src: logo, alt: "" }));
  }

  // Somebody new is spoken to in the language of the page, at the hours of their own day.
  #introduce() {
    const { session } = this.wire;
    if (this.panel.hidden || !session || session.number || this.person === this.introduced) return;
    this.introduced = this.person;
    const language = session.languages.find((one) => one === this.words.locale);
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.line.after(this.wire.call("PUT", "widget/me", { language, time_zone }));
  }

  #restored() {
    this.#told = true;
    if (!this.view.latest) {
      const text = this.brand.greeting || this.words.greeting.replace("{name}", this.brand.name);
      this.view.show({ author: "bot", id: "greeting", number: -1, text, lang: this.words.locale });
    }
    this.#grew = true;
    requestAnimationFrame(() => (this.view.log.ariaLive = "polite"));
  }

  #show(item) {
    if (this.view.show(item)) this.#grew = true;
  }

  #answered({ id, number, reply, at, text }) {
    if (text) this.#show({ author: "person", id, number, text, at });
    if (reply.text) this.#show({ ...reply, author: "bot", id: reply.turn_id, number, at });
  }

  #failed({ id, message }) {
    this.view.mark(id, "unsent");
    this.alert.textContent = this.words.failed.replace("{why}", message);
  }

  #state({ isOnline }) {
    const words = isOnline ? "" : this.words.offline;
    if (this.alert.textContent !== words) this.alert.textContent = words;
  }

  // What can be chosen is what the last line offers, unless an answer is on its way.
  #settle() {
    const { isWaiting, latest } = this.view;
    this.typing.hidden = !isWaiting || this.alert.textContent !== "";
    const offering = !isWaiting && latest?.author === "bot" && latest.choices?.length ? latest : null;
    if (this.offering !== offering) this.tail.replaceWith((this.tail = this.#choices(offering?.choices ?? [])));
    this.offering = offering;
    if (this.#told && this.#grew) this.#scroll();
    if (this.#told) this.#count();
  }

  // Yes and no look the same, and neither has the focus.
  #choices(offered) {
    const choose = (text) => {
      this.field.focus();
      this.#say(text);
    };
    const buttons = offered.map(({ label, send }) => button(label, () => choose(send)));
    return make("div", { className: "choices", role: "group", ariaLabel: this.words.choices, hidden: !buttons.length }, ...buttons);
  }

  // What the bot said while nobody looked: a number on the launcher and the last line beside it.
  #count() {
    const key = `bot:seen:${this.person}`;
    const said = this.view.lines().filter(({ author, number }) => author === "bot" && number < Infinity);
    if (!this.panel.hidden) storage.set(key, said.at(-1)?.number ?? 0);
    const fresh = said.filter(({ number }) => number > (storage.get(key) ?? 0));
    const { launcher } = this.host;
    launcher.ariaLabel = launcher.title = fresh.length ? this.words.fresh.replace("{n}", fresh.length) : this.words.open;
    this.badge.textContent = fresh.length;
    this.badge.hidden = !fresh.length;
    const last = fresh.at(-1);
    if (this.hint.last === last?.id) return;
    this.hint.last = last?.id;
    const dismiss = () => {
      this.hint.replaceChildren();
      launcher.focus();
    };
    this.hint.replaceChildren(...(last ? [button(make("span", {}, last.text), () => this.host.open()), icon(CROSS, this.words.dismiss, dismiss)] : []));
  }

  // The beginning of what was said last, or its end where that is in reach.
  #scroll(behavior) {
    this.#grew = false;
    const top = this.view.latest?.node.offsetTop - 16;
    if (top >= 0) this.scroller.scrollTo({ top, behavior });
  }
}
