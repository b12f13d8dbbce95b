/** The toolkit's case studies as a layer of the map: fetched when somebody asks for them, by address alone. */

export const KIND = "case-study";

/**
 * @param {{features: object[]}} collection - GeoJSON of /toolkit/case-studies.geojson
 * @returns {Map<string, object>} features for the marker layer, by a key that no community has
 */
export function toFeatures(collection) {
  const features = (collection?.features ?? []).filter(
    ({ geometry, properties }) => geometry?.type === "Point" && /^\/toolkit\//.test(properties?.address ?? ""),
  );
  return new Map(
    features.map(({ geometry, properties }) => {
      const { title, place, summary, address } = properties;
      const key = `${KIND}:${address}`;
      return [key, { type: "Feature", geometry, properties: { id: key, kind: KIND, name: title, place, summary, address } }];
    }),
  );
}

/**
 * Let a checkbox bring the case studies and take them away.
 *
 * @param {HTMLInputElement} box - with data-address
 * @param {{onChange: (features: Map<string, object>) => void, onFail: () => void, fetch?: typeof fetch}} options
 */
export function startCaseStudies(box, { onChange, onFail, fetch = globalThis.fetch.bind(globalThis) }) {
  let kept = null;
  const show = async () => {
    if (!box.checked) return onChange(new Map());
    try {
      kept ??= toFeatures(await getJson(box.dataset.address, fetch));
      if (box.checked) onChange(kept);
    } catch {
      box.checked = false;
      onFail();
    }
  };
  box.addEventListener("change", show);
  if (new URLSearchParams(location.search).has("case-studies")) box.checked = true;
  if (box.checked) show();
}

async function getJson(address, fetch) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}
