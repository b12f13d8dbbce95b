/**
 * The markers of the map: one layer that holds the features of the present zoom, keyed by id.
 *
 * Together they are one tab stop. Arrow keys go to the next marker in that direction; Page Down and Page Up to the
 * next and the last one as one reads, which reaches every one; Home and End to the first and the last.
 * Enter or space opens; Escape comes back from what was opened.
 */

import { makeShape } from "./shapes.js";
import { keyOf } from "./tiles.js";

const BITS = { street: 10, neighbourhood: 13 };
// Metres that one unit of the mercator grid (2^28 to a side) spans on the equator.
const METRES_PER_UNIT = (2 * Math.PI * 6_378_137) / 2 ** 28;
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/**
 * How wide is the circle that stands for a coarse pin: as large as the cell in which it may be.
 *
 * @param {string} precision - exact, street or neighbourhood
 * @param {number} latitude - degrees
 * @returns {number} radius in metres; 0 for an exact one
 */
export function areaRadius(precision, latitude) {
  if (!(precision in BITS)) return 0;
  const side = 2 ** BITS[precision] * METRES_PER_UNIT * Math.cos((latitude * Math.PI) / 180);
  return side / Math.sqrt(Math.PI);
}

/**
 * Which point comes next in a direction: the nearest of those that lie more that way than to either side.
 *
 * @param {{x: number, y: number}[]} points - pixels, y grows downwards
 * @param {number} from - index
 * @param {string} key - an arrow key
 * @returns {number} an index; the same one where nothing lies that way
 */
export function nextIn(points, from, key) {
  const [right, down] = ARROWS[key];
  let best = from;
  let least = Infinity;
  points.forEach((point, index) => {
    const x = point.x - points[from].x;
    const y = point.y - points[from].y;
    const along = x * right + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    if (index === from || along <= 0 || aside > along) return;
    const distance = along + 2 * aside;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

/** What a marker is called: a community by its name and category, a cluster by its number. */
export function labelOf({ properties }, { categories, message }) {
  if (properties.count) return message(properties.members ? "here" : "cluster", { count: properties.count });
  const category = properties.kind ? message(properties.kind) : (categories[properties.category]?.name ?? "");
  const parts = [properties.name, category, properties.status === "submitted" ? properties.status_words : ""];
  return parts.filter(Boolean).join(", ");
}

/** Does a feature stand for an area and not for a spot? A cluster does when all of its members do. */
export function precisionOf({ properties }) {
  if (!properties.members) return properties.precision ?? "exact";
  const [first, ...others] = properties.members.map((member) => member.precision);
  return others.every((precision) => precision === first) ? first : "exact";
}

/** How wide a cluster is drawn, in pixels: wider the more it holds, and never wider than a fingertip needs. */
export function clusterSize(count) {
  return Math.round(Math.min(58, 30 + 8 * Math.log10(count)));
}

export class MarkerLayer {
  /**
   * @param {L.Map} map
   * @param {object} options
   * @param {Record<string, {name: string, colour: string, shape: string}>} options.categories - by slug
   * @param {(key: string, values: object) => string} options.message
   * @param {(feature: object, element: HTMLElement) => void} options.onOpen
   */
  constructor(map, { categories, message, onOpen }) {
    Object.assign(this, { map, categories, message, onOpen });
    this.drawn = new Map();
    this.current = null;
    // Where the focus goes once the features of the next zoom are here.
    this.focusNear = null;
    this.areas = L.layerGroup().addTo(map);
  }

  /**
   * Draw these features and no others. A marker that stays keeps its element, and so the focus.
   *
   * @param {Map<string, object>} features - in the order in which one reads
   */
  draw(features) {
    const hadFocus = this.focused();
    for (const [key, held] of this.drawn) {
      const feature = features.get(key);
      if (feature && JSON.stringify(feature) === held.said) continue;
      held.marker.remove();
      held.area?.remove();
      this.drawn.delete(key);
    }
    const inOrder = new Map();
    for (const [key, feature] of features) inOrder.set(key, this.drawn.get(key) ?? this.make(key, feature));
    this.drawn = inOrder;
    if (!this.drawn.has(this.current)) this.current = this.drawn.keys().next().value ?? null;
    this.showTabStop();
    if (hadFocus && !this.drawn.has(hadFocus.key)) this.focusNear ??= hadFocus.position;
  }

  /** Put the focus where a marker that had it has gone; called when nothing is on its way any more. */
  settle() {
    if (!this.focusNear) return;
    const target = this.map.latLngToContainerPoint(this.focusNear);
    this.focusNear = null;
    // The person has gone elsewhere meanwhile: leave them there.
    if (document.activeElement !== document.body && document.activeElement !== this.map.getContainer()) return;
    const far = (held) => this.map.latLngToContainerPoint(held.position).distanceTo(target);
    const [nearest] = [...this.visible()].sort(([, one], [, other]) => far(one) - far(other));
    if (nearest) this.focus(nearest[0]);
    else this.map.getContainer().focus();
  }

  focused() {
    for (const [key, held] of this.drawn) {
      if (held.element === document.activeElement) return { key, position: held.position };
    }
    return null;
  }

  focus(key) {
    const held = this.drawn.get(key);
    if (!held) return false;
    this.current = key;
    this.showTabStop();
    held.element.focus();
    return true;
  }

  /** The element of a feature, to give the focus back to; null when it is no longer drawn. */
  elementFor(feature) {
    return this.drawn.get(keyOf(feature))?.element ?? null;
  }

  visible() {
    const bounds = this.map.getBounds();
    return [...this.drawn].filter(([, held]) => bounds.contains(held.position));
  }

  /** The features that the window shows. */
  inView() {
    return this.visible().map(([, held]) => held.feature);
  }

  make(key, feature) {
    const [longitude, latitude] = feature.geometry.coordinates;
    const position = L.latLng(latitude, longitude);
    const precision = precisionOf(feature);
    const marker = L.marker(position, { icon: this.icon(feature), keyboard: false, riseOnHover: true, bubblingMouseEvents: false });
    marker.addTo(this.map);
    const element = marker.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", labelOf(feature, this));
    if (feature.properties.name) element.title = feature.properties.name;
    element.addEventListener("keydown", (event) => this.onKey(event, key));
    element.addEventListener("focus", () => {
      this.current = key;
      this.showTabStop();
    });
    marker.on("click", () => this.onOpen(feature, element));
    const radius = areaRadius(precision, latitude);
    const area = radius ? this.addArea(position, radius, feature) : null;
    return { feature, marker, area, element, position, said: JSON.stringify(feature) };
  }

  icon({ properties }) {
    if (properties.count) {
      const size = clusterSize(properties.count);
      const box = document.createElement("span");
      box.textContent = properties.count;
      return L.divIcon({ html: box, className: "app-map__cluster", iconSize: [size, size] });
    }
    if (properties.kind) return L.divIcon({ html: document.createElement("span"), className: `app-map__${properties.kind}`, iconSize: [36, 36] });
    const { colour, shape } = this.categories[properties.category] ?? { colour: "", shape: "circle" };
    const waits = properties.status === "submitted" ? " app-map__icon--submitted" : "";
    return L.divIcon({ html: makeShape(shape, colour, { size: 30 }), className: `app-map__icon app-map__marker${waits}`, iconSize: [36, 36] });
  }

  addArea(position, radius, { properties }) {
    const [first] = properties.members ?? [properties];
    const color = this.categories[first.category]?.colour ?? "#484949";
    const style = { className: "app-map__area", color, weight: 1.5, dashArray: "4 5", fillOpacity: 0.1, interactive: false };
    return L.circle(position, { radius, ...style }).addTo(this.areas);
  }

  showTabStop() {
    const visible = this.visible();
    // A tab stop that is out of sight would move the map by itself.
    const isInView = visible.some(([key]) => key === this.current);
    const stop = isInView || this.focused() ? this.current : visible[0]?.[0];
    for (const [key, held] of this.drawn) held.element.tabIndex = key === stop ? 0 : -1;
  }

  onKey(event, key) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const visible = this.visible();
    const at = visible.findIndex(([other]) => other === key);
    if (event.key === "Enter" || event.key === " ") {
      const { feature, element } = this.drawn.get(key);
      this.onOpen(feature, element);
    } else if (event.key in ARROWS && at >= 0) {
      const points = visible.map(([, held]) => this.map.latLngToContainerPoint(held.position));
      this.focus(visible[nextIn(points, at, event.key)][0]);
    } else if ((event.key === "PageDown" || event.key === "PageUp") && at >= 0) {
      const next = visible[at + (event.key === "PageDown" ? 1 : -1)];
      if (next) this.focus(next[0]);
    } else if (event.key === "Home" || event.key === "End") {
      if (visible.length) this.focus(visible.at(event.key === "Home" ? 0 : -1)[0]);
    } else if (event.key === "Escape") {
      this.map.getContainer().focus();
    } else return;
    event.preventDefault();
    // Otherwise the map, which these keys move, would take them too.
    event.stopPropagation();
  }
}
