// What is selected in the article can be asked about, or named as the sentence that is right.
const offer = document.createElement("div");
offer.id = "offer";
offer.hidden = true;
const askPassage = offer.appendChild(document.createElement("button"));
const useSentence = offer.appendChild(document.createElement("button"));
let selected = []; // the sentences of the selection

function selectedSentences() {
  const selection = document.getSelection();
  const text = one("#article .text");
  if (!text || selection.isCollapsed || !selection.rangeCount) return [];
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(text)) return [];
  return all(".sentence", text).filter((sentence) => range.intersectsNode(sentence));
}

function onSelection() {
  selected = selectedSentences();
  offer.hidden = !selected.length;
  if (offer.hidden) return;
  const words = sheet().dataset;
  askPassage.textContent = words.ask;
  useSentence.textContent = words.use;
  useSentence.hidden = !openForm();
  if (!offer.isConnected) document.body.append(offer);
  placeOffer();
}

// Below what is selected, and with it where the page is scrolled.
function placeOffer() {
  if (offer.hidden || !document.getSelection().rangeCount) return;
  const at = document.getSelection().getRangeAt(0).getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), window.innerWidth - offer.offsetWidth - 8);
  offer.style.left = `${left}px`;
  const isRoom = at.bottom + offer.offsetHeight + 16 < window.innerHeight;
  offer.style.top = `${isRoom ? at.bottom + 8 : Math.max(8, at.top - offer.offsetHeight - 8)}px`;
}

function endSelection() {
  const hadFocus = offer.contains(document.activeElement);
  document.getSelection().removeAllRanges();
  selected = [];
  offer.hidden = true;
  if (hadFocus) tabStop()?.focus(); // a press may have a better place for it
}

askPassage.addEventListener("click", () => {
  wish([], {
    document_id: sheet().dataset.document,
    start: Number(selected[0].dataset.start),
    end: Number(selected.at(-1).dataset.end),
  });
  endSelection();
  one("#question textarea")?.focus();
});

useSentence.addEventListener("click", () => {
  const form = openForm();
  const quoted = selected.map((sentence) => ({
    document_id: sheet().dataset.document,
    text: sentence.textContent,
  }));
  quote(form, JSON.stringify(quoted));
  noteForm(form);
  endSelection();
  one("button", form).focus();
});

document.addEventListener("selectionchange", () => {
  // While the pointer still draws, the end of the selection is not known.
  window.clearTimeout(onSelection.timer);
  onSelection.timer = window.setTimeout(onSelection, 150);
});

document.addEventListener("scroll", placeOffer, { capture: true, passive: true });
