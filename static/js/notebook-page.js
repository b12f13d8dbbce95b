/** The notebook: everything that was written, to print, to download and to erase. */
import { Notebook, asText, openStorage } from "./lib/toolkit/notebook.js";
import { readMessages } from "./lib/messages.js";

const root = document.querySelector("[data-notebook]");
const part = (name) => root.querySelector(`[data-notebook-${name}]`);
const message = readMessages(root);
const notebook = new Notebook(openStorage());

function makeEntry(entry) {
  const item = document.createElement("li");
  item.className = "app-notebook__entry";
  const question = document.createElement("h2");
  question.className = "app-notebook__question";
  question.textContent = entry.question;
  const answer = document.createElement("p");
  answer.className = "app-notebook__answer";
  answer.textContent = entry.answer;
  const from = document.createElement("p");
  from.className = "app-meta";
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.textContent = entry.title;
  // Only a path of ours: what stands in storage may have been written by something else.
  if (/^\/toolkit\/[a-z0-9/-]*$/.test(entry.page)) link.href = entry.page;
  from.append(link, `, ${new Date(entry.at).toLocaleDateString("en-GB", { dateStyle: "long" })} `, makeErase(entry));
  item.append(question, answer, from);
  return item;
}

function makeErase(entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "app-link-button";
  button.textContent = message("erase-one");
  button.setAttribute("aria-label", `${message("erase-one")}: ${entry.question}`);
  button.addEventListener("click", () => {
    notebook.erase(entry.slug);
    render();
    showStatus("erased-one");
  });
  return button;
}

function render() {
  const entries = notebook.all();
  part("list").replaceChildren(...entries.map(makeEntry));
  part("empty").hidden = entries.length > 0;
  part("actions").hidden = entries.length === 0;
}

/** Say what has happened, and take the focus there when its button has gone. */
function showStatus(key) {
  part("status").textContent = message(key);
  part("status").tabIndex = -1;
  part("status").focus();
}

part("print").addEventListener("click", () => print());
part("download").addEventListener("click", () => {
  const file = new Blob([asText(notebook.all(), document.querySelector("h1").textContent)], { type: "text/plain" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "notebook.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
part("erase").addEventListener("click", () => {
  if (!confirm(message("sure"))) return;
  notebook.eraseAll();
  render();
  showStatus("erased-all");
});

root.hidden = false;
render();
// Another tab may write meanwhile.
addEventListener("storage", render);
