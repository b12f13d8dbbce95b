/**
 * Positions as plain numbers: the browser's twin of community_map/geo.py, so that a slip is told at once.
 * The server checks everything again. Longitude comes before latitude, degrees are WGS 84.
 */

export const GRID_BITS = 28;
const GRID_SIZE = 2 ** GRID_BITS;
const MAX_LATITUDE = 85.051129;
const EQUATOR_METRES = 2 * Math.PI * 6378137;
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/**
 * Read what somebody typed as longitude and latitude.
 *
 * @param {string} longitude
 * @param {string} latitude
 * @returns {{position: {longitude: number, latitude: number}} | {problem: "empty" | "half" | "number" | "range"}}
 */
export function parsePosition(longitude, latitude) {
  const texts = [longitude, latitude].map((text) => text.trim().replace("−", "-"));
  if (texts.every((text) => text === "")) return { problem: "empty" };
  if (texts.some((text) => text === "")) return { problem: "half" };
  if (texts.some((text) => text.length > 32 || !PLAIN_NUMBER.test(text))) return { problem: "number" };
  const [east, north] = texts.map(Number);
  if (Math.abs(east) > 180 || Math.abs(north) > 90) return { problem: "range" };
  return { position: { longitude: roundDegrees(east), latitude: roundDegrees(north) } };
}

/**
 * Read two numbers pasted as one, such as "51.6027, -0.2003": other maps write latitude first.
 *
 * @param {string} text
 * @returns {{longitude: string, latitude: string} | null} null when it is not two plain numbers
 */
export function splitPair(text) {
  const parts = text.trim().replace(/[()]/g, "").split(/\s*[,;\s]\s*/).filter(Boolean);
  if (parts.length !== 2 || !parts.every((part) => PLAIN_NUMBER.test(part))) return null;
  return { longitude: parts[1], latitude: parts[0] };
}

/** Round to six decimals, about a hand's width; there is no minus nought. */
export function roundDegrees(degrees) {
  return Math.round(degrees * 1e6) / 1e6 + 0;
}

/** Write degrees as the form's inputs hold them: at most six decimals, never 1e-7. */
export function formatDegrees(degrees) {
  return roundDegrees(degrees).toFixed(6).replace(/\.?0+$/, "");
}

/** Web-mercator position on a grid of 2^28 units a side, x east, y south. */
export function toMercator({ longitude, latitude }) {
  const north = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude));
  const sine = Math.sin((north * Math.PI) / 180);
  const clamp = (share) => Math.max(0, Math.min(GRID_SIZE - 1, Math.floor(share * GRID_SIZE)));
  return {
    x: clamp((longitude + 180) / 360),
    y: clamp(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)),
  };
}

/** The inverse of toMercator(). */
export function fromMercator({ x, y }) {
  return {
    longitude: (x / GRID_SIZE) * 360 - 180,
    latitude: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / GRID_SIZE))) * 180) / Math.PI,
  };
}

/** The size of the grid cell that the public sees, as a power of two, by precision; see pins/models/choices.py. */
export const CELL_BITS = { 1: 10, 2: 13 };

/**
 * The fixed cell that stands for a position at a precision.
 *
 * @param {{longitude: number, latitude: number}} position
 * @param {number} bits - one of CELL_BITS
 * @returns {{west: number, south: number, east: number, north: number, metres: number}} degrees, and how wide it is
 */
export function publicCell(position, bits) {
  const { x, y } = toMercator(position);
  const size = 2 ** bits;
  const corner = { x: Math.floor(x / size) * size, y: Math.floor(y / size) * size };
  const { longitude: west, latitude: north } = fromMercator(corner);
  const { longitude: east, latitude: south } = fromMercator({ x: corner.x + size, y: corner.y + size });
  const metres = (EQUATOR_METRES / GRID_SIZE) * size * Math.cos((((north + south) / 2) * Math.PI) / 180);
  return { west, south, east, north, metres };
}

/** Metres as people say them: 95, 760, 1,200. */
export function roughMetres(metres) {
  const step = metres < 200 ? 5 : 10;
  return Math.round(metres / step) * step;
}
