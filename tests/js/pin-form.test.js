import assert from "node:assert/strict";
import test from "node:test";

import { settle } from "../../static/js/lib/form/category-limits.js";
import { similarQuestion } from "../../static/js/lib/form/similar.js";

test("a category fills in what is usual until somebody has chosen", () => {
  assert.equal(settle({ chosen: "", isTouched: false, usual: "2", limit: "0" }), "2");
  assert.equal(settle({ chosen: "1", isTouched: false, usual: "2", limit: "0" }), "2");
  assert.equal(settle({ chosen: "1", isTouched: true, usual: "2", limit: "0" }), "1");
});

test("a choice that the category does not allow gives way to what is usual", () => {
  assert.equal(settle({ chosen: "0", isTouched: true, usual: "2", limit: "1" }), "2");
  assert.equal(settle({ chosen: "1", isTouched: true, usual: "2", limit: "1" }), "1");
});

test("nothing is asked before there is a name or a place", () => {
  assert.equal(similarQuestion("  ab ", null), null);
  assert.deepEqual(similarQuestion(" Choir ", null), { name: "Choir", longitude: "", latitude: "" });
  assert.deepEqual(similarQuestion("a", { longitude: -0.2, latitude: 51.6 }), { name: "", longitude: "-0.2", latitude: "51.6" });
});
