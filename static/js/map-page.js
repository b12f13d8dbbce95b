/** The map that fills the window: data by tiles, filters in the address, the view in the fragment. */

import { KIND, startCaseStudies } from "./lib/map/case-studies.js";
import { addOutline, hasLeaflet, makeMap, rememberPosition, restorePosition, showPosition } from "./lib/map/map.js";
import { openPopup } from "./lib/map/popup.js";
import { labelOf, MarkerLayer } from "./lib/map/markers.js";
import { startFilters } from "./lib/map/live-filters.js";
import { startPlaceSearch } from "./lib/place-search.js";
import { watchTiles } from "./lib/map/tile-grid.js";
import { countOf, TileStore } from "./lib/map/tiles.js";
import { readMessages } from "./lib/messages.js";

const PLACE_ZOOM = 15;
// Shows most of the five kilometres around a place.
const NEAR_ZOOM = 13;
const CLUSTER_STEPS = 2;
const PAUSE = 300;
const REFRESH_EVERY = 60_000;
// Degrees of latitude: markers about 40 pixels apart are read as one row.
const ROW_AT_ZOOM_0 = 40;

/** @returns {Record<string, {name: string, colour: string, shape: string}>} the key's categories by slug */
function readCategories(key) {
  const items = [...key.querySelectorAll("[data-category]")];
  return Object.fromEntries(items.map(({ dataset }) => [dataset.category, dataset]));
}

class MapPage {
  constructor(root) {
    this.root = root;
    this.frame = root.closest(".app-map-page");
    this.message = readMessages(this.frame.querySelector("[data-messages]"));
    this.categories = readCategories(this.frame.querySelector("[data-key]"));
    this.form = this.frame.querySelector("[data-filters]");
    this.map = makeMap(root.querySelector(".app-map"), { wheel: true });
    this.layer = new MarkerLayer(this.map, {
      categories: this.categories, message: this.message, onOpen: (feature) => this.open(feature),
    });
    this.store = new TileStore({
      template: root.dataset.tilesUrl, query: root.dataset.filters, onChange: () => this.onChange(),
    });
    this.drawnZoom = null;
    this.studies = new Map();
  }

  start() {
    addOutline(this.map, this.root.dataset.areasUrl);
    if (!restorePosition(this.map)) this.showNear();
    rememberPosition(this.map);
    watchTiles(this.map, (tiles) => this.store.want(tiles));
    this.map.on("zoomstart", () => this.map.closePopup());
    startFilters(this.form, this.frame, (query) => this.store.filter(query));
    this.startSearch();
    this.startPanel();
    this.startStudies();
    document.addEventListener("visibilitychange", () => document.hidden || this.store.refresh());
    setInterval(() => document.hidden || this.store.refresh(), REFRESH_EVERY);
  }

  /** Show the place that the address asks for; a fragment that says where to look comes first. */
  showNear() {
    const [longitude, latitude] = [this.root.dataset.nearLongitude, this.root.dataset.nearLatitude].map(parseFloat);
    if (Number.isFinite(longitude) && Number.isFinite(latitude)) showPosition(this.map, { longitude, latitude }, NEAR_ZOOM);
  }

  onChange() {
    const zoom = this.map.getZoom();
    // Until the next zoom's tiles are here the last one's markers stay: an empty map would say something untrue.
    if (zoom === this.drawnZoom || !this.store.isLoading) {
      this.layer.draw(new Map([...this.store.features(ROW_AT_ZOOM_0 / 2 ** zoom), ...this.studies]));
      this.drawnZoom = zoom;
    }
    if (!this.store.isLoading) this.layer.settle();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.showCount(), PAUSE);
  }

  showCount() {
    const line = this.frame.querySelector("[data-in-view]");
    let text = this.message("loading");
    if (!this.store.isLoading) {
      const count = countOf(this.layer.inView().filter(({ properties }) => properties.kind !== KIND));
      text = this.message(count === 0 ? "none-in-view" : count === 1 ? "one-in-view" : "in-view", { count });
    }
    if (line.textContent !== text) line.textContent = text;
    const fault = this.frame.querySelector("[data-map-fault]");
    const sentence = this.store.hasFailed && !this.store.isLoading ? this.message("failed") : "";
    if (fault.textContent !== sentence) fault.textContent = sentence;
  }

  open(feature) {
    const { properties, geometry } = feature;
    const [longitude, latitude] = geometry.coordinates;
    const canZoom = this.map.getZoom() < this.map.getMaxZoom();
    if (properties.count && !properties.members && canZoom) {
      showPosition(this.map, { longitude, latitude }, Math.min(this.map.getMaxZoom(), this.map.getZoom() + CLUSTER_STEPS));
      return;
    }
    openPopup(this.map, feature, {
      categories: this.categories,
      message: this.message,
      pinUrl: this.root.dataset.pinUrl,
      label: labelOf(feature, this),
      listAddress: () => this.frame.querySelector("[data-list-link]").href,
      giveBack: () => this.layer.elementFor(feature) ?? this.map.getContainer(),
    });
  }

  startSearch() {
    const form = this.frame.querySelector("[data-place-search]");
    const status = form.querySelector("[role=status]");
    const go = (place) => {
      showPosition(this.map, place, PLACE_ZOOM);
      status.textContent = this.message("moved", { place: place.name });
      this.shut();
    };
    startPlaceSearch(form.elements.near, { address: form.dataset.placesUrl, onChoose: go, message: this.message, status });
  }

  /** The toolkit's case studies, for those who ask; the staff map has no such box. */
  startStudies() {
    const box = this.frame.querySelector("[data-case-studies]");
    if (!box) return;
    box.closest("[hidden]")?.removeAttribute("hidden");
    startCaseStudies(box, {
      onChange: (features) => {
        this.studies = features;
        this.onChange();
      },
      onFail: () => {
        this.frame.querySelector("[data-map-fault]").textContent = this.message("studies-failed");
      },
    });
  }

  /** Tell the style how much of the window the header takes; a phone's map gets the rest. */
  fillWindow() {
    this.frame.style.setProperty("--app-map-top", `${this.frame.getBoundingClientRect().top + scrollY}px`);
  }

  startPanel() {
    this.fillWindow();
    addEventListener("resize", () => this.fillWindow());
    const toggle = this.frame.querySelector("[data-panel-toggle]");
    toggle.hidden = false;
    toggle.addEventListener("click", () => this.setOpen(toggle.getAttribute("aria-expanded") !== "true"));
    this.frame.querySelector("#map-panel").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || getComputedStyle(toggle).display === "none") return;
      this.shut();
      toggle.focus();
    });
    this.setOpen(Boolean(this.frame.querySelector(".govuk-error-summary")));
  }

  shut() {
    this.setOpen(false);
  }

  setOpen(isOpen) {
    this.frame.querySelector("[data-panel-toggle]").setAttribute("aria-expanded", String(isOpen));
    this.frame.classList.toggle("app-map-page--open", isOpen);
  }
}

const root = document.querySelector("[data-map-page]");
if (root && hasLeaflet()) new MapPage(root).start();
