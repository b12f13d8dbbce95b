/** What the place question says and asks: pure, so that it is tested without a browser. */

import { CELL_BITS, formatDegrees, publicCell, roughMetres } from "./positions.js";

const EXACT = "0";
const BOROUGH = "3";

/**
 * Fill the {names} of a sentence.
 *
 * @param {string} sentence
 * @param {Record<string, string | number>} [values]
 */
export function fill(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * Which sentence says what residents will see, and with which values?
 *
 * @param {{longitude: number, latitude: number} | null} place
 * @param {string} precision - the radio's value, "" while none is chosen
 * @returns {[string, object]} key of a sentence, "" for none
 */
export function publicNote(place, precision) {
  if (!place || precision === BOROUGH) return ["seen-borough", {}];
  if (precision === EXACT) return ["seen-exact", {}];
  const bits = CELL_BITS[precision];
  return bits ? ["seen-area", { metres: roughMetres(publicCell(place, bits).metres) }] : ["", {}];
}

/**
 * Ask the server where a position is, in words. Positions travel in the body, never in an address that is logged.
 *
 * @param {string} address
 * @param {{longitude: number, latitude: number}} place
 * @param {string} token - the form's csrfmiddlewaretoken
 * @param {{signal?: AbortSignal, fetch?: typeof fetch}} [options]
 * @returns {Promise<{words: string, inside: boolean, sentence: string, swapped: object | null}>}
 * @throws {Error} when the server does not answer the question; an aborted call rejects as fetch does
 */
export async function askWhere(address, place, token, { signal, fetch = globalThis.fetch } = {}) {
  const body = new URLSearchParams({
    longitude: formatDegrees(place.longitude),
    latitude: formatDegrees(place.latitude),
    csrfmiddlewaretoken: token,
  });
  const response = await fetch(address, { method: "POST", body, signal, headers: { Accept: "application/json" } });
  // 422 is an answer too: a sentence that says what is wrong with the position.
  if (!response.ok && response.status !== 422) throw new Error(`the place question answered ${response.status}`);
  return response.json();
}

/**
 * Which sentence answers a position, and of what kind is it?
 *
 * @param {{failed?: boolean, words?: string, inside?: boolean, sentence?: string}} found
 * @param {(key: string, values?: object) => string} say
 * @returns {{kind: "placed" | "problem", words: string}}
 */
export function answerTo(found, say) {
  if (found.failed) return { kind: "placed", words: say("placed-unasked") };
  if (found.inside && !found.words) return { kind: "placed", words: say("placed-unnamed") };
  if (found.inside) return { kind: "placed", words: say("placed", { words: found.words }) };
  return { kind: "problem", words: found.sentence };
}
