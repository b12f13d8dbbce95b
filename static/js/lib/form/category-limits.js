/** A category fills in how closely and to whom its pins are shown, and never lets either be looser than it allows. */

const LIMITED = [
  { name: "precision", usual: "precision", limit: "finest" },
  { name: "visibility", usual: "visibility", limit: "loosest" },
];

/**
 * Which option stands after a category has been chosen?
 *
 * @param {{chosen: string, isTouched: boolean, usual: string, limit: string}} answers - values of one question, as text
 * @returns {string} the writer's own choice while the category allows it, else what is usual
 */
export function settle({ chosen, isTouched, usual, limit }) {
  return isTouched && chosen !== "" && Number(chosen) >= Number(limit) ? chosen : usual;
}

/**
 * @param {HTMLFormElement} form - with radios category, precision and visibility
 * @param {{prefilled: string}} messages - the hint of a question that the category has answered
 */
export function startCategoryLimits(form, { prefilled }) {
  const { category, no_single_place: nowhere, agreement, services_agreed: servicesAgreed } = form.elements;
  const touched = new Set();
  let isFilling = false;

  const apply = () => {
    const radio = form.querySelector("[name=category]:checked");
    for (const { name, usual, limit } of LIMITED) {
      if (radio) applyLimit(name, radio.dataset[usual], radio.dataset[limit]);
    }
    for (const field of [agreement, servicesAgreed]) groupOf(field).hidden = radio?.dataset.sensitive !== "true";
    groupOf(form.querySelector("[name=precision]")).hidden = nowhere.checked;
  };

  const applyLimit = (name, usual, limit) => {
    const radios = [...form.querySelectorAll(`[name=${name}]`)];
    for (const radio of radios) {
      radio.disabled = Number(radio.value) < Number(limit);
    }
    const chosen = radios.find((radio) => radio.checked)?.value ?? "";
    const wanted = settle({ chosen, isTouched: touched.has(name), usual, limit });
    if (wanted === chosen) return;
    isFilling = true;
    // A click, so that GOV.UK's radios show what belongs to the option.
    radios.find((radio) => radio.value === wanted)?.click();
    isFilling = false;
  };

  const readTouched = () => {
    const radio = form.querySelector("[name=category]:checked");
    for (const { name, usual } of LIMITED) {
      const chosen = form.querySelector(`[name=${name}]:checked`)?.value;
      if (chosen !== undefined && chosen !== radio?.dataset[usual]) touched.add(name);
    }
    apply();
  };

  for (const { name } of LIMITED) {
    const hint = groupOf(form.querySelector(`[name=${name}]`)).querySelector(".govuk-hint");
    if (hint) hint.textContent = prefilled;
  }
  form.addEventListener("change", ({ target }) => {
    if (LIMITED.some(({ name }) => name === target.name) && !isFilling) touched.add(target.name);
    if (target.name === "category") apply();
  });
  form.addEventListener("app:placed", apply);
  nowhere.addEventListener("change", apply);
  form.addEventListener("app:restored", readTouched);
  if (category) readTouched();
}

function groupOf(field) {
  return field.closest("[data-field]");
}
