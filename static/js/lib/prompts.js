/** Prompts in a page: room for an answer, kept in the reader's notebook as they write. */

/**
 * @param {ParentNode} root - holds elements with data-prompt
 * @param {Notebook} notebook - of lib/notebook.js
 * @param {{words: (key: string) => string, page: string, title: string}} options - the page's sentences, path and title
 */
export function startPrompts(root, notebook, { words, page, title }) {
  for (const element of root.querySelectorAll("[data-prompt]")) {
    const place = element.querySelector("[data-prompt-answer]");
    if (place) new Prompt(element, place, notebook, { words, page, title }).start();
  }
}

class Prompt {
  constructor(element, place, notebook, { words, page, title }) {
    this.element = element;
    this.place = place;
    this.notebook = notebook;
    this.words = words;
    this.about = { slug: element.dataset.prompt, question: element.dataset.question, page, title };
    this.status = document.createElement("p");
    this.status.className = "govuk-hint";
    this.status.setAttribute("role", "status");
  }

  start() {
    const kept = this.notebook.get(this.about.slug)?.answer ?? "";
    const isScale = "low" in this.element.dataset;
    this.place.append(isScale ? this.makeScale(kept) : this.makeBox(kept), this.status);
    this.say(kept ? "kept" : "private");
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
      const answer = this.inWords(point);
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

  inWords(point) {
    const { low, high } = this.element.dataset;
    const end = { 1: `: ${low}`, 5: `: ${high}` }[point] ?? "";
    return `${point} ${this.words("of-five")}${end}`;
  }

  keep(answer) {
    const isKept = this.notebook.put({ ...this.about, answer, at: new Date().toISOString() });
    this.say(isKept ? (answer.trim() ? "kept" : "private") : "not-kept");
  }

  say(key) {
    this.status.textContent = this.words(key);
  }
}
