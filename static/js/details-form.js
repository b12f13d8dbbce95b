/** The optional questions and my team's answers: personal details pointed out, sent once. */
import { DetailsCheck } from "./lib/details-check.js";
import { sendOnce } from "./lib/send-once.js";

const form = document.querySelector("[data-details-form]");

if (form) {
  const send = form.querySelector("button:not([type=button])");
  const check = new DetailsCheck(form, { onDone: () => send.focus() });
  check.start();
  const busyWords = form.querySelector('template[data-words]').content.querySelector('[data-say="sending"]').textContent.trim();
  sendOnce(form, send, { busyWords, mayGo: () => check.isAnswered() });
}
