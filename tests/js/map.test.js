import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { formatFragment, fromLeaflet, parseFragment, readOptions, toLeaflet } from "../../static/js/lib/map/map.js";
import { SHAPES, safeColour } from "../../static/js/lib/map/shapes.js";

test("the fragment is zoom, latitude, longitude, as other maps write it", () => {
  assert.deepEqual(parseFragment("#13/51.6027/-0.2003"), { zoom: 13, longitude: -0.2003, latitude: 51.6027 });
  assert.deepEqual(parseFragment("13/51.6/-0.2"), { zoom: 13, longitude: -0.2, latitude: 51.6 });
});

test("a fragment that is not a place is none", () => {
  for (const fragment of ["", "#", "#main", "#13/51.6", "#13/91/0", "#13/0/181", "#23/0/0", "#a/b/c", "#1/1e3/0", "#1/0/0/0", "#1//0"]) {
    assert.equal(parseFragment(fragment), null, fragment);
  }
});

test("what is written is read again as the same place, as far as one can see at that zoom", () => {
  for (const zoom of [5, 10, 13, 16, 19]) {
    const place = parseFragment(formatFragment({ zoom, longitude: -0.200312, latitude: 51.602799 }));
    const onePixel = 360 / (256 * 2 ** zoom);
    assert.equal(place.zoom, zoom);
    assert.ok(Math.abs(place.longitude + 0.200312) <= onePixel, `longitude at ${zoom}`);
    assert.ok(Math.abs(place.latitude - 51.602799) <= onePixel, `latitude at ${zoom}`);
  }
});

test("longitude comes first outside Leaflet, rounded to six decimals, and there is no minus nought", () => {
  assert.deepEqual(fromLeaflet({ lat: 51.60274999, lng: -0.20030001 }), { longitude: -0.2003, latitude: 51.60275 });
  assert.ok(Object.is(fromLeaflet({ lat: 51, lng: -0.0000001 }).longitude, 0));
  assert.deepEqual(toLeaflet({ longitude: -0.2, latitude: 51.6 }), [51.6, -0.2]);
});

test("options are django-leaflet's settings, and an edge that the portal does not say is theirs", () => {
  const config = { TILES: [["Map", "https://tiles.example.org/{z}/{x}/{y}.png", {}]], SPATIAL_EXTENT: { xmin: -8, ymin: 49, xmax: 1.8, ymax: 60.9 } };
  const options = readOptions({ leaflet: JSON.stringify(config), west: "-0.3", south: "51.5", east: "x" });
  assert.deepEqual(options.config, config);
  assert.deepEqual(options.bounds, { west: -0.3, south: 51.5, east: 1.8, north: 60.9 });
});

test("every shape is drawn as in the pages' own icons, and no two are drawn alike", () => {
  const icons = readFileSync(new URL("../../static/icons/shapes.svg", import.meta.url), "utf8");
  assert.deepEqual(Object.keys(SHAPES), [...icons.matchAll(/symbol id="(\w+)"/g)].map((match) => match[1]));
  for (const [name, outline] of Object.entries(SHAPES)) {
    // The icons have the circle as a circle; pins need paths.
    if (name !== "circle") assert.ok(icons.includes(`id="${name}" viewBox="0 0 24 24"><path d="${outline}"`), name);
  }
  assert.equal(new Set(Object.values(SHAPES)).size, 8);
});

test("only a colour can become a colour", () => {
  assert.equal(safeColour("#1D70b8"), "#1D70b8");
  assert.equal(safeColour("red"), "#484949");
  assert.equal(safeColour("url(#x)"), "#484949");
});
