/** Which tiles of the map's data are wanted: those of Leaflet's own grid that the window shows. */

const TILE_SIZE = 256;

/**
 * @param {{min: {x: number, y: number}, max: {x: number, y: number}}} pixels - of the world at this zoom
 * @param {number} zoom
 * @returns {{z: number, x: number, y: number}[]} row by row from the north-west; none beyond the world's edge
 */
export function tilesInView({ min, max }, zoom) {
  const last = 2 ** zoom - 1;
  const tile = (pixel) => Math.max(0, Math.min(last, Math.floor(pixel / TILE_SIZE)));
  const tiles = [];
  for (let y = tile(min.y); y <= tile(max.y - 1); y += 1) {
    for (let x = tile(min.x); x <= tile(max.x - 1); x += 1) tiles.push({ z: zoom, x, y });
  }
  return tiles;
}

/** Report which tiles are wanted, now and whenever the map comes to rest or changes its size. */
export function watchTiles(map, onWanted) {
  const report = () => onWanted(tilesInView(map.getPixelBounds(), Math.round(map.getZoom())));
  map.on("moveend resize", report);
  report();
}
