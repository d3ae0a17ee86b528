// Sessions and calls: who this is, a fresh token when the old one ends, errors in one shape.

import { storage } from "./outbox.js";

const EARLY_MS = 90_000; // before a token ends
const LONGEST_MS = 13 * 60_000;

export class Fault extends Error {
  constructor(status, { code = "", message = "" } = {}, waitS = 0) {
    super(message);
    Object.assign(this, { status, code, waitS });
  }

  // Nothing was refused: it may be sent again by itself.
  get passes() {
    return !this.status || this.status === 429 || this.status > 501 || this.code === "in_progress";
  }
}

export class Wire {
  constructor(base, config) {
    Object.assign(this, { base, config, session: null });
    this.key = `bot:${base.host}:${config.siteKey || ""}:visitor`;
  }

  get socketAddress() {
    return new URL("widget/socket", this.base).href.replace(/^http/, "ws");
  }

  // When to ask for the next token.
  get renewMs() {
    const left = Date.parse(this.session.expires_at) - Date.now() - EARLY_MS;
    return Math.min(LONGEST_MS, Math.max(60_000, left));
  }

  // Two tabs that open at once become one visitor, not two.
  begin() {
    const ask = () => this.#begin();
    return navigator.locks ? navigator.locks.request(this.key, ask) : ask();
  }

  async #begin() {
    const { siteKey = "", identity, user } = this.config;
    const ask = { site_key: siteKey };
    if (identity) ask.identity = await vouched(identity);
    else if (user) ask.user_id = user;
    else ask.visitor = storage.get(this.key) || "";
    try {
      this.session = await this.#fetch("POST", "widget/session", ask);
    } catch (fault) {
      if (fault.status !== 401 || !ask.visitor) throw fault;
      this.forget(); // a visitor nobody knows any more
      this.session = await this.#fetch("POST", "widget/session", { site_key: siteKey });
    }
    if (this.session.visitor) storage.set(this.key, this.session.visitor);
    return this.session;
  }

  forget() {
    storage.drop(this.key);
  }

  // One call as this person; a token that has ended is renewed once.
  async call(method, path, body) {
    try {
      return await this.#fetch(method, path, body, this.session.token);
    } catch (fault) {
      if (fault.status !== 401) throw fault;
      await this.begin();
      return this.#fetch(method, path, body, this.session.token);
    }
  }

  async #fetch(method, path, body, token) {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    let response, told;
    try {
      response = await fetch(new URL(path, this.base), {
        method,
        headers,
        body: body && JSON.stringify(body),
        credentials: "omit",
        signal: AbortSignal.timeout(20_000),
      });
      told = await response.json();
    } catch {
      throw new Fault(response?.ok === false ? response.status : 0);
    }
    if (!response.ok) throw new Fault(response.status, told.error, +response.headers.get("Retry-After"));
    return told;
  }
}

// A JWT of the host, or what the host's function of that name gives.
async function vouched(identity) {
  const found = identity.split(".").reduce((place, name) => place?.[name], globalThis);
  return typeof found === "function" ? found() : identity;
}
