// Who this is and what is kept: sessions, calls, the outbox.

const BASE = new URL("..", import.meta.url);
export let shelf = {}; // where storage is off or full
try {
  shelf = localStorage;
} catch {}

export function put(key, value) {
  try {
    shelf[key] = value;
  } catch {
    shelf = { ...shelf, [key]: value };
  }
}

// What is not confirmed yet: a key each, so that no tab overwrites another's.
export class Outbox {
  constructor(person) {
    this.start = `bot:out:${person}:`;
  }

  add(item) {
    put(this.start + item.id, JSON.stringify(item));
  }

  remove(id) {
    delete shelf[this.start + id];
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
  socketAddress = new URL("widget/socket", BASE).href.replace("http", "ws");

  constructor(config) {
    this.config = config;
    this.key = `bot:${BASE.host}:${config.siteKey ?? ""}:visitor`;
  }

  // Two tabs become one visitor, not two.
  begin() {
    const ask = () => this.#begin();
    return navigator.locks ? navigator.locks.request(this.key, ask) : ask();
  }

  // A token that has ended is renewed once.
  call(method, path, body) {
    const once = () => ask(method, path, body, this.session.token);
    return once().catch(async (fault) => {
      if (fault.status !== 401) throw fault;
      await this.begin();
      return once();
    });
  }

  async #begin() {
    const { siteKey: site_key, identity, user: user_id, session = "widget/session" } = this.config;
    const signed = await globalThis[identity]?.(); // else it is a JWT itself
    const known = { site_key, user_id, identity: signed ?? identity };
    const open = (visitor) => ask("POST", session, { ...known, visitor });
    const visitor = shelf[this.key];
    this.session = await open(visitor).catch((fault) => {
      if (fault.status !== 401 || !visitor) throw fault;
      return open(); // nobody knows this visitor
    });
    if (this.session.visitor) put(this.key, this.session.visitor);
    return this.session;
  }
}

async function ask(method, path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(new URL(path, BASE), { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(20_000) });
  const told = await response.json();
  if (response.ok) return told;
  const { code, message } = told.error;
  throw Object.assign(new Error(message), { status: response.status, code, waitS: +response.headers.get("Retry-After") });
}
