import assert from "node:assert/strict";
import test from "node:test";

import { fill } from "../../static/js/lib/messages.js";

test("a message is filled by name, and what it does not know stays", () => {
  assert.equal(fill("{count} of {all}", { count: 0 }), "0 of {all}");
  assert.equal(fill("Placed {place}", { place: "{count}" }), "Placed {count}");
  assert.equal(fill("Nothing to fill"), "Nothing to fill");
});

test("a value is put in as it is, whatever a replacement would make of it", () => {
  assert.equal(fill("This looks like an address: {text}.", { text: "$& $1 $$" }), "This looks like an address: $& $1 $$.");
});
