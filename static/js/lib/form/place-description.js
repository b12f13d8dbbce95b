/** Describes a place in words: what the server knows of it, and what residents will see. Tested without a browser. */

import { CELL_BITS, formatDegrees, publicCell, roughMetres } from "./positions.js";

const EXACT = "0";
const BOROUGH = "3";

/**
 * Which message says what residents will see, and with which values?
 *
 * @param {{longitude: number, latitude: number} | null} place
 * @param {string} precision - the radio's value, "" while none is chosen
 * @returns {[string, object]} key of a message, "" for none, and its values
 */
export function describePublicView(place, precision) {
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
export async function fetchDescription(address, place, token, { signal, fetch = globalThis.fetch } = {}) {
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
 * Describe a position, or say what is wrong with it.
 *
 * @param {{failed?: boolean, words?: string, inside?: boolean, sentence?: string}} found
 * @param {(key: string, values?: object) => string} message
 * @returns {{kind: "placed" | "problem", text: string}}
 */
export function describeAnswer(found, message) {
  if (found.failed) return { kind: "placed", text: message("placed-unasked") };
  if (found.inside && !found.words) return { kind: "placed", text: message("placed-unnamed") };
  if (found.inside) return { kind: "placed", text: message("placed", { words: found.words }) };
  return { kind: "problem", text: found.sentence };
}
