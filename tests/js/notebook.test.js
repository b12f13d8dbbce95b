import assert from "node:assert/strict";
import test from "node:test";

import { asText, Notebook } from "../../static/js/lib/toolkit/notebook.js";

const entry = (slug, answer, fields = {}) => ({
  slug, answer, question: `About ${slug}?`, page: "/toolkit/begin/", title: "Begin", at: "2026-11-23T10:00:00.000Z", ...fields,
});

/** A browser's storage, which may be full. */
function makeStorage({ isFull = false } = {}) {
  const kept = new Map();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
    removeItem: (key) => kept.delete(key),
  };
}

test("an answer is kept, changed and taken out again", () => {
  const notebook = new Notebook(makeStorage());
  assert.equal(notebook.put(entry("power", "All with us")), true);
  notebook.put(entry("missing", "Young people"));
  notebook.put(entry("power", "Shared"));
  assert.deepEqual(notebook.all(), [entry("missing", "Young people"), entry("power", "Shared")]);
  assert.deepEqual(notebook.get("power"), entry("power", "Shared"));

  notebook.put(entry("power", "  "));
  assert.deepEqual(notebook.all(), [entry("missing", "Young people")]);
  notebook.erase("missing");
  assert.deepEqual(notebook.all(), []);
});

test("an erased notebook leaves nothing in the browser", () => {
  const storage = makeStorage();
  const notebook = new Notebook(storage);
  notebook.put(entry("power", "Shared"));
  notebook.eraseAll();
  assert.equal(storage.kept.size, 0);
});

test("a browser that keeps nothing, or is full, is told so", () => {
  assert.equal(new Notebook(null).put(entry("power", "Shared")), false);
  assert.equal(new Notebook(makeStorage({ isFull: true })).put(entry("power", "Shared")), false);
  assert.deepEqual(new Notebook(null).all(), []);
});

test("what others have written into the storage is not taken for answers", () => {
  for (const text of ["{", "null", "3", '{"slug": "a"}', '[{"slug": 1}, null, "x"]']) {
    const storage = makeStorage();
    storage.kept.set("toolkit-notebook", text);
    assert.deepEqual(new Notebook(storage).all(), []);
  }
});

test("an answer is at most 5,000 characters", () => {
  const notebook = new Notebook(makeStorage());
  notebook.put(entry("power", "x".repeat(6000)));
  assert.equal(notebook.get("power").answer.length, 5000);
});

test("the text file has question, answer, page and day", () => {
  assert.equal(
    asText([entry("power", "Shared")], "Your notebook"),
    "Your notebook\n\nAbout power?\nShared\n(Begin, 2026-11-23)\n",
  );
});
