import assert from "node:assert/strict";
import test from "node:test";

import { isDrag } from "../../static/js/lib/form/drag-pin.js";
import { arrowStep } from "../../static/js/lib/form/place-map.js";
import { describeAnswer, describePublicView, fetchDescription } from "../../static/js/lib/form/place-description.js";
import { formatDegrees, fromMercator, parsePosition, publicCell, roughMetres, splitPair, toMercator } from "../../static/js/lib/form/positions.js";
import { fetchPlaces, nextActive } from "../../static/js/lib/place-search.js";

const HENDON = { longitude: -0.226, latitude: 51.583 };
const message = (key, values) => (values ? `${key} ${JSON.stringify(values)}` : key);

test("two plain numbers are a position, longitude first, rounded to six decimals", () => {
  assert.deepEqual(parsePosition(" -0.2003 ", "51.60274999"), { position: { longitude: -0.2003, latitude: 51.60275 } });
  assert.deepEqual(parsePosition("−0.2", "+51"), { position: { longitude: -0.2, latitude: 51 } });
  assert.deepEqual(parsePosition(".5", "51."), { position: { longitude: 0.5, latitude: 51 } });
});

test("what is not a position says what is wrong with it", () => {
  for (const [longitude, latitude, problem] of [
    ["", " ", "empty"], ["-0.2", "", "half"], ["", "51.6", "half"], ["x", "51", "number"], ["1e3", "51", "number"],
    ["NaN", "51", "number"], ["Infinity", "51", "number"], ["0x10", "51", "number"], ["-0,2", "51", "number"], ["--1", "51", "number"],
    ["181", "51", "range"], ["-0.2", "90.1", "range"], [`0.${"1".repeat(40)}`, "51", "number"],
  ]) assert.deepEqual(parsePosition(longitude, latitude), { problem }, `${longitude} ${latitude}`);
});

test("a pair copied from another map has latitude first", () => {
  const pair = { longitude: "-0.2003", latitude: "51.6027" };
  for (const text of ["51.6027, -0.2003", "(51.6027,-0.2003)", " 51.6027 -0.2003 ", "51.6027; -0.2003"]) {
    assert.deepEqual(splitPair(text), pair, text);
  }
  for (const text of ["51.6027", "Hendon", "1, 2, 3", "51.6027, west", ""]) assert.equal(splitPair(text), null, text);
});

test("degrees are written as plain figures", () => {
  assert.deepEqual([-0.2, 51.60275, 0.0000001, -0, 51, 100].map(formatDegrees), ["-0.2", "51.60275", "0", "0", "51", "100"]);
});

test("mercator is the server's: the same whole numbers for the same place", () => {
  // From community_map.geo.mercator(-0.226, 51.583) and of the corners of the world.
  assert.deepEqual(toMercator(HENDON), { x: 134049210, y: 89170995 });
  assert.deepEqual(toMercator({ longitude: -180, latitude: 90 }), { x: 0, y: 0 });
  assert.deepEqual(toMercator({ longitude: 180, latitude: -90 }), { x: 2 ** 28 - 1, y: 2 ** 28 - 1 });
  const back = fromMercator(toMercator(HENDON));
  assert.ok(Math.abs(back.longitude - HENDON.longitude) < 2e-6 && Math.abs(back.latitude - HENDON.latitude) < 2e-6);
});

test("the public cell holds the point, is fixed, and is as wide as the scales say", () => {
  for (const [bits, metres] of [[10, 95], [13, 760]]) {
    const cell = publicCell(HENDON, bits);
    assert.ok(cell.west <= HENDON.longitude && HENDON.longitude < cell.east);
    assert.ok(cell.south < HENDON.latitude && HENDON.latitude <= cell.north);
    assert.equal(roughMetres(cell.metres), metres);
    const middle = { longitude: (cell.west + cell.east) / 2, latitude: (cell.south + cell.north) / 2 };
    assert.deepEqual(publicCell(middle, bits), cell);
  }
});

test("what residents will see is said for every precision", () => {
  assert.deepEqual(describePublicView(HENDON, "0"), ["seen-exact", {}]);
  assert.deepEqual(describePublicView(HENDON, "1"), ["seen-area", { metres: 95 }]);
  assert.deepEqual(describePublicView(HENDON, "2"), ["seen-area", { metres: 760 }]);
  assert.deepEqual(describePublicView(HENDON, "3"), ["seen-borough", {}]);
  assert.deepEqual(describePublicView(null, "0"), ["seen-borough", {}]);
  assert.deepEqual(describePublicView(HENDON, ""), ["", {}]);
});

test("an answer is the server's words, or says that there are none: never invented", () => {
  assert.deepEqual(describeAnswer({ inside: true, words: "in Hendon ward" }, message), { kind: "placed", text: 'placed {"words":"in Hendon ward"}' });
  assert.deepEqual(describeAnswer({ inside: true, words: "" }, message), { kind: "placed", text: "placed-unnamed" });
  assert.deepEqual(describeAnswer({ failed: true }, message), { kind: "placed", text: "placed-unasked" });
  assert.deepEqual(describeAnswer({ inside: false, sentence: "That is 2 km outside." }, message), { kind: "problem", text: "That is 2 km outside." });
});

test("a position is asked for in the body and not in the address", async () => {
  let asked;
  const fetch = async (address, options) => {
    asked = { address, ...options };
    return { ok: true, json: async () => ({ words: "in Hendon ward" }) };
  };
  assert.deepEqual(await fetchDescription("/staff/pins/where/", HENDON, "token", { fetch }), { words: "in Hendon ward" });
  assert.equal(asked.address, "/staff/pins/where/");
  assert.equal(asked.method, "POST");
  assert.equal(String(asked.body), "longitude=-0.226&latitude=51.583&csrfmiddlewaretoken=token");
  await assert.rejects(fetchDescription("/", HENDON, "", { fetch: async () => ({ ok: false, status: 403 }) }), /403/);
});

test("a search is sent whole, and no more than ten places come back", async () => {
  const places = Array.from({ length: 12 }, (_, index) => ({ name: `Place ${index}` }));
  let asked;
  const fetch = async (address) => {
    asked = address;
    return { ok: true, json: async () => ({ places }) };
  };
  assert.equal((await fetchPlaces("/map/places/", "a & b?", { fetch })).length, 10);
  assert.equal(asked, "/map/places/?q=a%20%26%20b%3F");
  await assert.rejects(fetchPlaces("/", "x", { fetch: async () => ({ ok: false, status: 429 }) }), /429/);
});

test("arrow keys go through the suggestions and back to the box", () => {
  const walk = (keys, count) => keys.reduce((steps, key) => [...steps, nextActive(key, steps.at(-1), count)], [-1]).slice(1);
  assert.deepEqual(walk(["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"], 3), [0, 1, 2, -1]);
  assert.deepEqual(walk(["ArrowUp", "ArrowUp", "Home"], 3), [2, 1, 1]);
  assert.deepEqual(walk(["ArrowDown", "ArrowUp"], 0), [-1, -1]);
});

test("arrow keys move the pin by ten pixels, with Shift by one; no other key does", () => {
  assert.deepEqual(arrowStep({ key: "ArrowLeft", shiftKey: false }), [-10, 0]);
  assert.deepEqual(arrowStep({ key: "ArrowDown", shiftKey: true }), [0, 1]);
  assert.equal(arrowStep({ key: "Tab", shiftKey: false }), null);
});

test("a trembling hand clicks and does not drag", () => {
  assert.equal(isDrag({ x: 10, y: 10 }, { x: 13, y: 13 }), false);
  assert.equal(isDrag({ x: 10, y: 10 }, { x: 10, y: 15 }), true);
});
