/** Start what every page has: GOV.UK Frontend's components, and the sign that scripts work. */
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.js";

// A browser that runs modules is supported. Set here, not by inline script: the content-security policy has none.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
// Whoever has reached a field before this ran stays in it: the error summary does not call them back,
// and the address forgets the line of it that led them, or the browser would go there again once all is loaded.
const isInField = document.activeElement?.matches("input, select, textarea") ?? false;
if (isInField && location.hash) history.replaceState(history.state, "", location.pathname + location.search);
initAll({ errorSummary: { disableAutoFocus: isInField } });

// GOV.UK Frontend says aria-expanded on radios that reveal a question, which ARIA does not allow there;
// aria-controls stays, and the revealed question follows the radio in the reading order.
for (const radio of document.querySelectorAll("input[type=radio][aria-controls]")) {
  const strip = () => radio.removeAttribute("aria-expanded");
  new MutationObserver(strip).observe(radio, { attributes: true, attributeFilter: ["aria-expanded"] });
  strip();
}
