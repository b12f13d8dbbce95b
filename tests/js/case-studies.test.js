import assert from "node:assert/strict";
import test from "node:test";

import { startCaseStudies, toFeatures } from "../../static/js/lib/map/case-studies.js";

const study = (address) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [-0.2, 51.6] },
  properties: { title: "Food", place: "Hendon", summary: "A hub", address },
});

test("a case study becomes a feature with a key that no community has", () => {
  const features = toFeatures({ features: [study("/toolkit/case-studies/food/")] });
  assert.deepEqual([...features.keys()], ["case-study:/toolkit/case-studies/food/"]);
  const [{ properties, geometry }] = [...features.values()];
  assert.deepEqual(properties, {
    id: "case-study:/toolkit/case-studies/food/", kind: "case-study", name: "Food", place: "Hendon", summary: "A hub",
    address: "/toolkit/case-studies/food/",
  });
  assert.deepEqual(geometry.coordinates, [-0.2, 51.6]);
});

test("only our own addresses are taken", () => {
  assert.equal(toFeatures({ features: [study("https://elsewhere.example.org/"), study("javascript:alert(1)")] }).size, 0);
  assert.equal(toFeatures(null).size, 0);
});

/** A checkbox that a test ticks. */
function makeBox() {
  const box = new EventTarget();
  return Object.assign(box, { checked: false, dataset: { address: "/toolkit/case-studies.geojson" } });
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("ticking fetches once, and unticking takes them away", async () => {
  globalThis.location = { search: "" };
  const box = makeBox();
  const asked = [];
  const shown = [];
  const fetch = async (address) => {
    asked.push(address);
    return { ok: true, json: async () => ({ features: [study("/toolkit/case-studies/food/")] }) };
  };
  startCaseStudies(box, { onChange: (features) => shown.push(features.size), onFail: () => assert.fail(), fetch });
  for (const checked of [true, false, true]) {
    box.checked = checked;
    box.dispatchEvent(new Event("change"));
    await settled();
  }
  assert.deepEqual(asked, ["/toolkit/case-studies.geojson"]);
  assert.deepEqual(shown, [1, 0, 1]);
});

test("a failure is told and unticks the box", async () => {
  globalThis.location = { search: "?case-studies=1" };
  const box = makeBox();
  let failures = 0;
  startCaseStudies(box, { onChange: () => assert.fail(), onFail: () => (failures += 1), fetch: async () => ({ ok: false, status: 500 }) });
  await settled();
  assert.equal(failures, 1);
  assert.equal(box.checked, false);
});
