// What the reader says of answers, put under them: it is sent by itself, not with the conversation.
// What is filled in stays until it is sent, wherever its answer is moved to.
const filledIn = new Map(); // what the forms hold, by their exchanges, and which of them are open
let inUse = ""; // the exchange whose form was used last

function onJudgements() {
  for (const judge of all("#conversation .judge")) {
    const form = one("form", judge);
    const { exchange } = judge.dataset;
    // Gradio puts one answer's form in the place of another's, with what was typed into it.
    if (form.exchange !== exchange) fillForm(form, filledIn.get(exchange));
    form.exchange = exchange;
    if (filledIn.get(exchange)?.isOpen) form.closest("details").open = true;
    const said = all("#judgements p").find((each) => each.dataset.exchange === exchange);
    if (said) settle(judge, said);
  }
}

function settle(judge, said) {
  const before = judge.dataset.verdict;
  const { verdict = before } = said.dataset;
  const status = one("[role=status]", judge);
  if (status.textContent !== said.textContent) status.textContent = said.textContent;
  if (verdict === before) return;
  const hadFocus = judge.contains(document.activeElement);
  judge.dataset.verdict = verdict;
  filledIn.delete(judge.dataset.exchange);
  fillForm(one("form", judge));
  if (hadFocus) one(verdict ? ".judged button" : "[data-do=like]", judge).focus();
}

function fillForm(form, { isOpen = false, quotations = "[]", ...fields } = {}) {
  form.reset();
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
  }
  quote(form, quotations);
  form.closest("details").open = isOpen;
}

function quote(form, quotations) {
  form.elements.quotations.value = quotations;
  const chosen = one(".chosen-sentence", form);
  const words = JSON.parse(quotations).map((each) => each.text).join(" ") || chosen.dataset.none;
  if (chosen.textContent !== words) chosen.textContent = words;
}

function noteForm(form, isOpen = true) {
  inUse = form.exchange;
  filledIn.set(form.exchange, { ...Object.fromEntries(new FormData(form)), isOpen });
}

// The form that a sentence is chosen for: of several that are open, the one that was used last.
function openForm() {
  const open = all("#conversation .judge details[open] form");
  return open.find((form) => form.exchange === inUse) ?? open.at(-1);
}

for (const used of ["input", "focusin"])
  document.addEventListener(used, (event) => {
    const form = event.target.closest?.(".judge form");
    if (form) noteForm(form);
  });
