/** The map of the pin form: one pin that can be moved, a crosshair for the keyboard, the area that residents will see. */

import { makePinShape } from "../map/shapes.js";
import {
  addBox, addControl, addMarker, addOutline, centreOf, fromLeaflet, makeMap, pinIcon, positionAt, prefersStillness, showPosition, toLeaflet,
} from "../map/map.js";
import { CELL_BITS, publicCell } from "./positions.js";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const STEP = 10;
const FINE_STEP = 1;

/**
 * How far an arrow key moves the pin, in pixels east and south; null for any other key.
 *
 * @param {{key: string, shiftKey: boolean}} event - with Shift it moves by single pixels
 * @returns {[number, number] | null}
 */
export function arrowStep({ key, shiftKey }) {
  const direction = ARROWS[key];
  const step = shiftKey ? FINE_STEP : STEP;
  return direction ? [direction[0] * step + 0, direction[1] * step + 0] : null;
}

/**
 * @param {HTMLElement} element - from components/map.html
 * @param {object} options
 * @param {string} options.outlineUrl
 * @param {(position: object, how: string) => void} options.onPlace
 * @param {(position: object) => void} options.onAim - the crosshair has come to rest here
 * @param {(key: string, values?: object) => string} options.message
 */
export function makePlaceMap(element, { outlineUrl, onPlace, onAim, message }) {
  const map = makeMap(element);
  map.doubleClickZoom.disable();
  const state = { marker: null, cell: null, colour: "", shape: "" };
  addOutline(map, outlineUrl);
  addCrosshair(map, { onPlace, onAim });
  map.on("click", (event) => onPlace(fromLeaflet(event.latlng), "map"));

  const drawMarker = (position) => {
    state.marker = addMarker(map, position, pinIcon(state.shape, state.colour), { draggable: true });
    state.marker.on("dragend", () => onPlace(fromLeaflet(state.marker.getLatLng()), "drag"));
    describeMarker();
  };
  const describeMarker = () => {
    const icon = state.marker.getElement();
    icon.setAttribute("aria-label", message("marker"));
    icon.setAttribute("aria-roledescription", message("marker-role"));
    icon.addEventListener("keydown", moveByKey);
  };
  let settle = 0;
  const moveByKey = (event) => {
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const point = map.latLngToContainerPoint(state.marker.getLatLng()).add(step);
    state.marker.setLatLng(map.containerPointToLatLng(point));
    map.panInside(state.marker.getLatLng(), { padding: [40, 40], animate: !prefersStillness() });
    clearTimeout(settle);
    settle = setTimeout(() => onPlace(fromLeaflet(state.marker.getLatLng()), "keyboard"), 350);
  };

  return {
    map,
    /** Show the pin there, or nowhere. */
    place(position) {
      if (!position) {
        state.marker?.remove();
        state.marker = null;
      } else if (state.marker) {
        state.marker.setLatLng(toLeaflet(position));
      } else {
        drawMarker(position);
      }
    },
    /** Give the pin its category's colour and shape. */
    setCategory({ colour, shape }) {
      Object.assign(state, { colour, shape });
      if (!state.marker) return;
      state.marker.setIcon(pinIcon(shape, colour));
      describeMarker();
    },
    /** Draw the area that residents will see instead of the pin; null where there is none. */
    showCell(position, precision) {
      state.cell?.remove();
      state.cell = null;
      const bits = CELL_BITS[precision];
      if (!position || !bits) return;
      state.cell = addBox(map, publicCell(position, bits));
    },
    /** Bring the position into view, near enough to see the street. */
    moveTo(position, zoom) {
      showPosition(map, position, zoom);
    },
    isInView(position) {
      return map.getBounds().pad(-0.1).contains(toLeaflet(position));
    },
    positionAt: (x, y) => positionAt(map, x, y),
    makeGhost: () => makePinShape(state.shape, state.colour, { size: 56 }),
    addControl: (control, corner) => addControl(map, control, corner),
    aim() {
      element.focus();
      element.classList.add("app-place-map--aims");
    },
  };
}

function addCrosshair(map, { onPlace, onAim }) {
  const element = map.getContainer();
  const cross = document.createElement("div");
  cross.className = "app-place-map__crosshair";
  cross.setAttribute("aria-hidden", "true");
  element.append(cross);
  let byKey = false;
  const show = (visible) => element.classList.toggle("app-place-map--aims", visible);
  element.addEventListener("focus", () => show(element.matches(":focus-visible")));
  element.addEventListener("blur", () => show(false));
  element.addEventListener("pointerdown", () => show(false));
  element.addEventListener("keydown", (event) => {
    if (event.target !== element) return;
    if (event.key in ARROWS || event.key === "+" || event.key === "-") {
      show(true);
      byKey = true;
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show(true);
      onPlace(centreOf(map), "keyboard");
    }
  });
  map.on("moveend", () => {
    if (byKey) onAim(centreOf(map));
    byKey = false;
  });
}
