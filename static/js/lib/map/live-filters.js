/** Filters that act at once. The address says the same as the form, so that the page can be shared as it is. */

const PAUSE = 350;

/**
 * The filters as the query of an address: what is empty is left out, names in one order.
 *
 * @param {Iterable<[string, string]>} entries - of a FormData
 * @returns {string}
 */
export function queryOf(entries) {
  const chosen = [...entries].filter(([, value]) => value.trim() !== "");
  const query = new URLSearchParams(chosen);
  query.sort();
  return query.toString();
}

/** Put the query into an address of this site; without one there is no question mark. */
function withQuery(path, query) {
  return query ? `${path}?${query}` : path;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} frame - holds what the server says of the choice: [data-count], [data-in-use] and [data-list-line]
 * @param {(query: string) => void} onChoose
 */
export function startFilters(form, frame, onChoose) {
  let timer = 0;
  let asked = null;
  let last = queryOf(new FormData(form));
  const apply = async () => {
    clearTimeout(timer);
    const query = queryOf(new FormData(form));
    if (query === last) return;
    last = query;
    history.replaceState(history.state, "", withQuery(location.pathname, query) + location.hash);
    onChoose(query);
    asked?.abort();
    asked = new AbortController();
    try {
      await showAnswer(frame, withQuery(location.pathname, query), asked.signal);
    } catch (error) {
      if (error.name !== "AbortError") console.info("The count could not be loaded:", error.message);
    }
  };
  form.addEventListener("change", apply);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
}

/** Take the count, the filters in use and the line about the list from the same page as the server writes it: one source of sentences. */
async function showAnswer(frame, address, signal) {
  const response = await fetch(address, { signal, credentials: "same-origin" });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const name of ["[data-count]", "[data-in-use]", "[data-list-line]"]) {
    const said = answer.querySelector(name);
    if (said) frame.querySelector(name).replaceChildren(...document.importNode(said, true).childNodes);
  }
}
