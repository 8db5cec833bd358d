// The preview: a marker's sentence, beside the marker, for a pointer or for focus.
const preview = document.createElement("div");
preview.id = "preview";
preview.setAttribute("role", "tooltip");
preview.hidden = true;
const previewTitle = preview.appendChild(document.createElement("small"));
const previewText = preview.appendChild(document.createElement("p"));
previewText.dir = "auto";
let previewed = null; // the marker that it belongs to

function showPreview(marker) {
  previewed = marker;
  const { title, page } = marker.dataset;
  const name = document.createElement("bdi");
  name.textContent = title;
  previewTitle.replaceChildren(name, page ? `, ${page}` : "");
  previewText.textContent = marker.dataset.text;
  document.body.append(preview);
  preview.hidden = false;
  marker.setAttribute("aria-describedby", preview.id);
  placePreview();
}

function placePreview() {
  const at = previewed.getBoundingClientRect();
  const width = preview.offsetWidth;
  const above = at.top - preview.offsetHeight - 8;
  const left = Math.min(Math.max(8, at.left - 24), window.innerWidth - width - 8);
  preview.style.left = `${left}px`;
  preview.style.top = `${above > 8 ? above : at.bottom + 8}px`;
}

function hidePreview() {
  preview.hidden = true;
  previewed?.removeAttribute("aria-describedby"); // hidden words are read all the same
}

// More of an answer may have come, or it was scrolled: it stays with its marker while that does, in
// view and under pointer or focus.
function keepPreview() {
  if (preview.hidden) return;
  const stands = previewed.isConnected && previewed.dataset.text === previewText.textContent;
  if (!stands || !previewed.matches(":hover, :focus-visible") || !isUncovered(previewed))
    return hidePreview();
  previewed.setAttribute("aria-describedby", preview.id); // which Gradio takes away
  placePreview();
}

function isUncovered(marker) {
  const { left, top, width, height } = marker.getBoundingClientRect();
  return marker.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}

const overCite = (event) => event.target.closest?.(".cite");
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse" && overCite(event)) showPreview(overCite(event));
});
document.addEventListener("pointerout", (event) => overCite(event) && hidePreview());
document.addEventListener("focusin", (event) => {
  const marker = overCite(event);
  if (marker?.matches(":focus-visible")) showPreview(marker);
});
document.addEventListener("focusout", (event) => overCite(event) && hidePreview());
document.addEventListener("scroll", keepPreview, { capture: true, passive: true });
