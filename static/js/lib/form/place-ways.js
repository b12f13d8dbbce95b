/** The ways of giving a place without the map: search, area, typed coordinates, my location, no single place. */

import { startPlaceSearch } from "../place-search.js";
import { parsePosition, splitPair } from "./positions.js";

const CLOSE = 16;
const WIDE = 14;

/** Each takes the PlaceChooser of place-chooser.js. */
export function startSearch(chooser) {
  const { inputs, root, message, status } = chooser;
  if (!inputs.place_search || !root.dataset.placesUrl) return;
  startPlaceSearch(inputs.place_search, {
    address: root.dataset.placesUrl,
    message,
    status,
    onChoose: ({ longitude, latitude, kind }) => {
      chooser.setPlace({ longitude, latitude }, "search");
      chooser.show({ longitude, latitude }, kind === "postcode-district" ? WIDE : CLOSE);
    },
  });
}

export function startAreas(chooser) {
  const select = chooser.inputs.area;
  select?.addEventListener("change", () => {
    const { longitude = "", latitude = "" } = select.selectedOptions[0]?.dataset ?? {};
    const { position } = parsePosition(longitude, latitude);
    if (!position) return;
    chooser.setPlace(position, "area");
    chooser.show(position, WIDE);
  });
}

export function startTyping(chooser) {
  const { longitude, latitude } = chooser.inputs;
  const read = () => {
    const { position, problem } = parsePosition(longitude.value, latitude.value);
    if (position) {
      chooser.setPlace(position, "coordinates", { typed: true });
      chooser.show(position);
    } else if (problem !== "empty") {
      // What was typed stays; the pin stays where it was until it makes sense.
      chooser.showState("problem", chooser.message(`typed-${problem}`));
    } else if (chooser.place) {
      chooser.setPlace(null, "");
    }
  };
  for (const input of [longitude, latitude]) {
    input.addEventListener("change", read);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      // Enter reads the numbers; it must not send the form half done.
      event.preventDefault();
      read();
    });
    input.addEventListener("paste", (event) => {
      const pair = splitPair(event.clipboardData?.getData("text") ?? "");
      if (!pair) return;
      event.preventDefault();
      longitude.value = pair.longitude;
      latitude.value = pair.latitude;
      read();
    });
  }
}

export function startNowhere(chooser) {
  const box = chooser.inputs.no_single_place;
  box?.addEventListener("change", () => {
    if (box.checked) chooser.setPlace(null, "none");
    // Unticked again, the pin is back where it was: nothing is lost.
    else chooser.setPlace(chooser.last, chooser.last ? "map" : "");
  });
}

export function startLocating(chooser) {
  const button = chooser.root.querySelector("[data-place-locate]");
  if (!button) return;
  button.hidden = !navigator.geolocation;
  const problems = { 1: "location-refused", 2: "location-unknown", 3: "location-slow" };
  const isBusy = () => button.getAttribute("aria-disabled") === "true";
  button.addEventListener("click", () => {
    if (isBusy()) return;
    button.setAttribute("aria-disabled", "true");
    chooser.showState("busy", chooser.message("locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords: { longitude, latitude } }) => {
        button.removeAttribute("aria-disabled");
        chooser.setPlace({ longitude, latitude }, "location");
        chooser.show({ longitude, latitude }, CLOSE);
      },
      ({ code }) => {
        button.removeAttribute("aria-disabled");
        chooser.showState("problem", chooser.message(problems[code] ?? "location-unknown"));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
