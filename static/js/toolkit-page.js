/** A page of the toolkit: terms explain themselves, prompts take answers. */
import { Notebook, openStorage } from "./lib/toolkit/notebook.js";
import { startPrompts } from "./lib/toolkit/prompts.js";
import { startTerms } from "./lib/toolkit/terms.js";
import { readMessages } from "./lib/messages.js";

const main = document.querySelector("main");
startTerms(main);

const messages = document.querySelector("[data-toolkit-messages]");
if (messages) {
  startPrompts(main, new Notebook(openStorage()), {
    message: readMessages(messages),
    page: location.pathname,
    title: document.querySelector("h1").textContent.trim(),
  });
}
