import assert from "node:assert/strict";
import test from "node:test";

import { fillAnswers, makeDrafts } from "../../static/js/lib/form/draft.js";

/** Web storage as browsers have it, in memory; `room` is how many entries fit. */
function makeStorage(room = 100) {
  const rows = new Map();
  return {
    get length() {
      return rows.size;
    },
    key: (index) => [...rows.keys()][index] ?? null,
    getItem: (key) => rows.get(key) ?? null,
    removeItem: (key) => rows.delete(key),
    setItem(key, value) {
      if (!rows.has(key) && rows.size >= room) throw new Error("QuotaExceededError");
      rows.set(key, String(value));
    },
  };
}

const draftOf = (key) => ({ answers: [["name", "Choir"], ["idempotency_key", key]], address: "/staff/pins/new/", started: 5 });

test("a draft comes back to its writer and its pin, and to nobody else", () => {
  const drafts = makeDrafts(makeStorage());
  assert.equal(drafts.save("7", "new", draftOf("a")), true);

  assert.deepEqual(drafts.load("7", "new"), draftOf("a"));
  assert.equal(drafts.load("8", "new"), null);
  assert.equal(drafts.load("7", "other"), null);
});

test("when someone else signs in, only their own drafts stay", () => {
  const storage = makeStorage();
  storage.setItem("unrelated", "1");
  const drafts = makeDrafts(storage);
  drafts.save("7", "new", draftOf("a"));
  drafts.save("70", "new", draftOf("b"));
  drafts.save("7", "some-pin", draftOf("c"));

  drafts.forgetOthers("7");

  assert.deepEqual(drafts.load("7", "new"), draftOf("a"));
  assert.deepEqual(drafts.load("7", "some-pin"), draftOf("c"));
  assert.equal(drafts.load("70", "new"), null);
  assert.equal(storage.getItem("unrelated"), "1");
});

test("a draft is gone once its pin has arrived, and another stays", () => {
  const drafts = makeDrafts(makeStorage());
  drafts.save("7", "new", draftOf("a"));
  drafts.save("7", "some-pin", draftOf("b"));

  drafts.forgetSent("a");

  assert.equal(drafts.load("7", "new"), null);
  assert.deepEqual(drafts.load("7", "some-pin"), draftOf("b"));
});

test("signing out leaves no draft", () => {
  const drafts = makeDrafts(makeStorage());
  drafts.save("7", "new", draftOf("a"));
  drafts.save("8", "new", draftOf("b"));

  drafts.forgetAll();

  assert.deepEqual([drafts.load("7", "new"), drafts.load("8", "new")], [null, null]);
});

test("a full or closed storage is no error, and nonsense in it is no draft", () => {
  assert.equal(makeDrafts(makeStorage(0)).save("7", "new", draftOf("a")), false);
  const storage = makeStorage();
  storage.setItem("pin-draft:7:new", "{half");
  assert.equal(makeDrafts(storage).load("7", "new"), null);
});

test("answers go back into their fields; what they do not name is emptied, and the page keeps its own token", () => {
  const elements = [
    { name: "csrfmiddlewaretoken", type: "hidden", value: "new token" },
    { name: "category", type: "radio", value: "1", checked: true },
    { name: "category", type: "radio", value: "2", checked: false },
    { name: "approaches", type: "checkbox", value: "3", checked: false },
    { name: "approaches", type: "checkbox", value: "4", checked: true },
    { name: "name", type: "text", value: "" },
    { name: "area", type: "select-one", value: "9" },
    { name: "send", type: "submit", value: "1" },
    { name: "", type: "text", value: "not ours" },
  ];

  fillAnswers(elements, [["csrfmiddlewaretoken", "old"], ["category", "2"], ["approaches", "3"], ["name", "Chœur d’été"]]);

  assert.deepEqual(
    elements.map(({ value, checked }) => checked ?? value),
    ["new token", false, true, true, false, "Chœur d’été", "", "1", "not ours"],
  );
});

test("the page's own token and mark are never filled from a draft", () => {
  const elements = [
    { name: "csrfmiddlewaretoken", type: "hidden", value: "of this page" },
    { name: "written_by", type: "hidden", value: "of this page" },
    { name: "name", type: "text", value: "" },
  ];

  fillAnswers(elements, [["csrfmiddlewaretoken", "old"], ["written_by", "old"], ["name", "Choir"]]);

  assert.deepEqual(elements.map(({ value }) => value), ["of this page", "of this page", "Choir"]);
});
