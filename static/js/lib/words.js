/** Sentences of a page, written by its template (so that they can be translated), with {values} put in here. */

/**
 * @param {HTMLElement} element - its children have data-say="key" and the sentence as text
 * @returns {(key: string, values?: Record<string, string|number>) => string} the key itself where there is none
 */
export function makeSay(element) {
  const sentences = new Map([...element.querySelectorAll("[data-say]")].map((node) => [node.dataset.say, node.textContent]));
  return (key, values = {}) =>
    (sentences.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
