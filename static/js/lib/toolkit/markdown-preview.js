/**
 * What readers will see, beside the text as it is written.
 *
 * The server renders and cleans it, exactly as it does for readers, so nothing is trusted here that is not trusted
 * there. It is read by DOMParser, whose documents run nothing, and its nodes are moved into a shadow root, where the
 * public style holds and admin's does not. The content-security policy forbids inline script and style there too.
 */
import { startTerms } from "./terms.js";
import { readMessages } from "../messages.js";

const PAUSE = 400; // milliseconds without a key before the server is asked

/**
 * Ask the server how a text will look.
 *
 * @param {string} address
 * @param {{text: string, isUnderHeading: string, token: string}} question - the token is the form's, against forgery
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{html: string, remarks: {level: "error"|"remark", message: string}[]}>}
 * @throws {Error} when the server does not answer 200, as after a sign-out; an aborted call rejects as fetch does
 */
export async function fetchPreview(address, { text, isUnderHeading, token }, { signal } = {}) {
  const body = new URLSearchParams({ text, is_under_heading: isUnderHeading, csrfmiddlewaretoken: token });
  const response = await fetch(address, { method: "POST", body, signal, redirect: "manual", credentials: "same-origin" });
  if (!response.ok) throw new Error(`The preview answered ${response.status}`);
  return response.json();
}

/**
 * Return a function that asks once its caller has paused, and shows the answer to the last question only.
 *
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {{onAnswer: (answer: T) => void, onLost: () => void, pause?: number}} options
 * @returns {() => void}
 * @template T
 */
export function makeAsker(ask, { onAnswer, onLost, pause = PAUSE }) {
  let timer;
  let asked;
  const go = async () => {
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    try {
      const answer = await ask(mine.signal);
      if (mine === asked) onAnswer(answer);
    } catch (error) {
      if (mine === asked && error.name !== "AbortError") onLost(error);
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(go, pause);
  };
}

/** @param {HTMLElement} element - as templates/toolkit/admin/markdown.html writes it */
export function startPreview(element) {
  const box = element.querySelector("textarea");
  const part = (name) => element.querySelector(`[data-${name}]`);
  const message = readMessages(part("messages"));
  const page = makePage(part("page"), element.dataset.styleAddress);
  const ask = (signal) => {
    const token = box.form.elements.csrfmiddlewaretoken.value;
    const question = { text: box.value, isUnderHeading: element.dataset.isUnderHeading, token };
    return fetchPreview(element.dataset.previewAddress, question, { signal });
  };
  const asker = makeAsker(ask, {
    onAnswer: ({ html, remarks }) => {
      showPage(page, html);
      showRemarks(part("remarks"), part("status"), remarks, message);
    },
    onLost: () => (part("status").textContent = message("lost")),
  });
  const label = box.labels[0]?.textContent.trim().replace(/:$/, "");
  if (label) part("page").setAttribute("aria-label", `${part("page").getAttribute("aria-label")}: ${label}`);
  part("see").hidden = false;
  box.addEventListener("input", asker);
  asker();
}

/** Return the element that takes the rendered text: in a shadow root, with the public pages' style. */
function makePage(host, styleAddress) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = styleAddress;
  const page = document.createElement("div");
  page.className = "app-reading__text";
  host.attachShadow({ mode: "open" }).append(style, page);
  return page;
}

function showPage(page, html) {
  page.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  startTerms(page);
  // A link must not take the editor away from what is not saved.
  for (const link of page.querySelectorAll("a[href]:not([href^='#'])")) {
    link.target = "_blank";
    link.rel = "noopener";
  }
}

function showRemarks(list, status, remarks, message) {
  const items = remarks.map(({ level, message: sentence }) => {
    const item = document.createElement("li");
    const word = document.createElement("strong");
    word.textContent = message(level);
    item.append(word, ` ${sentence}`);
    item.className = `app-markdown__${level}`;
    return item;
  });
  list.replaceChildren(...items);
  const errors = remarks.filter(({ level }) => level === "error").length;
  const sentence = remarks.length ? message("count", { errors, remarks: remarks.length - errors }) : message("none");
  // Said aloud only when it changes.
  if (status.textContent !== sentence) status.textContent = sentence;
}
