// One line a browser: the tab that holds the lock has the socket, the others listen to it.

import { Outbox } from "./wire.js";

const HISTORY = 60; // turns shown again
const ANSWER_MS = 15_000; // silence after which a socket counts as dead
const POLL_MS = 10_000; // where sockets are blocked
const BLOCKED = 3; // sockets that failed in a row
const AGAIN = 0.03; // how often a socket is tried again instead
const PASSES = ["too_many", "unavailable", "in_progress"]; // refusals for now: sent again by itself
const SLOWEST_MS = 30_000;

export class Line {
  #socket;
  #timers = {};
  #sending = ""; // the id of the message on its way
  #waits = false; // the server asked to wait before the next message
  #tries = 0;
  #failed = 0;
  #leads = false;
  #leave;
  #release;

  constructor(wire, tell) {
    Object.assign(this, { wire, tell, last: 0, person: "", outbox: new Outbox("") });
  }

  async start() {
    this.#leave?.abort();
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    addEventListener("online", () => this.#wake(), { signal });
    addEventListener("offline", () => this.#state(false), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake(), { signal });
    await this.#enter(signal);
  }

  stop() {
    this.#leave?.abort();
    this.#leads = false;
    this.#drop();
    Object.values(this.#timers).forEach(clearTimeout);
    this.channel?.close();
    this.person = "";
    this.outbox = new Outbox("");
    this.#release?.();
  }

  #anew() {
    this.stop();
    return this.start();
  }

  say(text) {
    const at = Date.now();
    const id = `${at.toString(36)}-${Math.random().toString(36).slice(2)}`;
    this.#share({ type: "say", item: { id, text, at } });
  }

  again(id) {
    const item = this.outbox.find(id);
    if (item) this.#share({ type: "say", item: { ...item, failed: false } });
  }

  after(first) {
    this.#waits = true;
    first.catch(() => {}).then(() => this.#goOn());
  }

  // Everything about this person is gone: the other tabs begin anew, too.
  erased() {
    for (const { id } of this.outbox.all()) this.outbox.remove(id);
    this.wire.forget();
    this.#share({ type: "erased" });
  }

  async #enter(signal) {
    try {
      await this.#begin();
      await this.#history();
    } catch (fault) {
      if (signal.aborted) return;
      if (fault.status) this.tell({ type: "failed", message: fault.message });
      else this.#state(false);
      return this.#later("enter", this.#backoff(), () => this.#enter(signal));
    }
    if (signal.aborted) return;
    this.#state(true);
    const lead = (release) => {
      this.#leads = true;
      this.#release = release;
      this.#connect();
    };
    if (!navigator.locks) return lead();
    navigator.locks.request(`bot:${this.person}`, { signal }, () => new Promise(lead)).catch(() => {});
  }

  async #begin() {
    const session = await this.wire.begin();
    this.#later("renew", this.wire.renewMs, () => this.#renew());
    if (session.user_id === this.person) return;
    this.channel?.close();
    this.person = session.user_id;
    this.last = Math.max(0, session.number - HISTORY);
    const early = new Outbox(""); // what was written before it was known by whom
    this.outbox = new Outbox(this.person);
    for (const item of early.all()) {
      this.outbox.add(item);
      early.remove(item.id);
    }
    this.channel = new BroadcastChannel(`bot:${this.person}`);
    this.channel.onmessage = ({ data }) => this.#heard(data);
    this.tell({ type: "session", session });
  }

  async #history() {
    await this.#catchUp();
    for (const item of this.outbox.all()) this.tell({ type: "say", item });
    this.tell({ type: "history" });
  }

  async #catchUp() {
    for (;;) {
      const feed = await this.wire.call("GET", `widget/feed?after=${this.last}`);
      if (!feed.items.length) return;
      this.#share({ type: "items", ...feed });
    }
  }

  // Something happened: every tab is told, this one too.
  #share(event) {
    try {
      this.channel.postMessage(event);
    } catch {} // closed: this tab has left
    this.#heard(event);
  }

  #heard(event) {
    if (event.type === "items") {
      this.last = Math.max(this.last, event.last);
      for (const item of event.items) if (item.author === "person") this.#confirmed(item.id);
    } else if (event.type === "said") {
      if (event.number === this.last + 1) this.last = event.number; // else the lines between follow
      this.#confirmed(event.id);
    } else if (event.type === "say") {
      this.outbox.add(event.item);
      this.#drain();
    } else if (event.type === "erased") {
      return this.#anew();
    }
    this.tell(event);
  }

  #confirmed(id) {
    this.outbox.remove(id);
    if (this.#sending === id) this.#sending = "";
  }

  #connect() {
    clearTimeout(this.#timers.connect);
    if (!this.#leads || this.#socket) return;
    const socket = (this.#socket = new WebSocket(this.wire.socketAddress));
    const ours = (act) => (event) => socket === this.#socket && act(event);
    socket.onopen = ours(() => this.#send({ type: "hello", token: this.wire.session.token, after: this.last }));
    socket.onmessage = ours(({ data }) => this.#frame(JSON.parse(data)));
    socket.onclose = ours(({ code }) => this.#closed(code));
    this.#expect();
  }

  #frame(frame) {
    clearTimeout(this.#timers.answer);
    this.#state(true);
    if (frame.type === "ready") {
      this.#tries = this.#failed = 0;
      this.ready = true;
    } else if (frame.type === "refused") {
      this.#refused(frame, frame.retry_after_s);
    } else if (frame.type !== "renewed") {
      this.#share({ ...frame, at: Date.now(), text: this.outbox.find(frame.id)?.text });
    }
    this.#drain();
    if (this.#sending) this.#expect();
  }

  async #closed(code) {
    if (!this.ready) this.#failed += 1;
    this.#drop();
    if (code === 4401) {
      const before = this.person;
      await this.#begin().catch(() => {});
      if (this.person !== before) return this.#anew(); // somebody else, with another history
    }
    if (this.#failed >= BLOCKED) return this.#poll();
    this.#state(this.#tries < 2);
    this.#later("connect", this.#backoff(), () => this.#connect());
  }

  // Sockets are blocked on the way: ask over HTTP, and try a socket now and then.
  async #poll() {
    if (!this.#leads) return;
    try {
      await this.#catchUp();
      this.#state(true);
      this.#drain();
    } catch {
      this.#state(false);
      this.#failed = 0;
      return this.#later("connect", this.#backoff(), () => this.#connect());
    }
    this.#later("connect", POLL_MS, () => (Math.random() < AGAIN ? this.#connect() : this.#poll()));
  }

  // One message at a time, so that they arrive in the order they were written.
  async #drain() {
    const item = this.#leads && !this.#sending && !this.#waits && this.outbox.all().find((one) => !one.failed);
    if (!item || !(this.ready || this.#failed >= BLOCKED)) return;
    this.#sending = item.id;
    if (this.ready) this.#send({ type: "say", id: item.id, text: item.text });
    else await this.#post(item);
  }

  async #post({ id, text }) {
    try {
      const reply = await this.wire.call("POST", "interact", { message: text, message_id: id });
      this.#share({ type: "said", id, number: 0, reply, at: Date.now(), text });
      this.#drain();
    } catch (fault) {
      this.#refused({ id, code: fault.status && fault.code, message: fault.message }, fault.waitS);
    }
  }

  #goOn() {
    this.#waits = false;
    this.#drain();
  }

  #refused({ id, code, message }, waitS) {
    this.#sending = "";
    if (waitS || !code || PASSES.includes(code)) {
      this.#waits = true;
      return this.#later("drain", waitS ? waitS * 1000 : this.#backoff(), () => this.#goOn());
    }
    const item = this.outbox.find(id);
    if (item) this.outbox.add({ ...item, failed: true });
    this.#share({ type: "failed", id, message });
    this.#drain();
  }

  async #renew() {
    try {
      await this.#begin();
      if (this.ready) this.#send({ type: "renew", token: this.wire.session.token });
    } catch {
      this.#later("renew", this.#backoff(), () => this.#renew());
    }
  }

  #wake() {
    if (this.ready) this.#send({ type: "renew", token: this.wire.session.token });
    else if (this.#leads) {
      this.#drop();
      this.#connect();
    } else if (this.person) this.#catchUp().then(() => this.#state(true), () => {});
  }

  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
    this.#expect();
  }

  #expect() {
    this.#later("answer", ANSWER_MS, () => this.#closed(0));
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.ready = false;
    this.#sending = "";
    clearTimeout(this.#timers.answer);
    socket?.close();
  }

  #state(isOnline) {
    if (this.isOnline !== isOnline) this.tell({ type: "state", isOnline });
    this.isOnline = isOnline;
  }

  #backoff() {
    this.#tries += 1;
    return Math.min(SLOWEST_MS, 500 * 2 ** Math.min(this.#tries, 6)) * (0.5 + Math.random());
  }

  #later(name, ms, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(act, ms);
  }
}
