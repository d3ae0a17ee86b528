// One socket a browser: the tab that holds the lock has it, the others listen.

import { Outbox, put } from "./wire.js";

const HISTORY = 60; // turns shown again
const RENEW_MS = 13 * 60_000; // of the token's 15
const ANSWER_MS = 15_000; // then a silent socket is dead
const POLL_MS = 10_000; // where sockets are blocked
const BLOCKED = 3; // sockets failed in a row
const AGAIN = 0.03; // how often one is tried again

export class Line {
  #socket;
  #timers = {};
  #sending = ""; // an id
  #waits = false;
  #tries = 0;
  #failed = 0;
  #leads = false;
  #leave;

  constructor(wire, tell) {
    Object.assign(this, { wire, tell });
  }

  async start() {
    this.person = "";
    this.outbox = new Outbox("");
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    addEventListener("online", () => this.#wake(), { signal });
    addEventListener("offline", () => this.#state(false), { signal });
    addEventListener("visibilitychange", () => document.hidden || this.#wake(), { signal });
    await this.#enter(signal);
  }

  stop() {
    this.#leave.abort();
    this.#leads = false;
    this.#drop();
    Object.values(this.#timers).forEach(clearTimeout);
    this.channel?.close();
  }

  say(text) {
    const at = Date.now();
    this.#share({ type: "say", item: { id: at.toString(36) + Math.random().toString(36), text, at } });
  }

  again(id) {
    const item = this.outbox.find(id);
    if (item) this.#share({ type: "say", item: { ...item, failed: false } });
  }

  after(first) {
    this.#waits = true;
    first.catch(() => {}).then(() => this.#goOn());
  }

  erased() {
    for (const { id } of this.outbox.all()) this.outbox.remove(id);
    put(this.wire.key, "");
    this.#share({ type: "erased" });
  }

  #anew() {
    this.stop();
    return this.start();
  }

  async #enter(signal) {
    try {
      await this.#begin();
      await this.#catchUp();
    } catch (fault) {
      if (signal.aborted) return;
      if (fault.status) this.tell({ type: "failed", message: fault.message });
      else this.#state(false);
      return this.#later("enter", this.#backoff(), () => this.#enter(signal));
    }
    if (signal.aborted) return;
    for (const item of this.outbox.all()) this.tell({ type: "say", item });
    this.tell({ type: "history" });
    this.#state(true);
    const lead = () => {
      this.#leads = true;
      this.#connect();
      return new Promise((release) => (signal.onabort = release));
    };
    if (!navigator.locks) lead();
    else navigator.locks.request(`bot:${this.person}`, { signal }, lead).catch(() => {});
  }

  async #begin() {
    const session = await this.wire.begin();
    this.#later("renew", RENEW_MS, () => this.#renew());
    if (session.user_id === this.person) return;
    if (this.person) return this.#anew();
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

  async #catchUp() {
    for (;;) {
      const feed = await this.wire.call("GET", `widget/feed?after=${this.last}`);
      if (!feed.items.length) return;
      this.#share({ type: "items", ...feed });
    }
  }

  #share(event) {
    try {
      this.channel.postMessage(event);
    } catch {}
    this.#heard(event);
  }

  #heard(event) {
    const { type } = event;
    if (type === "items") {
      this.last = Math.max(this.last, event.last);
      for (const { id } of event.items) this.#confirmed(id);
    } else if (type === "said") {
      if (event.number === this.last + 1) this.last += 1; // else the lines between follow
      this.#confirmed(event.id);
    } else if (type === "say") {
      this.outbox.add(event.item);
      this.#drain();
    } else if (type === "erased") return this.#anew();
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
    } else if (frame.type === "refused") this.#refused(frame, frame.retry_after_s);
    else this.#share({ ...frame, at: Date.now(), text: this.outbox.find(frame.id)?.text });
    this.#drain();
    if (this.#sending) this.#expect();
  }

  #closed(code) {
    if (!this.ready) this.#failed += 1;
    this.#drop();
    if (code === 4401) return this.#later("enter", this.#backoff(), () => this.#anew());
    if (this.#failed >= BLOCKED) return this.#poll();
    this.#state(this.#tries < 2);
    this.#later("connect", this.#backoff(), () => this.#connect());
  }

  // Sockets are blocked: ask over HTTP.
  async #poll() {
    if (!this.#leads) return;
    try {
      await this.#catchUp();
      this.#state(true);
      this.#drain();
      this.#later("connect", POLL_MS, () => (Math.random() < AGAIN ? this.#connect() : this.#poll()));
    } catch {
      this.#failed = 0;
      this.#closed();
    }
  }

  // One message at a time keeps their order.
  async #drain() {
    const item = this.#leads && !this.#sending && !this.#waits && this.outbox.all().find((one) => !one.failed);
    if (!item || !(this.ready || this.#failed >= BLOCKED)) return;
    const { id, text } = item;
    this.#sending = id;
    if (this.ready) return this.#send({ type: "say", id, text });
    try {
      const reply = await this.wire.call("POST", "interact", { message: text, message_id: id });
      this.#share({ type: "said", id, number: 0, reply, at: Date.now(), text });
      this.#drain();
    } catch ({ status, code, message, waitS }) {
      this.#refused({ id, code: status && code, message }, waitS);
    }
  }

  #goOn() {
    this.#waits = false;
    this.#drain();
  }

  #refused({ id, code, message }, waitS) {
    this.#sending = "";
    if (waitS || !code) {
      this.#waits = true; // refused for now
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
      if (this.ready) this.#probe();
    } catch {
      this.#later("renew", this.#backoff(), () => this.#renew());
    }
  }

  #probe() {
    this.#send({ type: "renew", token: this.wire.session.token });
  }

  #wake() {
    if (this.ready) this.#probe();
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
    this.#later("answer", ANSWER_MS, () => this.#closed());
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
    return 500 * 2 ** Math.min(this.#tries, 6) * (0.5 + Math.random());
  }

  #later(name, ms, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(act, ms);
  }
}
