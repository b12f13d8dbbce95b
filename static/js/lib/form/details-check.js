/**
 * Points out personal details in free text before it is sent: the writer changes them, or says that they may stay.
 * The server asks the same again; its one box "keep it" is what this ticks.
 */
import { findDetails } from "./personal-details.js";

const signature = (hits) => hits.map((hit) => hit.kind + hit.text).join("\n");

export class DetailsCheck {
  /**
   * @param {HTMLFormElement} form - with data-free-text, the names of its fields of free text
   * @param {object} options
   * @param {(key: string, values?: object) => string} options.message
   * @param {() => void} [options.onDone] - called when the last panel that held up the sending has been answered
   */
  constructor(form, { message, onDone = () => {} }) {
    this.form = form;
    this.onDone = onDone;
    this.message = message;
    this.wrapper = form.querySelector("[data-keep-details]");
    this.box = form.elements.keep_details;
    this.kept = new Map();
    this.panels = new Map();
    this.isWaited = false;
    this.fields = form.dataset.freeText
      .split(" ")
      .map((name) => form.elements[name])
      .filter(Boolean);
  }

  start() {
    this.takeOver();
    for (const field of this.fields) {
      field.addEventListener("change", () => whenReleased(() => this.check(field)));
      field.addEventListener("input", () => this.panels.has(field) && this.check(field));
    }
  }

  /** The box is for pages without script; here each field is asked by itself. What was kept before stays kept. */
  takeOver() {
    if (this.box.checked) for (const field of this.fields) this.kept.set(field, signature(findDetails(field.value)));
    const isOurs = this.fields.some((field) => findDetails(field.value).length > 0);
    if (isOurs || !this.wrapper.querySelector(".govuk-error-message")) this.wrapper.hidden = true;
    for (const field of this.fields) this.check(field);
  }

  /** Show or take away the panel of one field; true when there is something to answer. */
  check(field) {
    const hits = findDetails(field.value);
    const isOpen = hits.length > 0 && this.kept.get(field) !== signature(hits);
    const panel = this.panels.get(field);
    if (isOpen && panel?.dataset.hits === signature(hits)) return true;
    panel?.remove();
    this.panels.delete(field);
    if (isOpen) this.panels.set(field, this.addPanel(field, hits));
    this.tick();
    return isOpen;
  }

  tick() {
    if (!this.wrapper.hidden) return;
    this.box.checked = this.panels.size === 0 && this.fields.some((field) => findDetails(field.value).length > 0);
  }

  /** Check every field before sending; goes to the first panel and returns false when one is open. */
  isAnswered() {
    for (const field of this.fields) if (isShown(field)) this.check(field);
    const first = [...this.panels.values()][0];
    first?.querySelector("button").focus();
    this.isWaited = Boolean(first);
    return !first;
  }

  addPanel(field, hits) {
    const panel = document.createElement("div");
    panel.className = "app-panel app-panel--warm app-details-check";
    panel.setAttribute("role", "status");
    panel.dataset.hits = signature(hits);
    const sentence = document.createElement("p");
    sentence.className = "govuk-body";
    sentence.textContent = hits.map((hit) => this.message(hit.kind, { text: hit.text })).join(" ");
    const hit = hits[0];
    panel.append(
      sentence,
      this.makeButton("change", () => {
        field.focus();
        field.setSelectionRange(hit.start, hit.start + hit.text.length);
      }),
      this.makeButton("keep", () => {
        this.kept.set(field, signature(findDetails(field.value)));
        this.check(field);
        this.goOn(field);
      }),
    );
    field.insertAdjacentElement("afterend", panel);
    return panel;
  }

  /** After "keep it": to the next panel or back to the button while sending, else back to the field. */
  goOn(field) {
    const next = [...this.panels.values()][0]?.querySelector("button");
    if (!this.isWaited) field.focus();
    else if (next) next.focus();
    else this.onDone();
  }

  makeButton(key, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = this.message(key);
    button.addEventListener("click", act);
    return button;
  }
}

let isPressed = false;
globalThis.addEventListener?.("pointerdown", () => (isPressed = true), { capture: true });
for (const type of ["pointerup", "pointercancel"]) globalThis.addEventListener?.(type, () => (isPressed = false), { capture: true });

/** Leaving a field by a press must not move what is being pressed: a panel that opens then would lose the click. */
function whenReleased(act) {
  if (isPressed) addEventListener("pointerup", () => setTimeout(act, 50), { once: true });
  else act();
}

/** A question that another answer hides is not sent for anybody to read. */
function isShown(field) {
  return field.closest("[hidden], .govuk-radios__conditional--hidden") === null;
}
