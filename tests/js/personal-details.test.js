import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { findDetails } from "../../static/js/lib/form/personal-details.js";

const CASES = JSON.parse(readFileSync(new URL("../personal_details.json", import.meta.url), "utf-8"));

for (const { text, found } of CASES) {
  test(`the browser finds in “${text}” what the server finds`, () => {
    assert.deepEqual(findDetails(text).map((hit) => [hit.kind, hit.text]), found);
  });
}

test("a hit says where it starts, so that it can be selected", () => {
  const text = "Ring 07700 900123 or write to a@example.org";
  for (const hit of findDetails(text)) assert.equal(text.slice(hit.start, hit.start + hit.text.length), hit.text);
});
