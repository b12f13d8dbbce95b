/** The reader's notebook: answers to prompts, in this browser's localStorage and nowhere else. */

const KEY = "toolkit-notebook";
const LONGEST = 5000;

/**
 * @typedef {{slug: string, question: string, answer: string, page: string, title: string, at: string}} Entry
 *   `answer` is what was written, or the point on the scale in words; `at` is ISO 8601
 */

export class Notebook {
  /** @param {Storage | null} storage - null where the browser keeps nothing */
  constructor(storage) {
    this.storage = storage;
  }

  /** @returns {Entry[]} in the order of writing; empty when there is none, or nothing that we have written */
  all() {
    try {
      const entries = JSON.parse(this.storage?.getItem(KEY) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  /** @returns {Entry | undefined} */
  get(slug) {
    return this.all().find((entry) => entry.slug === slug);
  }

  /**
   * Keep an answer; an empty one is taken out.
   *
   * @returns {boolean} whether the browser has kept it
   */
  put(entry) {
    const others = this.all().filter((other) => other.slug !== entry.slug);
    const answer = entry.answer.slice(0, LONGEST);
    return this.write(answer.trim() ? [...others, { ...entry, answer }] : others);
  }

  erase(slug) {
    return this.write(this.all().filter((entry) => entry.slug !== slug));
  }

  eraseAll() {
    return this.write([]);
  }

  write(entries) {
    if (!this.storage) return false;
    try {
      if (entries.length) this.storage.setItem(KEY, JSON.stringify(entries));
      else this.storage.removeItem(KEY);
      return true;
    } catch {
      return false; // full, or switched off
    }
  }
}

/** The notebook as a text file. */
export function asText(entries, heading) {
  const parts = entries.map((entry) => `${entry.question}\n${entry.answer}\n(${entry.title}, ${entry.at.slice(0, 10)})`);
  return `${[heading, ...parts].join("\n\n")}\n`;
}

/** @returns {Storage | null} the browser's storage, where it lets us use it */
export function openStorage() {
  try {
    globalThis.localStorage.getItem(KEY);
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

function isEntry(entry) {
  return ["slug", "question", "answer", "page", "title", "at"].every((name) => typeof entry?.[name] === "string");
}
