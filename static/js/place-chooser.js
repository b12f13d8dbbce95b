/**
 * Question 2 of the pin form: where. Each way of placing ends in setPlace(), so each moves a pin already placed.
 *
 * The plain inputs stay the one truth: what is in them is what is sent, and a returned form starts from them.
 */

import { makeDraggable } from "./lib/form/drag-pin.js";
import { hasLeaflet } from "./lib/map/map.js";
import { makePlaceMap } from "./lib/form/place-map.js";
import { startAreas, startLocating, startNowhere, startSearch, startTyping } from "./lib/form/place-ways.js";
import { describeAnswer, describePublicView, fetchDescription } from "./lib/form/place-description.js";
import { formatDegrees, parsePosition } from "./lib/form/positions.js";
import { makePinShape } from "./lib/map/shapes.js";
import { readMessages } from "./lib/messages.js";

const NO_CATEGORY = { colour: "#484949", shape: "circle" };
const NAMES = ["longitude", "latitude", "place_search", "area", "no_single_place", "placed_by"];
const ZOOM = 15;

export class PlaceChooser {
  /**
   * @param {HTMLElement} root - the question, from pins/staff/_place.html
   * @param {HTMLFormElement} form
   */
  constructor(root, form) {
    this.root = root;
    this.form = form;
    this.inputs = Object.fromEntries(NAMES.map((name) => [name, form.elements[name]]));
    this.answer = root.querySelector("[data-place-answer]");
    this.note = root.querySelector("[data-place-note]");
    this.swap = root.querySelector("[data-place-swap]");
    this.status = root.querySelector("[data-place-status]");
    this.place = null;
    this.last = null;
    this.isOutside = false;
    this.asked = {};
    this.message = readMessages(root);
    this.map = this.makeMap();
  }

  start() {
    for (const startWay of [startSearch, startAreas, startTyping, startLocating, startNowhere]) startWay(this);
    this.swap.addEventListener("click", () => {
      this.setPlace(this.swapped, "coordinates");
      this.show(this.swapped);
      this.inputs.longitude.focus();
    });
    this.form.addEventListener("change", ({ target }) => {
      if (target.name === "category") this.showCategory();
      // After the form's own listeners: a category also sets how closely it is shown.
      if (["category", "precision"].includes(target.name)) setTimeout(() => this.showNote());
    });
    // A draft that is put back into the inputs without an event says so by this one.
    this.form.addEventListener("app:restored", () => this.readInputs());
    this.readInputs();
  }

  /** Say where the pin is, or what is wrong; kinds: empty, busy, placed, problem. */
  showState(kind, text) {
    this.answer.dataset.kind = kind;
    this.answer.querySelector("[data-place-words]").textContent = text;
  }

  /**
   * The one way in: every change of the place comes through here, and the form hears of it as `app:placed`.
   *
   * @param {{longitude: number, latitude: number} | null} place
   * @param {"drag"|"map"|"keyboard"|"location"|"search"|"area"|"coordinates"|"none"|""} how - "" when nobody chose
   * @param {{typed?: boolean}} [options] - typed: the inputs hold it already, in the writer's own figures
   */
  async setPlace(place, how, { typed = false } = {}) {
    this.place = place;
    this.last = place ?? this.last;
    this.isOutside = false;
    this.swap.hidden = true;
    this.fillInputs(place, how, typed);
    this.map?.place(place);
    this.showHint();
    this.showNote();
    this.form.dispatchEvent(new CustomEvent("app:placed", { bubbles: true, detail: place ? { ...place } : null }));
    if (!place) return this.showState(how === "none" ? "placed" : "empty", this.message(how === "none" ? "none" : "empty"));
    this.showState("busy", this.message("looking-up"));
    const found = await this.lookUp(place);
    if (found && this.place === place) this.showAnswer(found);
  }

  fillInputs(place, how, typed) {
    const { longitude, latitude, no_single_place: nowhere, area, place_search: search, placed_by: placedBy } = this.inputs;
    if (!typed) {
      longitude.value = place ? formatDegrees(place.longitude) : "";
      latitude.value = place ? formatDegrees(place.latitude) : "";
    }
    if (!how) return;
    // Only one answer stands, or the server could not know which one is meant.
    if (nowhere) nowhere.checked = how === "none";
    if (area && how !== "area") area.value = "";
    if (search && how !== "search") search.value = "";
    if (placedBy) placedBy.value = how;
  }

  /** Ask the server, and forget the question before: one about the pin and one about the crosshair may be open. */
  async lookUp(place, about = "pin") {
    this.asked[about]?.abort();
    this.asked[about] = new AbortController();
    const token = this.form.elements.csrfmiddlewaretoken?.value ?? "";
    try {
      return await fetchDescription(this.root.dataset.whereUrl, place, token, { signal: this.asked[about].signal });
    } catch (error) {
      return error.name === "AbortError" ? null : { failed: true };
    }
  }

  showAnswer(found) {
    const { kind, text } = describeAnswer(found, this.message);
    this.isOutside = kind === "problem";
    this.swapped = found.swapped;
    this.swap.hidden = !found.swapped;
    if (found.swapped) {
      const { longitude, latitude } = found.swapped;
      this.swap.textContent = this.message("swap", { longitude: formatDegrees(longitude), latitude: formatDegrees(latitude) });
    }
    this.showState(kind, text);
    this.showNote();
  }

  /** Say, and draw, what residents will see. */
  showNote() {
    const precision = this.form.querySelector("[name=precision]:checked")?.value ?? "";
    const isAnswered = this.place ? !this.isOutside : this.inputs.no_single_place?.checked;
    const [key, values] = isAnswered ? describePublicView(this.place, precision) : ["", {}];
    this.note.textContent = key ? this.message(key, values) : "";
    this.map?.showCell(isAnswered ? this.place : null, precision);
  }

  /** Bring a place into view; without a zoom only when one does not see it. */
  show(place, zoom) {
    if (zoom || !this.map?.isInView(place)) this.map?.moveTo(place, zoom ?? ZOOM);
  }

  readInputs() {
    const { position } = parsePosition(this.inputs.longitude.value, this.inputs.latitude.value);
    if (position) {
      this.setPlace(position, "", { typed: true });
      this.show(position, ZOOM);
    } else if (this.inputs.no_single_place?.checked) {
      this.setPlace(null, "none");
    } else {
      this.showState("empty", this.message("empty"));
      this.showHint();
    }
    this.showCategory();
  }

  // --- the map; everything above works without it ---

  makeMap() {
    this.mapElement = document.getElementById(this.root.dataset.map);
    if (!this.mapElement) return null;
    if (!hasLeaflet()) {
      this.mapElement.parentElement.hidden = true;
      return null;
    }
    const map = makePlaceMap(this.mapElement, {
      outlineUrl: this.root.dataset.outlineUrl,
      onPlace: (place, how) => this.setPlace(place, how),
      onAim: (position) => this.describeCrosshair(position),
      message: this.message,
    });
    const byFinger = globalThis.matchMedia("(pointer: coarse)").matches;
    this.hint = make("p", "app-place-map__hint");
    this.hint.textContent = this.message(byFinger ? "move-finger" : "move");
    this.mapElement.append(this.hint);
    this.tray = make("button", "app-pin-tray");
    this.tray.type = "button";
    this.tray.append(this.message(byFinger ? "tray-finger" : "tray"));
    map.addControl(this.tray, "topleft");
    this.letDrag(this.tray, map);
    this.tray.addEventListener("click", () => this.aim());
    this.root.querySelector("[data-place-keyboard]")?.addEventListener("click", () => this.aim());
    for (const radio of this.form.querySelectorAll("[name=category]")) this.addHandle(radio, map);
    return map;
  }

  letDrag(handle, map) {
    const mark = (isOver) => this.mapElement.classList.toggle("app-place-map--target", isOver);
    makeDraggable(handle, {
      makeGhost: map.makeGhost,
      onMove: (x, y) => mark(Boolean(map.positionAt(x, y))),
      onEnd: () => mark(false),
      onDrop: (x, y) => {
        const place = map.positionAt(x, y);
        if (place) this.setPlace(place, "drag");
        else this.status.textContent = this.message("missed");
      },
    });
  }

  /** Put the category's pin beside its radio, to be picked up by pointer; the radio itself serves the keyboard. */
  addHandle(radio, map) {
    const handle = make("span", "app-pin-handle");
    handle.setAttribute("aria-hidden", "true");
    handle.append(makePinShape(radio.dataset.shape, radio.dataset.colour, { size: 36 }));
    handle.addEventListener("pointerdown", () => {
      if (!radio.checked) radio.click();
    });
    radio.parentElement.classList.add("app-has-pin-handle");
    radio.parentElement.append(handle);
    this.letDrag(handle, map);
  }

  /** Give pin and tray the colour and shape of the chosen category. */
  showCategory() {
    if (!this.map) return;
    const style = this.form.querySelector("[name=category]:checked")?.dataset ?? NO_CATEGORY;
    this.map.setCategory(style);
    this.tray.querySelector("svg")?.remove();
    this.tray.prepend(makePinShape(style.shape, style.colour, { size: 40 }));
  }

  /** Go to the map and show the crosshair, for the keyboard. */
  aim() {
    this.mapElement.scrollIntoView({ block: "nearest" });
    this.map.aim();
    this.status.textContent = this.message("aim");
  }

  async describeCrosshair(position) {
    const found = await this.lookUp(position, "crosshair");
    if (!found || found.failed) return;
    this.status.textContent = found.inside ? this.message("crosshair", { words: found.words || this.message("unnamed") }) : found.sentence;
  }

  /** Before: the pin that waits to be dragged. After: how to move it. */
  showHint() {
    this.mapElement?.classList.toggle("app-place-map--placed", Boolean(this.place));
  }
}

function make(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

const root = globalThis.document?.querySelector("[data-place-chooser]");
if (root) new PlaceChooser(root, root.closest("form")).start();
