/** The messages of a page's scripts: written by its template, so that they can be translated, and filled in here. */

/**
 * Put values into a message.
 *
 * @param {string} text - with {names} in it; one without a value stays as it is
 * @param {Record<string, string|number>} [values]
 */
export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {HTMLElement} element - a <template> or any other; in it, data-say="key" marks a message
 * @returns {(key: string, values?: Record<string, string|number>) => string} the key itself where there is no message
 */
export function readMessages(element) {
  const nodes = (element.content ?? element).querySelectorAll("[data-say]");
  const texts = new Map([...nodes].map((node) => [node.dataset.say, node.textContent.trim()]));
  return (key, values) => fill(texts.get(key) ?? key, values);
}
