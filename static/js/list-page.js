/**
 * A list's filters stand open beside it; on a phone, where they would push it away, they wait until asked for. Those in
 * use are listed above what they find.
 */

const details = document.querySelector("[data-filter-details]");
if (details && !("errors" in details.dataset) && matchMedia("(max-width: 47.99em)").matches) details.open = false;
