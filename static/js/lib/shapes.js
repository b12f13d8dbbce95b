/** The shapes of categories, drawn as SVG elements. Colour is never the only difference between two categories. */

const SVG = "http://www.w3.org/2000/svg";

/** Corners on a square of 24 by 24; the circle has none. The same drawings as in static/icons/shapes.svg. */
export const SHAPES = {
  circle: [],
  square: [[4, 4], [20, 4], [20, 20], [4, 20]],
  triangle: [[12, 3], [22, 20.5], [2, 20.5]],
  diamond: [[12, 1.5], [22.5, 12], [12, 22.5], [1.5, 12]],
  pentagon: regular(5, 11, 12.6),
  hexagon: regular(6, 10.5),
  star: star(5, 11.5, 5, 12.6),
  cross: [[8.5, 2.5], [15.5, 2.5], [15.5, 8.5], [21.5, 8.5], [21.5, 15.5], [15.5, 15.5], [15.5, 21.5], [8.5, 21.5], [8.5, 15.5], [2.5, 15.5], [2.5, 8.5], [8.5, 8.5]],
};

function regular(corners, radius, middle = 12) {
  return Array.from({ length: corners }, (_, index) => around((index / corners) * 2 * Math.PI, radius, middle));
}

function star(points, outer, inner, middle) {
  return Array.from({ length: points * 2 }, (_, index) =>
    around((index / (points * 2)) * 2 * Math.PI, index % 2 ? inner : outer, middle),
  );
}

/** A point at an angle, clockwise from the top. */
function around(angle, radius, middle) {
  const round = (value) => Math.round(value * 100) / 100;
  return [round(12 + radius * Math.sin(angle)), round(middle - radius * Math.cos(angle))];
}

/** A colour that may stand in an attribute; anything but #rrggbb becomes GOV.UK's dark grey. */
export function safeColour(colour) {
  return /^#[0-9a-fA-F]{6}$/.test(colour) ? colour : "#505a5f";
}

function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function drawing(shape, attributes) {
  const corners = SHAPES[shape] ?? SHAPES.circle;
  if (!corners.length) return element("circle", { cx: 12, cy: 12, r: 10, ...attributes });
  return element("polygon", { points: corners.map((corner) => corner.join(",")).join(" "), ...attributes });
}

function canvas(width, height, viewBox) {
  // Decoration: what it stands for is said in words beside it, or by the marker that holds it.
  return element("svg", { width, height, viewBox, "aria-hidden": "true", focusable: "false" });
}

/**
 * A category's shape as an SVG element.
 *
 * @param {string} shape - a key of SHAPES
 * @param {string} colour - as in #1d70b8
 * @param {{selected?: boolean, size?: number}} [options] - size in pixels
 * @returns {SVGElement}
 */
export function makeShape(shape, colour, { selected = false, size = 26 } = {}) {
  const svg = canvas(size, size, "-3 -3 30 30");
  const edge = { "stroke-linejoin": "round", fill: safeColour(colour) };
  svg.append(
    drawing(shape, { ...edge, stroke: "#0b0c0c", "stroke-width": selected ? 8 : 5 }),
    drawing(shape, { ...edge, stroke: selected ? "#ffdd00" : "#ffffff", "stroke-width": selected ? 5 : 3 }),
    drawing(shape, edge),
  );
  return svg;
}

/** A pin whose tip is at the middle of its lower edge: the category's colour, its shape in white. 3 wide by 4 high. */
export function makePinShape(shape, colour, { size = 48 } = {}) {
  const svg = canvas(size * 0.75, size, "0 0 36 48");
  const outline = "M18 47 C14 38 2 29 2 17.5 A16 16 0 0 1 34 17.5 C34 29 22 38 18 47 Z";
  const inner = element("g", { transform: "translate(8.4 8) scale(0.8)" });
  inner.append(drawing(shape, { fill: "#ffffff", "stroke-linejoin": "round" }));
  svg.append(
    element("path", { d: outline, fill: safeColour(colour), stroke: "#ffffff", "stroke-width": 4 }),
    element("path", { d: outline, fill: safeColour(colour), stroke: "#0b0c0c", "stroke-width": 1.5 }),
    inner,
  );
  return svg;
}
