// Who this is and what is kept: sessions, calls with a fresh token, and the outbox.

const EARLY_MS = 90_000; // before a token ends
const LONGEST_MS = 13 * 60_000;
let shelf = {}; // where storage is off or full: for as long as the page is there
try {
  shelf = localStorage;
} catch {}

export const storage = {
  get: (key) => shelf[key],
  set(key, value) {
    try {
      shelf[key] = value;
    } catch {
      shelf = { ...shelf, [key]: value };
    }
  },
  drop: (key) => delete shelf[key],
};

// What the server has not confirmed; a key each, so that tabs never overwrite a list.
export class Outbox {
  constructor(person) {
    this.start = `bot:out:${person}:`;
  }

  add(item) {
    storage.set(this.start + item.id, JSON.stringify(item));
  }

  remove(id) {
    storage.drop(this.start + id);
  }

  all() {
    const keys = Object.keys(shelf).filter((key) => key.startsWith(this.start));
    return keys.map((key) => JSON.parse(shelf[key])).sort((one, other) => one.at - other.at);
  }

  find(id) {
    return this.all().find((item) => item.id === id);
  }
}

export class Wire {
  constructor(base, config) {
    Object.assign(this, { base, config });
    this.key = `bot:${base.host}:${config.siteKey || ""}:visitor`;
  }

  get socketAddress() {
    return new URL("widget/socket", this.base).href.replace("http", "ws");
  }

  get renewMs() {
    const left = Date.parse(this.session.expires_at) - Date.now() - EARLY_MS;
    return Math.min(LONGEST_MS, Math.max(60_000, left));
  }

  // Two tabs that open at once become one visitor, not two.
  begin() {
    const ask = () => this.#begin();
    return navigator.locks ? navigator.locks.request(this.key, ask) : ask();
  }

  forget() {
    storage.drop(this.key);
  }

  // One call as this person; a token that has ended is renewed once.
  async call(method, path, body) {
    const once = () => this.#fetch(method, path, body, this.session.token);
    return once().catch(async (fault) => {
      if (fault.status !== 401) throw fault;
      await this.begin();
      return once();
    });
  }

  async #begin() {
    const { siteKey = "", identity, user } = this.config;
    const ask = { site_key: siteKey };
    if (identity) ask.identity = await vouched(identity);
    else if (user) ask.user_id = user;
    else ask.visitor = storage.get(this.key) || "";
    this.session = await this.#fetch("POST", "widget/session", ask).catch((fault) => {
      if (fault.status !== 401 || !ask.visitor) throw fault;
      return this.#fetch("POST", "widget/session", { site_key: siteKey }); // nobody knows this visitor
    });
    if (this.session.visitor) storage.set(this.key, this.session.visitor);
    return this.session;
  }

  async #fetch(method, path, body, token) {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const signal = AbortSignal.timeout(20_000);
    const response = await fetch(new URL(path, this.base), { method, headers, signal, credentials: "omit", body: body && JSON.stringify(body) });
    const told = await response.json();
    if (response.ok) return told;
    throw Object.assign(new Error(told.error.message), { status: response.status, code: told.error.code, waitS: +response.headers.get("Retry-After") });
  }
}

// A JWT of the host, or what the host's function of that name gives.
async function vouched(identity) {
  const found = identity.split(".").reduce((place, name) => place?.[name], globalThis);
  return typeof found === "function" ? found() : identity;
}
