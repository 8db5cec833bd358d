// What the reader says of answers, put under them: it is sent by itself, not with the conversation.
function onJudgements() {
  for (const judge of all("#conversation .judge")) {
    const form = one("form", judge);
    const { exchange } = judge.dataset;
    // Gradio puts one answer's form in the place of another's, with what was typed into it.
    if (form.exchange !== exchange) empty(form);
    form.exchange = exchange;
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
  empty(one("form", judge));
  if (hadFocus) one(verdict ? ".judged button" : "[data-do=like]", judge).focus();
}

function empty(form) {
  form.reset();
  form.elements.quotations.value = "[]"; // which a reset leaves as it is
  form.closest("details").open = false;
  const chosen = one(".chosen-sentence", form);
  if (chosen.textContent !== chosen.dataset.none) chosen.textContent = chosen.dataset.none;
}
