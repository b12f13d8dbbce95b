/** Prompts in a page: room for an answer, kept in the reader's notebook as they write. */

/**
 * @param {ParentNode} root - holds elements with data-prompt
 * @param {Notebook} notebook - of lib/toolkit/notebook.js
 * @param {{message: (key: string) => string, page: string, title: string}} options - the page's messages, path and title
 */
export function startPrompts(root, notebook, { message, page, title }) {
  for (const element of root.querySelectorAll("[data-prompt]")) {
    const place = element.querySelector("[data-prompt-answer]");
    if (place) new Prompt(element, place, notebook, { message, page, title }).start();
  }
}

class Prompt {
  constructor(element, place, notebook, { message, page, title }) {
    this.element = element;
    this.place = place;
    this.notebook = notebook;
    this.message = message;
    this.about = { slug: element.dataset.prompt, question: element.dataset.question, page, title };
    this.status = document.createElement("p");
    this.status.className = "govuk-hint";
    this.status.setAttribute("role", "status");
  }

  start() {
    const kept = this.notebook.get(this.about.slug)?.answer ?? "";
    const isScale = "low" in this.element.dataset;
    this.place.append(isScale ? this.makeScale(kept) : this.makeBox(kept), this.status);
    this.showStatus(kept ? "kept" : "private");
  }

  makeBox(kept) {
    const box = document.createElement("textarea");
    box.className = "govuk-textarea";
    box.rows = 3;
    box.maxLength = 5000;
    box.value = kept;
    box.setAttribute("aria-label", this.about.question);
    box.addEventListener("change", () => this.keep(box.value));
    addEventListener("pagehide", () => box.value !== (this.notebook.get(this.about.slug)?.answer ?? "") && this.keep(box.value));
    return box;
  }

  makeScale(kept) {
    const group = document.createElement("div");
    group.className = "app-prompt__scale";
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", this.about.question);
    for (let point = 1; point <= 5; point += 1) {
      const answer = this.describe(point);
      const wrapper = document.createElement("div");
      wrapper.className = "app-prompt__point";
      const input = document.createElement("input");
      input.type = "radio";
      input.name = `prompt-${this.about.slug}`;
      input.id = `prompt-${this.about.slug}-${point}`;
      input.value = String(point);
      input.checked = kept === answer;
      input.addEventListener("change", () => this.keep(answer));
      const label = document.createElement("label");
      label.htmlFor = input.id;
      label.textContent = String(point);
      input.setAttribute("aria-label", answer);
      wrapper.append(input, label);
      group.append(wrapper);
    }
    return group;
  }

  describe(point) {
    const { low, high } = this.element.dataset;
    const end = { 1: `: ${low}`, 5: `: ${high}` }[point] ?? "";
    return `${point} ${this.message("of-five")}${end}`;
  }

  keep(answer) {
    const isKept = this.notebook.put({ ...this.about, answer, at: new Date().toISOString() });
    this.showStatus(isKept ? (answer.trim() ? "kept" : "private") : "not-kept");
  }

  showStatus(key) {
    this.status.textContent = this.message(key);
  }
}
