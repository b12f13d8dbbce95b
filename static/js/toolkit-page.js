/** A page of the toolkit: terms explain themselves, prompts take answers. */
import { Notebook, openStorage } from "./lib/notebook.js";
import { startPrompts } from "./lib/prompts.js";
import { startTerms } from "./lib/terms.js";
import { makeSay } from "./lib/words.js";

const main = document.querySelector("main");
startTerms(main);

const sentences = document.querySelector("[data-toolkit-words]");
if (sentences) {
  startPrompts(main, new Notebook(openStorage()), {
    words: makeSay(sentences),
    page: location.pathname,
    title: document.querySelector("h1").textContent.trim(),
  });
}
