/**
 * Finding what free text should not hold: ways to reach, number, name or find the home of a single person.
 *
 * community_map/privacy/personal_details.py does the same on the server; tests/personal_details.json holds both to it.
 */

// Python's \w, \d and \b as JavaScript has to write them: letters and digits of every script.
const WORD = "\\p{L}\\p{N}_";
const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
const NAME = `${LETTER}(?:${LETTER}|['’\\-])*`;
// What a street ends in. Words that are also plain words count only with a capital: "20 ways" is no address.
const STREET =
  "(?:[Rr]oad|Rd|[Ss]treet|St|[Aa]venue|Ave|[Ll]ane|[Cc]lose|[Dd]rive|[Cc]rescent|[Gg]ardens|[Gg]rove" +
  "|[Mm]ews|[Tt]errace|Court|Parade|Place|Rise|Row|Square|View|Walk|Way)";
// "10 minutes from Station Road" is no house.
const NO_STREET = "(?:a|and|at|by|from|in|minutes|mins|near|of|off|on|people|the|to|yards|metres|miles)";
const HOUSE = "[0-9]{1,4}[A-Za-z]?(?:\\s?[\\-–\\/]\\s?[0-9]{1,4}[A-Za-z]?)?";
const TITLE =
  "(?:[Mm][Rr][Ss]?|[Mm][Ss]|[Mm]x|MX|Miss|MISS|[Dd][Rr]|[Rr]evd?|REVD?|Reverend|[Cc]llr|CLLR" +
  "|Councillor|[Rr]abbi|[Ii]mam|Father)";
const PATTERNS = {
  email: `(?<![${WORD}.+-])[${WORD}.+-]+@[${WORD}-]+(?:\\.[${WORD}-]+)+`,
  "national-insurance": `(?<![${WORD}])(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]\\s?(?:\\p{Nd}\\s?){6}[A-D](?![${WORD}])`,
  phone: `(?<![${WORD}.])(?:\\+44(?:\\s?\\(0\\))?|0044|0)(?:[\\s.()\\-]{0,2}\\p{Nd}){9,10}(?!\\p{Nd})`,
  nhs: `(?<![${WORD}.])[1-9][0-9]{2}[ \\-]?[0-9]{3}[ \\-]?[0-9]{4}(?![${WORD}])`,
  address:
    `(?<![${WORD}.])(?:[Ff]lat\\s[0-9]{1,4}[A-Za-z]?(?![${WORD}])` +
    `|${HOUSE},?\\s(?:(?!${NO_STREET}\\s)${NAME}\\s){1,3}${STREET}(?![${WORD}]|\\s${LETTER}(?:['’]|\\.)))`,
  name: `(?<![${WORD}])${TITLE}\\.?\\s(${LETTER})(?:${LETTER}|['’\\-])+`,
  client: `(?<![${WORD}])my\\s(?:client|patient|service\\suser)s?(?![${WORD}])`,
};
const FLAGS = { "national-insurance": "giu", client: "giu" };

/** Is the last of these ten digits the NHS's check of the nine before it? */
function hasCheckDigit(text) {
  const digits = [...text.replace(/[ -]/g, "")].map(Number);
  const total = digits.slice(0, 9).reduce((sum, digit, place) => sum + digit * (10 - place), 0);
  return (11 - (total % 11)) % 11 === digits[9];
}

// What a pattern alone cannot say. A name's first letter has a capital, or a script without any.
const IS_MEANT = {
  nhs: (match) => hasCheckDigit(match[0]),
  name: (match) => !/\p{Ll}/u.test(match[1]),
};

/**
 * @param {string} text
 * @returns {{kind: string, text: string, start: number}[]} what looks like a personal detail, in the text's order;
 *   of two that overlap only the first, and the longer one of two that begin together
 */
export function findDetails(text) {
  const found = [];
  for (const [kind, pattern] of Object.entries(PATTERNS)) {
    for (const match of text.matchAll(new RegExp(pattern, FLAGS[kind] ?? "gu"))) {
      if (IS_MEANT[kind]?.(match) ?? true) found.push({ kind, text: match[0].trim(), start: match.index, end: match.index + match[0].length });
    }
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  const hits = [];
  let reached = 0;
  for (const { end, ...hit } of found) {
    if (hit.start < reached) continue;
    hits.push(hit);
    reached = end;
  }
  return hits;
}
