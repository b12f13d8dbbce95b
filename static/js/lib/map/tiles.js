/** The map's data, tile by tile: what was fetched, how old it is, and which features are to be drawn. */

/**
 * @typedef {{z: number, x: number, y: number}} Tile
 * @typedef {object} Feature - GeoJSON: a pin (`id`, `name`, `category`) or a cluster (`count`, perhaps `members`)
 */

/** From this age on a tile is asked for again; the server answers 304 when nothing has changed. */
export const STALE_AFTER = 4_000;

/**
 * @param {string} template - the address with {z} {x} {y}
 * @param {Tile} tile
 * @param {string} query - the filters, without a question mark
 * @returns {string}
 */
export function tileAddress(template, { z, x, y }, query = "") {
  const address = template.replace("{z}", z).replace("{x}", x).replace("{y}", y);
  return query ? `${address}?${query}` : address;
}

/**
 * Fetch one tile of the map.
 *
 * @param {string} address
 * @param {{signal?: AbortSignal, fetch?: typeof fetch}} [options]
 * @returns {Promise<Feature[]>} at most 64
 * @throws {Error} when the server does not answer 200; an aborted call rejects as fetch does
 */
export async function fetchTile(address, { signal, fetch = globalThis.fetch } = {}) {
  const response = await fetch(address, { signal, credentials: "same-origin" });
  if (!response.ok) throw new Error(`tile answered ${response.status}`);
  const { features } = await response.json();
  return features;
}

/** A feature's own name among all features of one zoom: a pin's id, or where the cluster stands. */
export function keyOf({ geometry, properties }) {
  return properties.id ?? `${properties.count}@${geometry.coordinates.join()}`;
}

/**
 * The features of many tiles by their key, in the order in which one reads: rows from the north, each from the west.
 *
 * @param {Iterable<Feature[]>} tiles
 * @param {number} [row] - height of a row in degrees of latitude
 * @returns {Map<string, Feature>}
 */
export function mergeTiles(tiles, row = 0.01) {
  const line = ({ geometry }) => Math.round(geometry.coordinates[1] / row);
  const all = [...tiles].flat();
  all.sort((one, other) => line(other) - line(one) || one.geometry.coordinates[0] - other.geometry.coordinates[0]);
  return new Map(all.map((feature) => [keyOf(feature), feature]));
}

/** How many communities features stand for. */
export function countOf(features) {
  let count = 0;
  for (const { properties } of features) count += properties.count ?? 1;
  return count;
}

/** What is wanted, what has come, what is on its way. Only tiles of the present zoom are kept. */
export class TileStore {
  /**
   * @param {object} options
   * @param {string} options.template
   * @param {string} [options.query]
   * @param {() => void} options.onChange - something came, or nothing is on its way any more
   * @param {typeof fetch} [options.fetch]
   * @param {() => number} [options.now] - milliseconds
   */
  constructor({ template, query = "", onChange, fetch = globalThis.fetch.bind(globalThis), now = () => performance.now() }) {
    Object.assign(this, { template, query, onChange, fetch, now });
    this.wanted = new Map();
    this.waiting = new Map();
    this.failed = new Set();
  }

  /** The tiles that are in view from now on; others are forgotten, missing and stale ones fetched. */
  want(tiles) {
    const addresses = new Map(tiles.map((tile) => [tileAddress(this.template, tile, this.query), tile]));
    for (const [address, control] of this.waiting) {
      if (!addresses.has(address)) {
        control.abort();
        this.waiting.delete(address);
      }
    }
    const before = this.wanted;
    this.wanted = new Map([...addresses].map(([address]) => [address, before.get(address) ?? null]));
    this.failed = new Set([...this.failed].filter((address) => addresses.has(address)));
    this.tiles = tiles;
    for (const [address, kept] of this.wanted) {
      const isFresh = kept && this.now() - kept.at < STALE_AFTER;
      if (!isFresh && !this.waiting.has(address)) this.load(address);
    }
    this.onChange();
  }

  /** Show other filters: everything is asked for anew. */
  filter(query) {
    this.query = query;
    this.want(this.tiles ?? []);
  }

  /** Ask again for what is stale, as after a while in another tab. */
  refresh() {
    this.want(this.tiles ?? []);
  }

  async load(address) {
    const control = new AbortController();
    this.waiting.set(address, control);
    try {
      const features = await fetchTile(address, { signal: control.signal, fetch: this.fetch });
      if (this.waiting.get(address) !== control) return;
      this.wanted.set(address, { features, at: this.now() });
      this.failed.delete(address);
    } catch (error) {
      if (this.waiting.get(address) !== control) return;
      console.info("A tile of the map could not be loaded:", error.message);
      this.failed.add(address);
    }
    this.waiting.delete(address);
    this.onChange();
  }

  get isLoading() {
    return this.waiting.size > 0;
  }

  get hasFailed() {
    return this.failed.size > 0;
  }

  /** @returns {Map<string, Feature>} */
  features(row) {
    return mergeTiles([...this.wanted.values()].filter(Boolean).map((kept) => kept.features), row);
  }
}
