/** A box that suggests places while one types: the ARIA combobox with a list, choice by hand. */

const SHORTEST = 2;
const PAUSE = 200;

/**
 * Which option is active after a key: none is -1, and the list goes round through none.
 *
 * @param {string} key
 * @param {number} active
 * @param {number} count
 * @returns {number}
 */
export function nextActive(key, active, count) {
  if (count === 0) return -1;
  if (key === "ArrowDown") return active + 1 >= count ? -1 : active + 1;
  if (key === "ArrowUp") return active < 0 ? count - 1 : active - 1;
  return active;
}

/**
 * Ask the gazetteer.
 *
 * @param {string} address - from data-places-url
 * @param {string} text
 * @param {{signal?: AbortSignal, fetch?: typeof fetch}} [options]
 * @returns {Promise<{name: string, kind: string, longitude: number, latitude: number}[]>} at most 10
 * @throws {Error} when the server does not answer 200
 */
export async function fetchPlaces(address, text, { signal, fetch = globalThis.fetch } = {}) {
  const response = await fetch(`${address}?q=${encodeURIComponent(text)}`, { signal });
  if (!response.ok) throw new Error(`the place search answered ${response.status}`);
  const { places } = await response.json();
  return places.slice(0, 10);
}

/**
 * Turn a text input into a search for places.
 *
 * @param {HTMLInputElement} input
 * @param {object} options
 * @param {string} options.address
 * @param {(place: object) => void} options.onChoose
 * @param {(key: string, values?: object) => string} options.message
 * @param {HTMLElement} options.status - polite live region
 */
export function startPlaceSearch(input, { address, onChoose, message, status }) {
  const list = document.createElement("ul");
  list.id = `${input.id}-options`;
  list.className = "app-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", message("places"));
  list.hidden = true;
  const frame = document.createElement("div");
  frame.className = "app-suggestions-frame";
  input.replaceWith(frame);
  frame.append(input, list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
  })) input.setAttribute(name, value);

  const state = { places: [], active: -1, asked: null, timer: 0 };

  const close = () => {
    list.hidden = true;
    state.active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (index) => {
    state.active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  };
  const choose = (place) => {
    input.value = place.name;
    close();
    onChoose(place);
  };
  const show = (places) => {
    state.places = places;
    list.replaceChildren(...places.map((place, index) => makeOption(place, `${list.id}-${index}`, choose)));
    list.hidden = places.length === 0;
    input.setAttribute("aria-expanded", String(places.length > 0));
    activate(-1);
    status.textContent = places.length
      ? message(places.length === 1 ? "found-one" : "found", { count: places.length })
      : message("found-none", { text: input.value.trim() });
  };
  const ask = async () => {
    clearTimeout(state.timer);
    state.asked?.abort();
    const text = input.value.trim();
    if (text.length < SHORTEST) {
      status.textContent = "";
      return close();
    }
    state.asked = new AbortController();
    try {
      show(await fetchPlaces(address, text, { signal: state.asked.signal }));
    } catch (error) {
      if (error.name === "AbortError") return;
      close();
      status.textContent = message("search-failed");
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else activate(nextActive(event.key, state.active, state.places.length));
    } else if (event.key === "Enter") {
      // Enter chooses a place; it must not send the form half done.
      event.preventDefault();
      if (!list.hidden && state.active >= 0) choose(state.places[state.active]);
      else if (!list.hidden && state.places.length === 1) choose(state.places[0]);
      else ask();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", () => close());
}

function makeOption(place, id, choose) {
  const option = document.createElement("li");
  option.id = id;
  option.className = "app-suggestions__option";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("bdi");
  name.textContent = place.name;
  const kind = document.createElement("span");
  kind.className = "app-suggestions__kind";
  kind.textContent = ` ${place.kind.replaceAll("-", " ")}`;
  option.append(name, kind);
  // The list must not take the focus, or the box would close before the click arrives.
  option.addEventListener("pointerdown", (event) => event.preventDefault());
  option.addEventListener("click", () => choose(place));
  return option;
}
