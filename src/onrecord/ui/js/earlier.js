// The turns before the latest stay on the page: of a long conversation only what is new is sent, and
// from which place on it follows. Gradio, which sends it, knows nothing of what is kept.
const kept = document.createElement("div");
kept.id = "kept";
kept.className = "turns";
kept.addEventListener("onrecord:do", (said) => {
  said.stopPropagation();
  tell(one("#latest .turns"), said.detail);
});
let taken = null; // what was taken over last

function keepTurns() {
  const sent = one("#earlier .sent");
  if (!sent || sent.dataset.nonce === taken) return;
  taken = sent.dataset.nonce;
  if (!kept.isConnected) one("#earlier").append(kept);
  const others = [...kept.children].slice(Number(sent.dataset.place));
  others.forEach((turn) => turn.remove());
  kept.append(...sent.children); // what stays is not moved: it would lose the focus, and arrive anew
}
