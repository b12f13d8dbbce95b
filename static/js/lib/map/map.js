/**
 * Makes maps with django-leaflet: its classic scripts have put Leaflet into the global `L` before modules run, and its
 * settings (LEAFLET_CONFIG) stand in a data attribute.
 * Only this file, markers.js and popup.js know it; pages' own scripts do not.
 *
 * Longitude comes before latitude everywhere; Leaflet wants it the other way round, and only behind this door.
 * Nothing here makes HTML from text: the policy of the pages forbids inline style and script.
 */

import { makeShape, makePinShape } from "./shapes.js";

const WIDEST_MARGIN = 0.6;

/**
 * @typedef {object} MapOptions
 * @property {object} config - LEAFLET_CONFIG, as {% leaflet_json_config %} writes it
 * @property {{west: number, south: number, east: number, north: number}} bounds - degrees
 * @property {{zoomIn: string, zoomOut: string, failed: string}} messages
 * @property {boolean} [wheel] - zoom by mouse wheel at once; otherwise only while the map has the focus
 */

/**
 * Read a map's options from the data-* attributes that components/map.html writes.
 *
 * @param {Record<string, string>} data - the element's dataset
 * @returns {MapOptions}
 */
export function readOptions(data) {
  const config = JSON.parse(data.leaflet);
  const { xmin, ymin, xmax, ymax } = config.SPATIAL_EXTENT;
  const number = (name, fallback) => (Number.isFinite(parseFloat(data[name])) ? parseFloat(data[name]) : fallback);
  return {
    config,
    bounds: {
      west: number("west", xmin),
      south: number("south", ymin),
      east: number("east", xmax),
      north: number("north", ymax),
    },
    messages: {
      zoomIn: data.zoomIn || "Zoom in",
      zoomOut: data.zoomOut || "Zoom out",
      failed: data.failed || "Background map could not be loaded. The pins and the list still work.",
    },
  };
}

/** Does this person want things to stand still? */
export function prefersStillness() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/** Has django-leaflet arrived? Without it pages keep what they have without a map. */
export function hasLeaflet() {
  return Boolean(globalThis.L?.Map?.djangoMap);
}

/**
 * Make a map in an element and show the whole of its bounds.
 *
 * @param {HTMLElement} element - from components/map.html
 * @param {Partial<MapOptions>} [options] - what differs from the element's data-* attributes
 * @returns {L.Map}
 */
export function makeMap(element, options = {}) {
  const settings = { ...readOptions(element.dataset), ...options };
  const moves = !prefersStillness();
  const bounds = leafletBounds(settings.bounds);
  const map = L.Map.djangoMap(element, {
    djoptions: djangoOptions(settings),
    attributionControl: false,
    zoomControl: false,
    keyboard: true,
    scrollWheelZoom: Boolean(settings.wheel),
    zoomAnimation: moves,
    fadeAnimation: moves,
    markerZoomAnimation: moves,
    inertia: moves,
    maxBoundsViscosity: 1,
  });
  map.fitBounds(bounds, { animate: false });
  map.setMaxBounds(bounds.pad(WIDEST_MARGIN));
  map.setMinZoom(Math.max(2, map.getZoom() - 1));
  if (!settings.wheel) {
    // A wheel over the map scrolls the page until somebody has chosen the map.
    map.on("focus", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
  }
  addFailureNotice(map, element, settings.messages);
  addZoomButtons(map, settings.messages);
  addAttribution(map, settings.config.TILES);
  // The element may get its size after us, from a style sheet, a tab or a turned phone.
  if (globalThis.ResizeObserver) {
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(element);
  }
  return map;
}

/** What L.Map.djangoMap makes of LEAFLET_CONFIG: background layers and the package's own controls. */
function djangoOptions({ config, bounds: { west, south, east, north } }) {
  const named = (layers) => layers.map(([name, url, options]) => [name, url, { ...options, className: "app-map__tiles" }]);
  return {
    layers: named(config.TILES),
    overlays: named(config.OVERLAYS),
    extent: [[south, west], [north, east]],
    fitextent: false,
    minzoom: config.MIN_ZOOM,
    maxzoom: config.MAX_ZOOM,
    scale: config.SCALE,
    resetview: config.RESET_VIEW,
    attributionprefix: config.ATTRIBUTION_PREFIX,
  };
}

function addFailureNotice(map, element, messages) {
  const notice = document.createElement("p");
  notice.className = "app-map__notice";
  notice.setAttribute("role", "status");
  element.append(notice);
  map.eachLayer((layer) => {
    layer.once("tileerror", () => {
      notice.textContent = messages.failed;
    });
  });
}

function addZoomButtons(map, messages) {
  const box = document.createElement("div");
  box.className = "app-map__zoom";
  const makeButton = (sign, label, step) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "app-map__button";
    button.setAttribute("aria-label", label);
    button.textContent = sign;
    button.addEventListener("click", () => map.setZoom(map.getZoom() + step));
    box.append(button);
    return button;
  };
  const closer = makeButton("+", messages.zoomIn, 1);
  const wider = makeButton("−", messages.zoomOut, -1);
  const showLimits = () => {
    // aria-disabled, not disabled: the focus must not fall out of the map at the last zoom.
    closer.setAttribute("aria-disabled", String(map.getZoom() >= map.getMaxZoom()));
    wider.setAttribute("aria-disabled", String(map.getZoom() <= map.getMinZoom()));
  };
  map.on("zoomend zoomlevelschange", showLimits);
  showLimits();
  addControl(map, box, "topright");
}

function addAttribution(map, layers) {
  const box = document.createElement("div");
  box.className = "app-map__attribution";
  for (const [, , { attribution, attributionUrl }] of layers) {
    const text = document.createElement(attributionUrl ? "a" : "span");
    text.textContent = attribution;
    if (attributionUrl) text.href = attributionUrl;
    box.append(text);
  }
  addControl(map, box, "bottomright");
}

/**
 * Put an element into a corner of the map; clicks and keys in it do not reach the map.
 *
 * @param {L.Map} map
 * @param {HTMLElement} element
 * @param {"topleft"|"topright"|"bottomleft"|"bottomright"} position
 */
export function addControl(map, element, position) {
  const control = L.control({ position });
  control.onAdd = () => element;
  control.addTo(map);
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  element.addEventListener("keydown", (event) => event.stopPropagation());
  return control;
}

function leafletBounds({ west, south, east, north }) {
  return L.latLngBounds([south, west], [north, east]);
}

/** Show all of these bounds, without animation. */
export function showBounds(map, bounds) {
  map.fitBounds(leafletBounds(bounds), { animate: false });
}

/** Bring a position to the middle of the map, at this zoom or nearer. */
export function showPosition(map, { longitude, latitude }, zoom = map.getZoom()) {
  map.setView([latitude, longitude], Math.max(zoom, map.getZoom()), { animate: !prefersStillness() });
}

/** The position in the middle of the map, rounded to 6 decimals. */
export function centreOf(map) {
  return fromLeaflet(map.getCenter());
}

/** The position under a point of the screen, as pointer events give it; null outside the map's element. */
export function positionAt(map, clientX, clientY) {
  const box = map.getContainer().getBoundingClientRect();
  if (clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom) return null;
  return fromLeaflet(map.containerPointToLatLng([clientX - box.left, clientY - box.top]));
}

/** Turn Leaflet's own position into ours: rounded to 6 decimals, longitude first. */
export function fromLeaflet({ lng, lat }) {
  return { longitude: round(lng), latitude: round(lat) };
}

/** Turn ours into Leaflet's. */
export function toLeaflet({ longitude, latitude }) {
  return [latitude, longitude];
}

function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6 + 0;
}

/**
 * A Leaflet icon of a category's shape in its colour, with a white and a dark edge that show on any background.
 *
 * @param {string} shape - one of SHAPES
 * @param {string} colour - as in #1d70b8
 * @param {{selected?: boolean, size?: number}} [options] - size in pixels
 */
export function shapeIcon(shape, colour, { selected = false, size = 26 } = {}) {
  return L.divIcon({
    html: makeShape(shape, colour, { selected, size }),
    className: selected ? "app-map__icon app-map__icon--selected" : "app-map__icon",
    iconSize: [size, size],
  });
}

/** A Leaflet icon like a pin stuck into the map: its tip is the place. */
export function pinIcon(shape, colour, { size = 48 } = {}) {
  return L.divIcon({
    html: makePinShape(shape, colour, { size }),
    className: "app-map__icon app-map__icon--pin",
    iconSize: [size * 0.75, size],
    iconAnchor: [size * 0.375, size - 1],
  });
}

/** Put a marker with this icon on the map; it can be reached by keyboard. Name it by its element's aria-label. */
export function addMarker(map, position, icon, { draggable = false } = {}) {
  const options = { icon, draggable, autoPan: draggable, keyboard: true, riseOnHover: true };
  return L.marker(toLeaflet(position), options).addTo(map);
}

/** Draw a box (degrees) that stands for an area: dashed, seen through. */
export function addBox(map, { west, south, east, north }) {
  const style = { className: "app-map__box", color: "#0b5a5e", weight: 2, dashArray: "6 5", fillOpacity: 0.14 };
  return L.rectangle([[south, west], [north, east]], { interactive: false, ...style }).addTo(map);
}

/**
 * Draw outlines (GeoJSON polygons) as a line only. A failure changes nothing: the map works without them.
 *
 * @param {L.Map} map
 * @param {string} address - /map/areas.json?set=outline
 */
export async function addOutline(map, address, { fetch = globalThis.fetch } = {}) {
  if (!address) return null;
  try {
    const response = await fetch(address, { credentials: "omit" });
    if (!response.ok) return null;
    const layer = L.geoJSON(await response.json(), {
      interactive: false,
      style: { className: "app-map__outline", fill: false, weight: 3, color: "#0b0c0c", opacity: 0.75 },
    });
    return layer.addTo(map);
  } catch (error) {
    console.info("The outline could not be loaded:", error.message);
    return null;
  }
}

/**
 * Read `#zoom/latitude/longitude`, the order that OpenStreetMap and others use in addresses.
 *
 * @param {string} fragment - with or without the #
 * @returns {{zoom: number, longitude: number, latitude: number} | null} null when it says anything else
 */
export function parseFragment(fragment) {
  const parts = fragment.replace(/^#/, "").split("/");
  if (parts.length !== 3 || parts.some((part) => !/^-?\d{1,3}(\.\d{1,12})?$/.test(part))) return null;
  const [zoom, latitude, longitude] = parts.map(Number);
  const inRange = zoom >= 0 && zoom <= 22 && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return inRange ? { zoom, longitude, latitude } : null;
}

/** Write the fragment that parseFragment() reads; more decimals the nearer one is. */
export function formatFragment({ zoom, longitude, latitude }) {
  const decimals = Math.max(0, Math.ceil((zoom * Math.LN2 + Math.log(256 / 360)) / Math.LN10));
  return `#${zoom}/${latitude.toFixed(decimals)}/${longitude.toFixed(decimals)}`;
}

/** Move the map to where the address says, and say so; false when the address says nothing. */
export function restorePosition(map, fragment = location.hash) {
  const place = parseFragment(fragment);
  if (place) map.setView([place.latitude, place.longitude], place.zoom, { animate: false });
  return Boolean(place);
}

/** Keep the address in step with the map, without an entry in the browser's history. */
export function rememberPosition(map) {
  const write = () => {
    const fragment = formatFragment({ zoom: map.getZoom(), ...centreOf(map) });
    history.replaceState(history.state, "", location.pathname + location.search + fragment);
  };
  map.on("moveend", write);
  addEventListener("hashchange", () => restorePosition(map));
}
