/** Start what every page has: GOV.UK Frontend's components, and the sign that scripts work. */
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.js";

// A browser that runs modules is supported. Set here, not by inline script: the content-security policy has none.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
