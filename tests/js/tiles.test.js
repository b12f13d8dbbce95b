import assert from "node:assert/strict";
import test from "node:test";

import { tilesInView } from "../../static/js/lib/map/tile-grid.js";
import { countOf, fetchTile, keyOf, mergeTiles, STALE_AFTER, tileAddress, TileStore } from "../../static/js/lib/map/tiles.js";

const TEMPLATE = "/map/tiles/{z}/{x}/{y}.json";
const pin = (id, longitude, latitude, name = id) => ({
  type: "Feature", geometry: { type: "Point", coordinates: [longitude, latitude] }, properties: { id, name, category: "music" },
});
const cluster = (count, longitude, latitude) => ({
  type: "Feature", geometry: { type: "Point", coordinates: [longitude, latitude] }, properties: { count },
});

/** A server that answers each address with these features, and notes what was asked. */
function makeServer(answers = {}) {
  const asked = [];
  const fetch = async (address) => {
    asked.push(address);
    if (answers[address] === 500) return { ok: false, status: 500 };
    return { ok: true, json: async () => ({ features: answers[address] ?? [] }) };
  };
  return { asked, fetch, answers };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("an address has the tile and, where something is chosen, the filters", () => {
  assert.equal(tileAddress(TEMPLATE, { z: 12, x: 2045, y: 1360 }), "/map/tiles/12/2045/1360.json");
  assert.equal(tileAddress(TEMPLATE, { z: 1, x: 0, y: 1 }, "area=x&q=a+b"), "/map/tiles/1/0/1.json?area=x&q=a+b");
});

test("the tiles in view are those the window touches, and none beyond the edge of the world", () => {
  assert.deepEqual(tilesInView({ min: { x: 250, y: 10 }, max: { x: 520, y: 256 } }, 4), [
    { z: 4, x: 0, y: 0 }, { z: 4, x: 1, y: 0 }, { z: 4, x: 2, y: 0 },
  ]);
  assert.deepEqual(tilesInView({ min: { x: -900, y: -900 }, max: { x: 900, y: 900 } }, 0), [{ z: 0, x: 0, y: 0 }]);
});

test("a tile that the server refuses is an error that says so", async () => {
  const { fetch } = makeServer({ "/t": 500 });

  await assert.rejects(fetchTile("/t", { fetch }), /tile answered 500/);
});

test("a pin's key is its id, a cluster's where it stands", () => {
  assert.equal(keyOf(pin("a", 0, 0)), "a");
  assert.equal(keyOf(cluster(7, -0.2, 51.6)), "7@-0.2,51.6");
});

test("features come in the order in which one reads, each once", () => {
  const north = pin("north", -0.1, 51.65);
  const west = pin("west", -0.3, 51.601);
  const east = pin("east", -0.1, 51.603);

  assert.deepEqual([...mergeTiles([[east], [west, north], [east]], 0.01).keys()], ["north", "west", "east"]);
});

test("a count counts what clusters stand for", () => {
  assert.equal(countOf([pin("a", 0, 0), cluster(7, 0, 0)]), 8);
  assert.equal(countOf([]), 0);
});

test("wanted tiles are fetched once, and again only when they are stale", async () => {
  let now = 0;
  const server = makeServer({ "/map/tiles/1/0/0.json": [pin("a", 0, 0)] });
  const store = new TileStore({ template: TEMPLATE, onChange() {}, fetch: server.fetch, now: () => now });
  const tile = { z: 1, x: 0, y: 0 };

  store.want([tile]);
  assert.equal(store.isLoading, true);
  store.want([tile]);
  await settled();
  assert.deepEqual([...store.features().keys()], ["a"]);
  assert.equal(store.isLoading, false);
  now = STALE_AFTER - 1;
  store.refresh();
  assert.equal(server.asked.length, 1);
  now = STALE_AFTER;
  server.answers["/map/tiles/1/0/0.json"] = [];
  store.refresh();
  assert.deepEqual([...store.features().keys()], ["a"], "what was there stays until the answer is here");
  await settled();
  assert.equal(server.asked.length, 2);
  assert.equal(store.features().size, 0, "a pin taken down is gone");
});

test("a tile that left the window is forgotten, and its answer with it", async () => {
  const server = makeServer({ "/map/tiles/1/0/0.json": [pin("a", 0, 0)], "/map/tiles/1/1/0.json": [pin("b", 1, 0)] });
  const store = new TileStore({ template: TEMPLATE, onChange() {}, fetch: server.fetch });

  store.want([{ z: 1, x: 0, y: 0 }]);
  store.want([{ z: 1, x: 1, y: 0 }]);
  await settled();

  assert.deepEqual([...store.features().keys()], ["b"]);
});

test("other filters ask for everything anew", async () => {
  const server = makeServer({ "/map/tiles/0/0/0.json": [pin("a", 0, 0)], "/map/tiles/0/0/0.json?q=b": [pin("b", 0, 0)] });
  const store = new TileStore({ template: TEMPLATE, onChange() {}, fetch: server.fetch });

  store.want([{ z: 0, x: 0, y: 0 }]);
  await settled();
  store.filter("q=b");
  assert.equal(store.features().size, 0, "nothing of the last choice is shown as if it were chosen");
  await settled();

  assert.deepEqual([...store.features().keys()], ["b"]);
});

test("a tile that fails is said, tried again when asked, and the others stay", async () => {
  let now = 0;
  const server = makeServer({ "/map/tiles/1/0/0.json": 500, "/map/tiles/1/1/0.json": [pin("b", 1, 0)] });
  let changes = 0;
  const store = new TileStore({ template: TEMPLATE, onChange: () => (changes += 1), fetch: server.fetch, now: () => now });
  const tiles = [{ z: 1, x: 0, y: 0 }, { z: 1, x: 1, y: 0 }];

  store.want(tiles);
  await settled();
  assert.equal(store.hasFailed, true);
  assert.equal(store.isLoading, false);
  assert.deepEqual([...store.features().keys()], ["b"]);
  assert.equal(changes, 3);
  server.answers["/map/tiles/1/0/0.json"] = [pin("a", 0, 0)];
  store.want(tiles);
  await settled();

  assert.equal(store.hasFailed, false);
  assert.deepEqual([...store.features().keys()].sort(), ["a", "b"]);
});
