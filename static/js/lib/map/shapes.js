/** The shapes of categories, drawn as SVG elements. Colour is never the only difference between two categories. */

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a square of 24 by 24: the same drawings as in static/icons/shapes.svg, which a test compares. */
export const SHAPES = {
  circle: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
  square: "M4 4h16v16H4z",
  triangle: "M12 2.5 22.5 21h-21z",
  diamond: "M12 1.5 22.5 12 12 22.5 1.5 12z",
  pentagon: "m12 2 10.5 7.6-4 12.4h-13l-4-12.4z",
  hexagon: "m12 1.5 9.1 5.2v10.6L12 22.5l-9.1-5.2V6.7z",
  star: "m12 1.5 3.1 7 7.6.8-5.7 5.1 1.6 7.5-6.6-3.8-6.6 3.8L7 14.4 1.3 9.3l7.6-.8z",
  cross: "M8.5 2h7v6.5H22v7h-6.5V22h-7v-6.5H2v-7h6.5z",
};

/** A colour that may stand in an attribute; anything but #rrggbb becomes a dark grey. */
export function safeColour(colour) {
  return /^#[0-9a-fA-F]{6}$/.test(colour) ? colour : "#484949";
}

function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function drawing(shape, attributes) {
  return element("path", { d: SHAPES[shape] ?? SHAPES.circle, "stroke-linejoin": "round", ...attributes });
}

function canvas(width, height, viewBox) {
  // Decoration: what it stands for is said in words beside it, or by the marker that holds it.
  return element("svg", { width, height, viewBox, "aria-hidden": "true", focusable: "false" });
}

/**
 * A category's shape as an SVG element, with a white and a dark edge that show on any background.
 *
 * @param {string} shape - a key of SHAPES; an unknown one is drawn as a circle
 * @param {string} colour - as in #1d70b8
 * @param {{selected?: boolean, size?: number}} [options] - size in pixels
 * @returns {SVGElement}
 */
export function makeShape(shape, colour, { selected = false, size = 26 } = {}) {
  const svg = canvas(size, size, "-3 -3 30 30");
  const fill = safeColour(colour);
  svg.append(
    drawing(shape, { fill, stroke: "#0b0c0c", "stroke-width": selected ? 8 : 5 }),
    drawing(shape, { fill, stroke: selected ? "#ffdd00" : "#ffffff", "stroke-width": selected ? 5 : 3 }),
    drawing(shape, { fill }),
  );
  return svg;
}

/**
 * A pin whose tip is the middle of its lower edge, 3 wide by 4 high: the category's colour, its shape in white.
 *
 * @param {string} shape
 * @param {string} colour
 * @param {{size?: number}} [options] - height in pixels
 * @returns {SVGElement}
 */
export function makePinShape(shape, colour, { size = 48 } = {}) {
  const svg = canvas(size * 0.75, size, "0 0 36 48");
  const d = "M18 47C14 38 2 29 2 17.5a16 16 0 0 1 32 0C34 29 22 38 18 47z";
  const fill = safeColour(colour);
  const inner = element("g", { transform: "translate(9 8.5) scale(0.75)" });
  inner.append(drawing(shape, { fill: "#ffffff" }));
  svg.append(
    element("path", { d, fill, stroke: "#ffffff", "stroke-width": 4 }),
    element("path", { d, fill, stroke: "#0b0c0c", "stroke-width": 1.5 }),
    inner,
  );
  return svg;
}
