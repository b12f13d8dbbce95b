/** The optional questions and my team's answers: personal details pointed out, sent once. */
import { DetailsCheck } from "./lib/form/details-check.js";
import { sendOnce } from "./lib/form/send-once.js";
import { readMessages } from "./lib/messages.js";

const form = document.querySelector("[data-details-form]");

if (form) {
  const send = form.querySelector("button:not([type=button])");
  const message = readMessages(form.querySelector("[data-messages]"));
  const check = new DetailsCheck(form, { message, onDone: () => send.focus() });
  check.start();
  sendOnce(form, send, { busyText: message("sending"), mayGo: () => check.isAnswered() });
}
