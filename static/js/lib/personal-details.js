/**
 * Finding what free text should not hold: phone numbers, e-mail addresses, National Insurance numbers.
 *
 * community_map/personal_details.py does the same on the server; tests/personal_details.json holds both to it.
 */

// Python's \w, \d and \b as JavaScript has to write them: letters and digits of every script.
const WORD = "\\p{L}\\p{N}_";
const PATTERNS = {
  email: `[${WORD}.+-]+@[${WORD}-]+(?:\\.[${WORD}-]+)+`,
  "national-insurance": `(?<![${WORD}])(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]\\s?(?:\\p{Nd}\\s?){6}[A-D](?![${WORD}])`,
  phone: `(?<![${WORD}.])(?:\\+44(?:\\s?\\(0\\))?|0044|0)(?:[\\s.()\\-]{0,2}\\p{Nd}){9,10}(?!\\p{Nd})`,
};
const FLAGS = { "national-insurance": "giu" };

/**
 * @param {string} text
 * @returns {{kind: string, text: string, start: number}[]} what looks like a personal detail, in the text's order
 */
export function findDetails(text) {
  const hits = [];
  for (const [kind, pattern] of Object.entries(PATTERNS)) {
    for (const match of text.matchAll(new RegExp(pattern, FLAGS[kind] ?? "gu"))) {
      hits.push({ kind, text: match[0].trim(), start: match.index });
    }
  }
  return hits.sort((one, other) => one.start - other.start);
}
