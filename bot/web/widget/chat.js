// The panel: a conversation to read, to hear and to steer by keyboard, and its settings.

import { button, icon, make } from "./bot.js";
import { Line } from "./line.js";
import { build, keep, sheet, View } from "./view.js";
import { put, shelf, Wire } from "./wire.js";

const CROSS = "M6 6l12 12M18 6L6 18";
const PLANE = "M5 12h13M12 5l7 7-7 7";
const LINES = "M4 7h16M4 17h16M15 5v4M9 15v4";
const LONGEST = 4000; // characters of a message

export class Chat {
  #told = false; // what was said before is there
  #grew = false; // something new is to be scrolled to

  constructor(host, words) {
    Object.assign(this, { host, words });
    host.shadowRoot.adoptedStyleSheets.push(sheet);
    this.wire = new Wire(host.dataset);
    this.line = new Line(this.wire, (event) => this.#heard(event));
    this.#build();
    this.line.start();
  }

  stop() {
    this.line.stop();
    const { shadowRoot, launcher } = this.host;
    shadowRoot.replaceChildren(launcher);
    shadowRoot.adoptedStyleSheets.pop();
    launcher.hidden = false;
  }

  open(withFocus) {
    this.panel.hidden = false;
    this.host.launcher.hidden = true;
    this.#introduce();
    this.#settle();
    this.#scroll("instant");
    if (withFocus) this.field.focus();
    return this;
  }

  close() {
    if (this.host.isFrame) return;
    this.panel.hidden = true;
    this.host.launcher.hidden = false;
    this.host.launcher.focus();
  }

  speak(language) {
    this.host.dataset.language = language;
    this.host.restart();
  }

  #build() {
    const { words, host } = this;
    this.view = new View(words, (id) => this.line.again(id));
    this.tail = make("div", { className: "choices", role: "group", ariaLabel: words.choices });
    this.typing = make("div", { className: "typing", ariaHidden: "true" }, "•••");
    this.told = make("p", { role: "status" });
    this.settings = make("form", { className: "scroll settings", ariaLabel: words.settings, tabIndex: -1, hidden: true });
    this.settings.onsubmit = (event) => {
      event.preventDefault();
      this.#set(Object.fromEntries(new FormData(this.settings, event.submitter)));
    };
    this.scroller = make("div", { className: "scroll" }, this.view.log, this.typing, this.tail);
    this.alert = make("p", { className: "alert", role: "alert" });
    this.face = make("span", { className: "icon full face", ariaHidden: "true" }, words.name[0]);
    this.gear = icon(LINES, words.settings, () => this.#turn(this.settings.hidden));
    this.panel = make(
      "section",
      { role: "dialog", ariaLabel: words.name, lang: words.locale, className: "panel", hidden: true, onkeydown: (event) => this.#key(event) },
      make(
        "div",
        { className: "head" },
        this.face,
        make("div", { className: "name" }, make("h2", {}, words.name), make("p", {}, words.machine)),
        this.gear,
        icon(CROSS, words.close, () => this.close(), { hidden: host.isFrame }),
      ),
      this.scroller,
      this.settings,
      this.alert,
      this.#form(),
    );
    this.hint = make("div", { className: "hint", role: "status", lang: words.locale });
    host.shadowRoot.append(this.hint, this.panel);
  }

  #form() {
    const { write, send } = this.words;
    const onsubmit = (event) => {
      event.preventDefault();
      this.say(this.field.value);
      this.field.value = "";
    };
    const onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    };
    this.field = make("textarea", { rows: 1, maxLength: LONGEST, ariaLabel: write, placeholder: write, onkeydown });
    this.form = make("form", { className: "write", onsubmit }, this.field, icon(PLANE, send, null, { type: "submit", className: "icon full" }));
    return this.form;
  }

  // To the settings, or back.
  #turn(isToSettings) {
    const { scroller, settings, form, gear, words } = this;
    settings.hidden = !isToSettings;
    scroller.hidden = form.hidden = isToSettings;
    gear.ariaLabel = gear.title = isToSettings ? words.back : words.settings;
    if (isToSettings) this.#set({ do: "show" });
    else this.field.focus();
  }

  // The server describes the settings and is told what was pressed.
  async #set(pressed) {
    const { settings, told, wire, words } = this;
    if (pressed.do === "transcript") return keep("conversation.txt", this.view.text);
    told.textContent = "";
    try {
      const page = await wire.call("POST", `widget/settings/${words.locale}`, pressed);
      if (page.is_erased) {
        this.#turn(false);
        return this.line.erased();
      }
      if (page.language) return this.speak(page.language);
      if (page.file) return keep("my-data.json", JSON.stringify(page.file, null, 2));
      settings.replaceChildren(told, ...page.parts.map(build));
      settings.time_zone?.append(...Intl.supportedValuesOf("timeZone").map((zone) => new Option(zone)));
      (settings.querySelector(".first") ?? settings).focus();
      told.textContent = page.told;
    } catch ({ status, message }) {
      told.textContent = words.failed.replace("{why}", status ? message : "");
    }
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (this.settings.hidden) this.close();
    else this.#turn(false);
  }

  say(text) {
    this.field.focus();
    if (text.trim()) this.line.say(text.trim());
  }

  #heard(event) {
    const { words, view } = this;
    const { type, id, number, at, text, reply, language } = event;
    if (type === "session") this.#welcome(event.session);
    else if (type === "items") event.items.forEach((item) => this.#show(item));
    else if (type === "say") this.#show({ ...event.item, author: "person", state: event.item.failed ? "unsent" : "sending" });
    else if (type === "said") {
      if (text) this.#show({ author: "person", id, number, text, at });
      view.language = language || view.language;
      if (reply.text) this.#show({ ...reply, author: "bot", id: reply.turn_id, number, at });
    } else if (type === "failed") {
      view.mark(id, "unsent");
      this.alert.textContent = words.failed.replace("{why}", event.message);
    } else if (type === "history") this.#restored();
    else if (type === "state") this.alert.textContent = event.isOnline ? "" : words.offline;
    this.#settle();
  }

  #welcome(session) {
    const { words, view } = this;
    const { color, text_color, logo, placeholder } = session.brand;
    this.#told = false;
    this.session = session;
    view.clear();
    view.language = session.language;
    view.log.ariaLive = "off"; // what was said before is not read out
    sheet.cssRules[0].style.setProperty("--brand", color);
    sheet.cssRules[0].style.setProperty("--on-brand", text_color);
    if (session.number && !this.host.dataset.language && session.language !== words.locale) return this.speak(session.language);
    this.#introduce();
    this.field.placeholder = placeholder || words.write;
    if (logo) this.face.replaceChildren(make("img", { src: logo, alt: "" }));
  }

  // Somebody new is spoken to in the language of the page, at their own hours.
  #introduce() {
    const { session } = this;
    if (this.panel.hidden || !session || session.number) return;
    session.number = 1;
    const { timeZone: time_zone } = Intl.DateTimeFormat().resolvedOptions();
    this.line.after(this.wire.call("PUT", "widget/me", { language: this.words.locale, time_zone }));
  }

  #restored() {
    const { words, view } = this;
    this.#told = this.#grew = true;
    if (!view.latest) view.show({ author: "bot", number: -1, text: this.session.brand.greeting || words.greeting, lang: words.locale });
    requestAnimationFrame(() => (view.log.ariaLive = "polite"));
  }

  #show(item) {
    this.#grew = this.view.show(item) || this.#grew;
  }

  // The choices are those of the last line, unless an answer is on its way.
  #settle() {
    const { isWaiting, latest } = this.view;
    this.typing.hidden = !isWaiting || this.alert.textContent !== "";
    const offer = (!isWaiting && latest?.choices) || [];
    if (this.offer !== offer) this.tail.replaceChildren(...offer.map(({ label, send }) => button(label, () => this.say(send))));
    this.tail.hidden = !offer.length;
    this.offer = offer;
    if (!this.#told) return;
    if (this.#grew) this.#scroll();
    this.#count();
  }

  // What was said while nobody looked.
  #count() {
    const { words, host, hint } = this;
    const key = `bot:seen:${this.session.user_id}`;
    const said = this.view.lines().filter(({ author, number }) => author === "bot" && number < Infinity);
    if (!this.panel.hidden) put(key, said.at(-1)?.number ?? 0);
    const fresh = said.filter(({ number }) => number > (shelf[key] ?? 0));
    const { launcher } = host;
    launcher.ariaLabel = launcher.title = fresh.length ? words.fresh.replace("{n}", fresh.length) : words.open;
    if (fresh.length) launcher.dataset.fresh = fresh.length;
    else delete launcher.dataset.fresh;
    const last = fresh.at(-1);
    if (this.last === last) return;
    this.last = last;
    const dismiss = () => {
      hint.replaceChildren();
      launcher.focus();
    };
    hint.replaceChildren(...(last ? [button(last.text, () => host.open()), icon(CROSS, words.dismiss, dismiss)] : []));
  }

  // To the beginning of what was said last.
  #scroll(behavior) {
    this.#grew = false;
    const top = this.view.latest?.node.offsetTop - 16;
    if (top >= 0) this.scroller.scrollTo({ top, behavior });
  }
}
