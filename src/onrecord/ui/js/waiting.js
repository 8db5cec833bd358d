// What adds or changes documents waits until others' is done, which may take long. What is being done
// shows how far it is; of the rest it is said that it waits.
const SOON = 1000; // milliseconds, after which what need not wait is done, or shows how far it is
let inHand = 0; // of what this page has sent, how much has not come to an end

document.addEventListener("onrecord:sent", () => {
  inHand += 1;
  window.setTimeout(sayWhatWaits, SOON);
});

document.addEventListener("onrecord:ended", () => {
  inHand -= 1;
  sayWhatWaits();
});

function sayWhatWaits() {
  const waits = inHand > all("#adding .underway").length;
  for (const place of all(".waits")) {
    const words = waits ? place.dataset.words : "";
    if (place.textContent === words) continue;
    place.textContent = words;
    if (words && !place.closest("[role=status]")) sayBelow(place);
  }
}

// Where a drawer is open, its list says it.
function sayBelow(place) {
  if (one(".drawer:popover-open")) return;
  speak(place.textContent);
  place.scrollIntoView({ block: "nearest" });
}
