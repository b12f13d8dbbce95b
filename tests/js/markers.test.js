import assert from "node:assert/strict";
import test from "node:test";

import { queryOf } from "../../static/js/lib/map/live-filters.js";
import { areaRadius, clusterSize, labelOf, nextIn, precisionOf } from "../../static/js/lib/map/markers.js";

const options = {
  categories: { music: { name: "Music" } },
  message: (key, { count }) => `${count} ${key}`,
};

test("a marker is called by name and category, and says when nobody has checked it", () => {
  const properties = { id: "a", name: "Choir", category: "music" };

  assert.equal(labelOf({ properties }, options), "Choir, Music");
  assert.equal(
    labelOf({ properties: { ...properties, status: "submitted", status_words: "Not checked yet" } }, options),
    "Choir, Music, Not checked yet",
  );
  assert.equal(labelOf({ properties: { ...properties, status: "published", status_words: "Published" } }, options), "Choir, Music");
  assert.equal(labelOf({ properties: { name: "Choir", category: "gone" } }, options), "Choir");
  assert.equal(labelOf({ properties: { count: 12 } }, options), "12 cluster");
  assert.equal(labelOf({ properties: { count: 2, members: [{}, {}] } }, options), "2 here");
});

test("the circle of a coarse pin is as large as its cell", () => {
  const side = Math.sqrt(Math.PI) * areaRadius("street", 51.6);
  assert.ok(Math.abs(side - 95) < 1, side);
  assert.ok(Math.abs(areaRadius("neighbourhood", 51.6) - 8 * areaRadius("street", 51.6)) < 1e-6);
  assert.equal(areaRadius("exact", 51.6), 0);
  assert.equal(areaRadius("anything", 51.6), 0);
});

test("a cluster stands for an area only when all of its members do", () => {
  const member = (precision) => ({ precision });
  assert.equal(precisionOf({ properties: { precision: "street" } }), "street");
  assert.equal(precisionOf({ properties: { count: 9 } }), "exact");
  assert.equal(precisionOf({ properties: { count: 2, members: [member("street"), member("street")] } }), "street");
  assert.equal(precisionOf({ properties: { count: 2, members: [member("street"), member("exact")] } }), "exact");
});

test("an arrow goes to the nearest marker that lies more that way than aside", () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 1 }, { x: 30, y: 0 }, { x: 5, y: 40 }, { x: -8, y: -8 }];

  assert.equal(nextIn(points, 0, "ArrowRight"), 1);
  assert.equal(nextIn(points, 1, "ArrowRight"), 2);
  assert.equal(nextIn(points, 2, "ArrowRight"), 2, "nothing further: stay");
  assert.equal(nextIn(points, 0, "ArrowDown"), 3);
  assert.equal(nextIn(points, 0, "ArrowLeft"), 4);
  assert.equal(nextIn(points, 3, "ArrowUp"), 1);
});

test("any arrow from any marker but the outermost finds another, so none is out of reach", () => {
  const points = Array.from({ length: 40 }, (_, index) => ({ x: (index * 37) % 101, y: (index * 53) % 97 }));
  const reached = new Set([0]);
  const todo = [0];
  while (todo.length) {
    const from = todo.pop();
    for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
      const next = nextIn(points, from, key);
      if (!reached.has(next)) todo.push(next);
      reached.add(next);
    }
  }
  assert.equal(reached.size, 40);
});

test("a cluster grows with what it holds, from a fingertip to a thumb", () => {
  assert.ok(clusterSize(2) >= 32);
  assert.ok(clusterSize(2) < clusterSize(50));
  assert.equal(clusterSize(10_000_000), 58);
});

test("the filters of an address are in one order, without what is empty", () => {
  assert.equal(queryOf([["q", "a b"], ["category", "x"], ["area", ""], ["approach", " "]]), "category=x&q=a+b");
  assert.equal(queryOf([]), "");
});
