/**
 * What somebody has typed into a form, kept in this tab until it is sent.
 *
 * Keyed by user: nobody meets another's words. Gone once sent, on sign-out, or when someone else signs in.
 */

const PREFIX = "pin-draft:";
// Each page has its own token and mark; everything else of the form belongs to the answers.
const NOT_KEPT = ["csrfmiddlewaretoken", "written_by"];

/** The answers of a form as [name, value] pairs, in its order. */
export function readAnswers(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.includes(name));
}

/**
 * Put answers back into a form. A field that the answers do not name is emptied: it was, or it was unticked.
 *
 * @param {Iterable<{name: string, type: string, value: string, checked?: boolean}>} elements - form.elements
 * @param {[string, string][]} answers
 */
export function fillAnswers(elements, answers) {
  const given = new Map();
  for (const [name, value] of answers) given.set(name, [...(given.get(name) ?? []), value]);
  for (const element of elements) {
    if (!element.name || NOT_KEPT.includes(element.name) || ["submit", "button"].includes(element.type)) continue;
    const values = given.get(element.name) ?? [];
    if (["radio", "checkbox"].includes(element.type)) element.checked = values.includes(element.value);
    else element.value = values[0] ?? "";
  }
}

/**
 * The drafts of one tab.
 *
 * @param {Storage} storage - sessionStorage
 */
export function makeDrafts(storage) {
  const keys = () => Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key) => key?.startsWith(PREFIX));
  const keyOf = (user, pin) => `${PREFIX}${user}:${pin}`;
  const read = (key) => {
    try {
      return JSON.parse(storage.getItem(key));
    } catch {
      return null;
    }
  };
  return {
    /** @returns {{answers: [string, string][], address: string, started: number} | null} */
    load: (user, pin) => read(keyOf(user, pin)),
    /** False when the browser has no room or allows no storage: the form works without. */
    save(user, pin, draft) {
      try {
        storage.setItem(keyOf(user, pin), JSON.stringify(draft));
        return true;
      } catch {
        return false;
      }
    },
    forget: (user, pin) => storage.removeItem(keyOf(user, pin)),
    /** The pin with this idempotency key has arrived. */
    forgetSent(idempotencyKey) {
      for (const key of keys()) {
        const sent = read(key)?.answers?.some(([name, value]) => name === "idempotency_key" && value === idempotencyKey);
        if (sent) storage.removeItem(key);
      }
    },
    /** Someone else has signed in here. */
    forgetOthers(user) {
      for (const key of keys()) if (!key.startsWith(keyOf(user, ""))) storage.removeItem(key);
    },
    forgetAll() {
      for (const key of keys()) storage.removeItem(key);
    },
  };
}
