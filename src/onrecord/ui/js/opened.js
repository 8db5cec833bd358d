// Gradio takes away whatever it has not sent, and what is finished moves on to the earlier turns:
// what the reader has opened would close each time. It may put another claim in one's place, too.
const opened = new Set(); // the claims whose grounding is open, by their turns' places
let openedIn = ""; // the conversation that they belong to, by the id under which it is kept

const nameOf = (how) => {
  const place = all("#conversation .turn").indexOf(how.closest(".turn"));
  return `${place} ${how.previousElementSibling.textContent}`;
};

function keepOpened() {
  const { conversation = "" } = one("#latest .turns")?.dataset ?? {};
  const isAnother = openedIn && conversation !== openedIn;
  if (isAnother || !one("#conversation .turn")) opened.clear();
  openedIn = conversation;
  if (!opened.size) return;
  for (const how of all("#conversation .how")) if (opened.has(nameOf(how))) how.open = true;
}

// The press opens or closes it only afterwards.
function noteOpened(details) {
  const form = one("form", details);
  if (form) noteForm(form, !details.open);
  else if (details.open) opened.delete(nameOf(details));
  else opened.add(nameOf(details));
  if (details.open) return;
  window.requestAnimationFrame(() => details.lastElementChild.scrollIntoView({ block: "nearest" }));
}
