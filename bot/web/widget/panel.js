// The settings: language, quiet hours, limits, pauses, and what is stored about a person.

import { button, make } from "./bot.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.settings > * + * + * { margin-block-start: 1.5em; padding-block-start: 1.5em; border-block-start: 1px solid var(--rule); }
.settings form > * + *, .settings div:not(.choices) > * + * { margin-block-start: 1em; }
fieldset { display: flex; flex-wrap: wrap; gap: .75em; min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0 0 .5em; font-weight: 600; }
label { flex: 1 1 6em; display: grid; gap: .25em; }
label span, .quiet { font-size: .875em; color: var(--quiet); }
.check { grid-template-columns: auto 1fr; align-items: center; gap: .75em; min-height: 2.75em; }
input, select { width: 100%; min-width: 0; min-height: 2.75em; padding: .25em .75em; border: 1px solid light-dark(#7d8984, #7b8782); border-radius: .75em; background: var(--paper); }
[type=checkbox] { width: 1.5em; min-height: 1.5em; accent-color: var(--color); }
`);

const en = {
  language: "Language",
  zone: "Time zone",
  quiet: "Quiet hours",
  from: "from",
  to: "to",
  usual: "as usual",
  nudges: "{name} may write to me first",
  limits: "Most to spend, in credits",
  day: "a day",
  week: "a week",
  month: "a month",
  none: "no limit",
  left: "You have {n} credits. A lower limit counts at once; a higher one waits a day and a second yes.",
  pending: "Higher limits you asked for can be confirmed from {from} to {to}.",
  confirm: "Confirm the higher limits",
  save: "Save",
  saved: "Saved.",
  pause: "Pause from paid content",
  firm: "Nobody can shorten a pause.",
  begin: "Begin the pause",
  until: "Paused until {at}.",
  mine: "Your data",
  transcript: "Save this conversation",
  export: "Save everything stored about you",
  erase: "Erase everything",
  sure: "This erases all that is stored about you, credits too. It cannot be undone.",
  yes: "Yes, erase it",
  no: "No, keep it",
};

const fi = {
  language: "Kieli",
  zone: "Aikavyöhyke",
  quiet: "Hiljaiset tunnit",
  from: "alkaen",
  to: "asti",
  usual: "kuten yleensä",
  nudges: "{name} saa kirjoittaa minulle ensin",
  limits: "Enintään krediittejä",
  day: "päivässä",
  week: "viikossa",
  month: "kuukaudessa",
  none: "ei rajaa",
  left: "Sinulla on {n} krediittiä. Matalampi raja on voimassa heti; korkeampi odottaa päivän ja toisen kyllän.",
  pending: "Pyytämäsi korkeammat rajat voi vahvistaa {from} – {to}.",
  confirm: "Vahvista korkeammat rajat",
  save: "Tallenna",
  saved: "Tallennettu.",
  pause: "Tauko maksullisesta",
  firm: "Kukaan ei voi lyhentää taukoa.",
  begin: "Aloita tauko",
  until: "Tauko kestää {at} asti.",
  mine: "Tietosi",
  transcript: "Tallenna tämä keskustelu",
  export: "Tallenna kaikki sinusta tallennettu",
  erase: "Poista kaikki",
  sure: "Tämä poistaa kaiken, mitä sinusta on tallennettu, krediititkin. Sitä ei voi perua.",
  yes: "Kyllä, poista",
  no: "Ei, säilytä",
};

const ALL = { en, fi };
const DAYS = [1, 7, 30, 42]; // a pause
const PERIODS = ["day", "week", "month"];

export class Panel {
  constructor(chat) {
    Object.assign(this, { chat, words: { ...chat.words, ...ALL[chat.words.locale] } });
    const { adoptedStyleSheets } = chat.root;
    if (!adoptedStyleSheets.includes(sheet)) adoptedStyleSheets.push(sheet);
    this.told = make("p", { role: "status" });
    this.node = make("section", { className: "scroll settings", ariaLabel: this.words.settings, tabIndex: -1 });
  }

  async show() {
    const me = await this.#try(() => this.chat.wire.call("GET", "widget/me"));
    this.node.replaceChildren(this.told, ...(me ? [this.#form(me), ...this.#pending(me), this.#pause(me), this.#data()] : []));
    this.node.focus();
  }

  #form(me) {
    const { words } = this;
    const { limits } = me.limits;
    const own = me.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zones = [...new Set([own, ...Intl.supportedValuesOf("timeZone")])];
    const hours = (first) => ["", ...Array.from({ length: 13 }, (_, index) => first + index)]; // the night stays quiet
    const hour = (at) => (at === "" ? words.usual : `${at}:00`);
    const tongue = (one) => new Intl.DisplayNames(one, { type: "language" }).of(one);
    const form = make(
      "form",
      {},
      pick(words.language, "language", me.languages, me.language, tongue),
      pick(words.zone, "time_zone", zones, own),
      group(words.quiet, pick(words.from, "quiet_from", hours(9), me.quiet_from ?? "", hour), pick(words.to, "quiet_to", hours(8), me.quiet_to ?? "", hour)),
      make("label", { className: "check" }, make("input", { type: "checkbox", name: "nudges", checked: me.nudges }), this.#named(words.nudges)),
      group(words.limits, ...PERIODS.map((period) => labelled(words[period], make("input", { type: "number", min: 0, name: period, placeholder: words.none, value: limits[period] ?? "" })))),
      make("p", { className: "quiet" }, words.left.replace("{n}", me.credits)),
      button(words.save, null, { type: "submit" }),
    );
    const before = read(form);
    form.onsubmit = (event) => {
      event.preventDefault();
      const now = read(form);
      this.#save(Object.entries(now).filter(([name, value]) => value !== before[name]), me);
    };
    return form;
  }

  async #save(changed, me) {
    const limits = {};
    const mine = {};
    for (const [name, value] of changed) {
      if (PERIODS.includes(name)) limits[name] = value === "" ? "none" : +value;
      else if (name.startsWith("quiet")) mine[name] = value === "" ? null : +value;
      else mine[name] = value;
    }
    const { wire } = this.chat;
    const put = (path, body) => Object.keys(body).length && wire.call("PUT", path, body);
    const done = await this.#try(async () => {
      await put("widget/me", mine);
      await put("v1/limits", limits);
      return true;
    });
    if (!done) return;
    if (mine.language && mine.language !== me.language) return this.chat.speak(mine.language);
    await this.show();
    this.told.textContent = this.words.saved;
  }

  // A higher limit takes a second yes, a day after the first.
  #pending({ limits: { pending } }) {
    if (!pending) return [];
    const { words } = this;
    const text = words.pending.replace("{from}", this.#when(pending.confirm_from)).replace("{to}", this.#when(pending.lapses_at));
    const confirm = async () => {
      if (await this.#try(() => this.chat.wire.call("POST", "v1/limits/confirm", {}))) this.show();
    };
    const isOpen = Date.parse(pending.confirm_from) <= Date.now();
    return [make("div", {}, make("p", {}, text), ...(isOpen ? [button(words.confirm, confirm)] : []))];
  }

  #when(at) {
    return new Date(at).toLocaleString(this.words.locale, { dateStyle: "medium", timeStyle: "short" });
  }

  #pause({ limits }) {
    const { words } = this;
    const days = (one) => one.toLocaleString(words.locale, { style: "unit", unit: "day", unitDisplay: "long" });
    const choice = pick(words.pause, "days", DAYS, 1, days);
    const begin = async () => {
      const hours = 24 * choice.lastChild.value;
      if (await this.#try(() => this.chat.wire.call("POST", "v1/pauses", { hours }))) this.show();
    };
    const until = limits.paused_until;
    const state = until ? words.until.replace("{at}", this.#when(until)) : words.firm;
    return make("div", {}, choice, make("p", { className: "quiet" }, state), button(words.begin, begin));
  }

  #data() {
    const { words, chat } = this;
    const all = async () => {
      const stored = await this.#try(() => chat.wire.call("GET", "widget/me/export"));
      if (stored) keep("my-data.json", JSON.stringify(stored, null, 2));
    };
    const erase = button(words.erase, () => {
      sure.hidden = false;
      choices.lastChild.focus();
    });
    const yes = async () => (await this.#try(() => chat.wire.call("POST", "widget/me/erase", { confirm: true }))) && chat.erased();
    const no = () => {
      sure.hidden = true;
      erase.focus();
    };
    const choices = make("div", { className: "choices" }, button(words.yes, yes), button(words.no, no));
    const sure = make("div", { hidden: true }, make("p", {}, words.sure), choices);
    return make("div", {}, group(words.mine, button(words.transcript, () => keep("conversation.txt", chat.view.text)), button(words.export, all), erase), sure);
  }

  #named(text) {
    return text.replace("{name}", this.chat.view.name);
  }

  // What an attempt gives; nothing, and why, when it failed.
  async #try(act) {
    this.told.textContent = "";
    return act().catch((fault) => {
      this.told.textContent = this.words.failed.replace("{why}", fault.status ? fault.message : "");
    });
  }
}

function read(form) {
  return { ...Object.fromEntries(new FormData(form)), nudges: form.nudges.checked };
}

function labelled(text, control) {
  return make("label", {}, make("span", {}, text), control);
}

function pick(text, name, values, chosen, show = String) {
  const options = values.map((value) => make("option", { value, selected: value === chosen }, show(value)));
  return labelled(text, make("select", { name }, ...options));
}

function group(text, ...parts) {
  return make("fieldset", {}, make("legend", {}, text), ...parts);
}

// A file for the person to keep.
function keep(download, text) {
  const href = URL.createObjectURL(new Blob([text]));
  make("a", { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
