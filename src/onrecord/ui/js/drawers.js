// The two drawers: the documents, and the kept conversations. The browser opens and closes them
// (Escape, a press elsewhere); what is in them is asked for anew each time.
function makeDrawer(drawer) {
  drawer.popover = "auto";
  drawer.tabIndex = -1;
  drawer.autofocus = true; // so that the next Tab goes into it
  drawer.setAttribute("role", "dialog");
  drawer.setAttribute("aria-label", one("h2", drawer).textContent);
}

function fill(drawer) {
  tell(one(":is(.shelf, .archive)", drawer), { do: "list" });
  if (drawer.isWatched) return;
  drawer.isWatched = true;
  watch(`#${drawer.id} :is(.shelf, .archive)`, () => keepFocus(drawer));
}

// What had the focus may have left the list. What hides only is found out a moment later.
function keepFocus(drawer) {
  window.setTimeout(() => {
    if (document.activeElement !== document.body || !drawer.matches(":popover-open")) return;
    (one(".said button", drawer) ?? drawer).focus();
  }, 100);
}

// A conversation may not be opened, and the drawer says why: it makes way where that is shown.
let opening = ""; // the id of the conversation

function leaveFor({ dataset: { conversation } }) {
  if (conversation) opening = conversation;
  else leave(one("#documents"));
}

function onOpened() {
  const { conversation } = one("#latest .turns")?.dataset ?? {};
  if (!opening || conversation !== opening) return;
  opening = "";
  if (one("#conversations:popover-open")) leave(one("#conversations"));
}

// On a phone a drawer covers the page: it makes way where the focus leaves it.
document.addEventListener("focusin", ({ target }) => {
  const drawer = one(".drawer:popover-open");
  if (drawer && isNarrow() && !drawer.contains(target)) drawer.hidePopover();
});

// What was opened stands behind the drawer, and has the focus next; on a phone, it may stand further
// down.
function leave(drawer) {
  drawer.hidePopover();
  const isArticle = drawer.id === "documents";
  const opened = one(isArticle ? "#pane" : "#conversation");
  opened.role = "region";
  opened.ariaLabel = isArticle ? sheet().ariaLabel : one("#latest .turns").dataset.name;
  opened.tabIndex = -1;
  opened.focus({ preventScroll: true });
  if (isNarrow()) opened.scrollIntoView();
}

function reveal(button) {
  const form = one(".revealed", button.closest("li, .drawer"));
  const isShown = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isShown));
  form.hidden = isShown;
  if (form.matches("#shelf form")) noteName(form);
  if (!isShown) one("input", form).select();
}

// Escape closes the form alone, and not the drawer around it.
function fold(form) {
  const details = form.closest("details");
  const opener = details ? one("summary", details) : one(".reveal", form.closest("li, .drawer"));
  if (details) noteForm(form, (details.open = false));
  else reveal(opener);
  opener.focus();
}

function filter(box) {
  const wanted = box.value.trim().toLowerCase();
  for (const item of all("#shelf [data-find]"))
    item.hidden = !item.dataset.find.includes(wanted);
}

function onShelf() {
  all(".drawer").forEach(makeDrawer);
  tick();
  keepNames();
  if (one(".waits:not(:empty)")) sayWhatWaits(); // the list has come without it
  filter(one("#find-document"));
}

let delivered = "";
function deliver() {
  const parcel = one("#outbox .parcel");
  if (!parcel || parcel.dataset.nonce === delivered) return;
  delivered = parcel.dataset.nonce;
  saveFile(parcel.dataset.name, parcel.dataset.content);
}
