/**
 * Let a form go once: a second press while the first is under way does nothing.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 * @param {{busyText: string, mayGo?: () => boolean, onGo?: () => void}} options
 */
export function sendOnce(form, button, { busyText, mayGo = () => true, onGo = () => {} }) {
  const text = button.textContent;
  let isSending = false;
  form.addEventListener("submit", (event) => {
    if (isSending || !mayGo()) return event.preventDefault();
    isSending = true;
    onGo();
    // Not `disabled`: the button's own name has to go along, and the focus has to stay.
    button.setAttribute("aria-disabled", "true");
    button.textContent = busyText;
  });
  // Back from the next page, the form can be sent again; the server knows its key.
  addEventListener("pageshow", () => {
    isSending = false;
    button.removeAttribute("aria-disabled");
    button.textContent = text;
  });
}
