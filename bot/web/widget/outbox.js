// What a person wrote and the server has not confirmed: kept first, sent after.

const memory = new Map(); // where storage is off, for as long as the page is there

export const storage = {
  get(key) {
    try {
      return localStorage.getItem(key) ?? memory.get(key);
    } catch {
      return memory.get(key);
    }
  },
  set(key, value) {
    memory.set(key, value);
    try {
      localStorage.setItem(key, value);
    } catch {} // full or off: the memory has it
  },
  drop(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {}
  },
  keys(start) {
    let stored = [];
    try {
      stored = Object.keys(localStorage);
    } catch {}
    return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(start));
  },
};

// One key a message, so that two tabs never overwrite each other's list.
export class Outbox {
  constructor(person) {
    this.start = `bot:out:${person}:`;
  }

  add(item) {
    storage.set(this.start + item.id, JSON.stringify(item));
  }

  has(id) {
    return storage.get(this.start + id) != null;
  }

  remove(id) {
    storage.drop(this.start + id);
  }

  // Everything not confirmed, in the order it was written.
  all() {
    const items = storage.keys(this.start).map((key) => JSON.parse(storage.get(key) ?? "null"));
    return items.filter(Boolean).sort((one, other) => one.at - other.at);
  }

  next() {
    return this.all().find((item) => !item.failed);
  }
}
