/**
 * Glossary terms that explain themselves on the spot. Without script each is a link to the glossary; with it, a
 * button that shows the meaning right after itself: by keyboard, by touch, and closed again by Escape.
 */

/**
 * @param {ParentNode} root - holds links with data-meaning
 */
export function startTerms(root) {
  for (const [number, link] of [...root.querySelectorAll("a[data-meaning]")].entries()) explain(link, `term-${number}`);
}

function explain(link, id) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "app-term";
  button.textContent = link.textContent;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", id);
  const meaning = document.createElement("span");
  meaning.id = id;
  meaning.className = "app-term__meaning";
  meaning.hidden = true;
  const more = document.createElement("a");
  more.className = "govuk-link";
  more.href = link.href;
  more.textContent = link.textContent;
  meaning.append(more, `: ${link.dataset.meaning}`);
  const show = (isShown) => {
    meaning.hidden = !isShown;
    button.setAttribute("aria-expanded", String(isShown));
  };
  button.addEventListener("click", () => show(meaning.hidden));
  for (const part of [button, meaning]) {
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || meaning.hidden) return;
      show(false);
      button.focus();
    });
  }
  link.replaceWith(button, meaning);
}
