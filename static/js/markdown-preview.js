/** Every box for Markdown on the page shows beside it what readers will see. */
import { startPreview } from "./lib/toolkit/markdown-preview.js";

for (const element of document.querySelectorAll("[data-markdown]")) startPreview(element);
