// The article by key. It is one stop of the tab key's; up and down lead from sentence to sentence,
// and select with shift; Enter leads to the answers that cite a sentence, or to what can be done
// with it or with what is selected.
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
let stopsIn = null; // the document that the stop was last seen in
let byKey = true; // whoever has pressed something with the mouse scrolls with the arrows
let anchor = null; // the sentence from which is selected

const tabStop = () => one('#article .sentence[tabindex="0"]');

function makeStop(sentence) {
  for (const other of all('#article .sentence[tabindex="0"]')) other.tabIndex = -1;
  if (sentence) sentence.tabIndex = 0;
}

// The server knows of no stop; and another document is read from its beginning.
function keepStop() {
  const shown = sheet()?.dataset.document;
  makeStop((shown === stopsIn && tabStop()) || one("#article .sentence"));
  stopsIn = shown;
  keepTables();
}

// A table that is too wide has to be reached by key, so as to be scrolled.
function keepTables() {
  for (const table of all("#article .table")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
    else table.removeAttribute("tabindex");
  }
}

function stepFrom(from, by, selects) {
  const sentences = all("#article .sentence");
  const at = sentences.indexOf(from) + by;
  const to = sentences[Math.min(Math.max(at, 0), sentences.length - 1)];
  if (!selected.length || !anchor?.isConnected) anchor = from;
  to.focus();
  if (selects) selectFrom(anchor, to);
  else if (selected.length) endSelection();
}

function selectFrom(first, last) {
  const back = first.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_PRECEDING;
  const ends = [first, back ? first.childNodes.length : 0, last, back ? 0 : last.childNodes.length];
  document.getSelection().setBaseAndExtent(...ends);
  onSelection();
  speak(counted("selected", selected.length));
}

function offerFor(sentence) {
  if (!selected.length) selectFrom(sentence, sentence);
  askPassage.focus();
}

document.addEventListener("focusin", (event) => {
  const sentence = event.target.closest?.("#article .sentence");
  if (sentence) makeStop(sentence);
  handOver(Boolean(sentence) && byKey);
});

document.addEventListener("focusout", (event) => event.relatedTarget || handOver(false));

// A screen reader has keys of its own, with which the text is read as any other; these here it hands
// over to an application alone.
function handOver(isWanted) {
  one("#article .text")?.setAttribute("role", isWanted ? "application" : "group");
}

document.addEventListener("pointerdown", () => (byKey = false));

document.addEventListener("keydown", (event) => {
  byKey ||= event.key === "Tab" || event.key === "Enter";
  const sentence = event.target.closest?.("#article .sentence");
  if (!sentence || !byKey || event.ctrlKey || event.altKey || event.metaKey) return;
  const by = STEPS[event.key];
  if (!by && event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault(); // or it would scroll, or press what gets the focus
  if (by) stepFrom(sentence, by, event.shiftKey);
  else if (event.key === "Enter" && sentence.title && !selected.length) showAnswersOf(sentence);
  else offerFor(sentence);
});

window.addEventListener("resize", keepTables);
