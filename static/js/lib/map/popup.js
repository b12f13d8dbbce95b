/** What opens on the map: made of DOM nodes, takes the focus, and gives it back. */

import { makeShape } from "./shapes.js";

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter(Boolean));
  return node;
}

/** One community: its name as a link, its category, and what else the tile says of it. */
function makeCommunity(pin, { categories, message, pinUrl }, tag) {
  const category = categories[pin.category] ?? { name: "", colour: "", shape: "circle" };
  const link = make("a", "govuk-link", make("bdi", "", pin.name));
  link.href = pinUrl.replace("{id}", encodeURIComponent(pin.id));
  const kind = make("p", "app-popup__meta", makeShape(category.shape, category.colour, { size: 18 }), ` ${category.name}`);
  const waits = pin.status && pin.status !== "published" && make("p", "app-tag app-tag--" + pin.status, pin.status_words);
  const area = pin.precision !== "exact" && make("p", "app-popup__meta", message(pin.precision));
  const services = pin.services?.length && make("p", "app-popup__meta", `${message("services")} ${pin.services.join(", ")}`);
  return make(tag, "app-popup__community", make("p", "app-popup__name", link), kind, area, waits, services);
}

/** A case study of the toolkit: its title as a link, where it was, and its summary. */
function makeStudy({ name, kind, place, summary, address }, { message }) {
  const link = make("a", "govuk-link", name);
  link.href = address;
  return make(
    "div",
    "app-popup__community",
    make("p", "app-popup__name", link),
    make("p", "app-popup__meta", [message(kind), place].filter(Boolean).join(", ")),
    make("p", "app-popup__meta", summary),
  );
}

function makeContent(feature, options) {
  const { properties } = feature;
  if (properties.kind) return [makeStudy(properties, options)];
  if (!properties.count) return [makeCommunity(properties, options, "div")];
  const heading = make("p", "app-popup__head", options.message("here", { count: properties.count }));
  if (!properties.members) {
    const link = make("a", "govuk-link", options.message("list"));
    link.href = options.listAddress();
    // Pages of communities may open in a tab of their own (see the map for other sites); the list does not.
    link.target = "_self";
    return [heading, make("p", "app-popup__meta", link)];
  }
  const items = properties.members.map((member) => makeCommunity(member, options, "li"));
  return [heading, make("ul", "app-popup__list", ...items)];
}

/**
 * Open what a feature stands for.
 *
 * @param {L.Map} map
 * @param {object} feature
 * @param {object} options
 * @param {object} options.categories - by slug
 * @param {(key: string, values?: object) => string} options.message
 * @param {string} options.pinUrl - the address of a community's page, with {id}
 * @param {string} options.label - what it is called
 * @param {() => string} options.listAddress
 * @param {() => HTMLElement} options.giveBack - which element gets the focus when it closes
 */
export function openPopup(map, feature, options) {
  const [longitude, latitude] = feature.geometry.coordinates;
  const close = make("button", "app-popup__close", "×");
  close.type = "button";
  close.setAttribute("aria-label", options.message("close"));
  const box = make("div", "app-popup__box", close, ...makeContent(feature, options));
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", options.label);
  box.tabIndex = -1;
  const popup = L.popup({
    className: "app-popup",
    closeButton: false,
    closeOnEscapeKey: false,
    // To the right stand the map's own buttons.
    autoPanPaddingTopLeft: [12, 12],
    autoPanPaddingBottomRight: [66, 12],
    minWidth: 200,
    maxWidth: Math.min(300, map.getSize().x - 90),
    maxHeight: 320,
    offset: [0, -8],
  });
  popup.setLatLng([latitude, longitude]).setContent(box);
  const shut = () => {
    map.closePopup(popup);
    options.giveBack().focus();
  };
  close.addEventListener("click", shut);
  box.addEventListener("keydown", (event) => {
    // The map's own keys must not move it while somebody reads.
    event.stopPropagation();
    if (event.key === "Escape") shut();
  });
  popup.openOn(map);
  box.focus({ preventScroll: true });
  return popup;
}
