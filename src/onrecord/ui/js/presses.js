// Which press does what, and what is looked at when the server has sent something new.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("button");
  if (!pressed) {
    const summary = event.target.closest?.(".turn summary");
    if (summary) noteOpened(summary.parentElement);
    const sentence = event.target.closest?.("#article .sentence");
    if (sentence && document.getSelection().isCollapsed) showAnswersOf(sentence);
    return;
  }
  if (pressed.dataset.do) press(pressed);
  else if (pressed.matches(".cite, .near")) show(pressed);
  else if (pressed.matches(".copy")) copy(pressed);
  else if (pressed.matches(".back")) goBack();
  else if (pressed.matches(".unscope")) wish([]);
  else if (pressed.matches(".reveal")) reveal(pressed);
  else if (pressed.matches(".pick")) fileInput()?.click();
  const isAboutToGo = pressed.matches(".example, .unscope, #ask, #stop, #retry, #edit, #new");
  if (isAboutToGo && (byKey || !isNarrow())) one("#question textarea")?.focus();
});

document.addEventListener("change", (event) => {
  if (event.target.id === "document") openDocument(event.target.value);
  else if (event.target.matches(".choose")) choose();
});

document.addEventListener("input", (event) => {
  if (event.target.id === "find-document") filter(event.target);
});

document.addEventListener(
  "toggle",
  (event) => {
    const { target, oldState, newState } = event;
    if (newState !== "open" || oldState === newState) return; // or it was only kept open
    if (target.matches(".drawer")) fill(target);
  },
  { capture: true },
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const form = event.target.closest?.(".drawer .revealed, .judge form");
  if (form) {
    event.preventDefault();
    return fold(form);
  }
  if (!preview.hidden) hidePreview();
  if (!offer.hidden) return endSelection();
  if (event.target.closest?.("#article") && cameFrom) goBack();
});

watch("#conversation", onConversation);
watch("#judgements", onJudgements);
watch("#article", onArticle);
watch("#article", comeBack);
watch("#shelf .shelf", onShelf);
watch("#scope .scope", onScope);
watch("#outbox", deliver);
watch("#written", onWritten);
watch("#adding", onAdding);
