/** The pin form: the draft, who may know them already, personal details, and sending once. Works without, too. */
import { startCategoryLimits } from "./lib/form/category-limits.js";
import { DetailsCheck } from "./lib/form/details-check.js";
import { fillAnswers, makeDrafts, readAnswers } from "./lib/form/draft.js";
import { sendOnce } from "./lib/form/send-once.js";
import { startSimilar } from "./lib/form/similar.js";
import { readMessages } from "./lib/messages.js";

const form = document.querySelector("[data-pin-form]");
const message = readMessages(form.querySelector("[data-messages]"));

/** Keep the answers in this tab, and put back what a reload, an expired sign-in or a lost line took away. */
class Draft {
  constructor() {
    this.drafts = makeDrafts(sessionStorage);
    this.key = [form.dataset.user, form.dataset.pin];
    this.address = location.pathname + location.search;
    this.notice = document.querySelector("[data-draft-notice]");
    this.started = 0;
  }

  start() {
    const draft = this.drafts.load(...this.key);
    // A page that came back from the server holds newer answers than the draft.
    if (form.hasAttribute("data-answered")) this.started = draft?.started ?? 0;
    else if (draft && this.isAboutThisPage(draft)) this.restore(draft);
    for (const type of ["pointerdown", "keydown", "input"]) {
      form.addEventListener(type, () => (this.started ||= Date.now()), { capture: true });
    }
    for (const type of ["input", "change", "app:placed"]) form.addEventListener(type, () => this.save());
    this.notice.querySelector("button").addEventListener("click", () => {
      this.drafts.forget(...this.key);
      this.started = 0;
      location.assign(location.pathname);
    });
  }

  isAboutThisPage(draft) {
    const version = draft.answers.find(([name]) => name === "version")?.[1] ?? "";
    const isHere = draft.address === this.address || location.search === "";
    return isHere && version === form.elements.version.value;
  }

  restore({ answers, started }) {
    fillAnswers(form.elements, answers);
    this.started = started;
    this.notice.hidden = false;
    form.dispatchEvent(new CustomEvent("app:restored"));
  }

  save() {
    if (!this.started) return;
    this.drafts.save(...this.key, { answers: readAnswers(form), address: this.address, started: this.started });
  }

  get seconds() {
    return this.started ? Math.round((Date.now() - this.started) / 1000) : "";
  }
}

/** The team stands filled in; where the writer has several, the list of them opens on demand. */
function startTeam() {
  const select = form.elements.service;
  if (!select.value || select.classList.contains("govuk-select--error")) return;
  const line = document.createElement("p");
  line.className = "govuk-body app-team";
  const team = document.createElement("strong");
  team.textContent = select.selectedOptions[0].textContent;
  const change = document.createElement("button");
  change.type = "button";
  change.className = "app-link-button";
  change.textContent = message("change-team");
  change.addEventListener("click", () => {
    line.remove();
    select.hidden = false;
    select.focus();
  });
  line.append(team);
  if ([...select.options].filter((option) => option.value).length > 1) line.append(" ", change);
  select.hidden = true;
  select.insertAdjacentElement("afterend", line);
  form.addEventListener("app:restored", () => (team.textContent = select.selectedOptions[0]?.textContent ?? ""));
}

// "Find" and "check" are done at once here, and Enter in a field must not press them.
for (const button of form.querySelectorAll("[data-without-script]")) button.remove();

const send = form.querySelector("button[name=send]");
const check = new DetailsCheck(form, { message, onDone: () => send.focus() });
const draft = new Draft();

startTeam();
startSimilar(form, form.querySelector("[data-similar]"));
startCategoryLimits(form, { prefilled: message("prefilled") });
draft.start();
check.start();
sendOnce(form, send, {
  busyText: message("sending"),
  mayGo: () => check.isAnswered(),
  onGo: () => {
    form.elements.seconds_taken.value = draft.seconds;
    draft.save();
  },
});
