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
}

// What was opened stands behind the drawer; on a phone, it may stand further down.
function leave(drawer) {
  drawer.hidePopover();
  if (isNarrow()) one(drawer.id === "documents" ? "#pane" : "#conversation").scrollIntoView();
}

function reveal(button) {
  const form = one(".revealed", button.closest("li"));
  form.hidden = !form.hidden;
  button.setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) one("input", form).select();
}

let ticked = null; // what was ticked by hand last, until the server has taken it up

function choose() {
  const boxes = all("#shelf .choose");
  const documents = boxes.filter((box) => box.checked).map((box) => box.value);
  ticked = documents.length < boxes.length ? documents : []; // all of them are no choice
  tell(one("#shelf .shelf"), { do: "choose", documents });
  window.clearTimeout(choose.timer);
  choose.timer = window.setTimeout(() => {
    ticked = null;
    tick();
  }, PATIENCE);
}

// A box that was ticked by hand no longer follows its attribute, and the list keeps its boxes when
// it is sent anew: what is asked of decides, but for what answers an earlier tick than the last.
function tick() {
  const chosen = JSON.parse(one("#scope .scope").dataset.documents);
  if (ticked && String(ticked) !== String(chosen)) return;
  ticked = null;
  for (const box of all("#shelf .choose")) box.checked = chosen.includes(box.value);
}

function filter(box) {
  const wanted = box.value.trim().toLowerCase();
  for (const item of all("#shelf [data-find]"))
    item.hidden = !item.dataset.find.includes(wanted);
}

function onShelf() {
  all(".drawer").forEach(makeDrawer);
  tick();
  filter(one("#find-document"));
}

let delivered = "";
function deliver() {
  const parcel = one("#outbox .parcel");
  if (!parcel || parcel.dataset.nonce === delivered) return;
  delivered = parcel.dataset.nonce;
  saveFile(parcel.dataset.name, parcel.dataset.content);
}
