// New names that are being typed in the list of documents. It is sent anew meanwhile, with each form
// closed and perhaps in another document's row: what was open stays open, and with its document.
const names = new Map(); // what is typed, by the documents whose forms are open
let named = ""; // the document whose form has the focus

const nameBox = (form) => one("input", form);

function noteName(form) {
  if (form.hidden) names.delete(form.dataset.document);
  else names.set(form.dataset.document, nameBox(form).value);
}

function keepNames() {
  const focused = document.activeElement;
  const isLost = focused === document.body || focused.closest("#shelf form");
  for (const form of all("#shelf form")) {
    const id = form.dataset.document;
    const box = nameBox(form);
    const name = names.get(id) ?? box.defaultValue;
    form.hidden = !names.has(id);
    one(".reveal", form.parentElement).setAttribute("aria-expanded", String(!form.hidden));
    if (box.value !== name) box.value = name;
    if (isLost && id === named) box.focus();
  }
}

document.addEventListener("focusin", ({ target }) => {
  named = target.closest("#shelf form")?.dataset.document ?? "";
});

document.addEventListener("input", ({ target }) => {
  const form = target.closest("#shelf form");
  if (form) noteName(form);
});

document.addEventListener("submit", ({ target }) => names.delete(target.dataset.document));
