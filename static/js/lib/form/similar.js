/** "We may already know them": asked as soon as there is a name or a place, and answered with a piece of page. */

const SHORTEST_NAME = 3;
const PAUSE = 500; // milliseconds after the last key

/** Which question do these answers make? null when there is nothing to ask yet. */
export function similarQuestion(name, place) {
  const text = name.trim();
  const hasName = text.length >= SHORTEST_NAME;
  if (!hasName && !place) return null;
  return { name: hasName ? text : "", longitude: String(place?.longitude ?? ""), latitude: String(place?.latitude ?? "") };
}

/**
 * @param {HTMLFormElement} form - with data-similar-url and data-pin, and a field `name`
 * @param {HTMLElement} box - where the answer goes
 */
export function startSimilar(form, box) {
  let place = null;
  let lastAsked = "";
  let timer = 0;
  let request = null;
  const dismissed = new Set();

  const ask = async () => {
    const question = similarQuestion(form.elements.name.value, place);
    const asked = JSON.stringify(question);
    if (asked === lastAsked) return;
    lastAsked = asked;
    request?.abort();
    if (!question) return box.replaceChildren();
    request = new AbortController();
    const body = new URLSearchParams({
      ...question,
      pin: form.dataset.pin,
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    });
    try {
      const response = await fetch(form.dataset.similarUrl, { method: "POST", body, signal: request.signal });
      if (response.ok && !response.redirected) show(await response.text());
      // Too many questions in this minute: what is shown is about an earlier name, and the next change asks again.
      else if (response.status === 429) {
        lastAsked = "";
        box.replaceChildren();
      }
    } catch (error) {
      // Only a help: without an answer the form works on, and the next change asks again.
      if (error.name !== "AbortError") lastAsked = "";
    }
  };

  const show = (html) => {
    // The server's own template, already escaped; a parsed document runs no script.
    const page = new DOMParser().parseFromString(html, "text/html");
    const what = [...page.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")).join(" ");
    if (what && dismissed.has(what)) return box.replaceChildren();
    box.replaceChildren(...page.body.childNodes);
    box.dataset.what = what;
  };

  box.addEventListener("click", (event) => {
    if (!event.target.closest("[data-similar-dismiss]")) return;
    dismissed.add(box.dataset.what);
    box.replaceChildren();
    form.elements.name.focus();
  });
  form.elements.name.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("app:placed", ({ detail }) => {
    place = detail;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
