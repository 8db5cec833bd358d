// Files that come (dropped anywhere on the page) and files that go (receipts, exports).
function saveFile(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10 * PATIENCE); // it is read later
}

async function copy(button) {
  button.words ??= button.textContent; // it may be pressed again while it says "Copied"
  const { done, failed } = button.dataset;
  const said = (await copied(withSources(button))) ? done : failed;
  button.textContent = said;
  speak(said);
  window.clearTimeout(button.timer);
  button.timer = window.setTimeout(() => (button.textContent = button.words), PATIENCE / 2);
}

// Where the page comes over plain HTTP from another machine, the browser has no clipboard for it.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedAsSelected(text);
  }
}

function copiedAsSelected(text) {
  const focused = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true; // or a phone would bring up its keyboard
  box.style.position = "fixed"; // where the page does not scroll to it
  box.style.opacity = "0";
  document.body.append(box);
  box.focus({ preventScroll: true });
  box.select();
  const isCopied = document.execCommand("copy");
  box.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
}

// That documents are read and indexed is said once, and what came of it; how far that is, is looked
// up by who wants to. In the drawer, the list says what came of it.
let saidOfAdding = "";
function onAdding() {
  if (one(".waits:not(:empty)")) sayWhatWaits(); // its turn may have come
  const shown = one("#adding [data-spoken]");
  const { spoken = "", nonce = "" } = shown?.dataset ?? {};
  if (nonce + spoken === saidOfAdding) return;
  saidOfAdding = nonce + spoken;
  one("#adding").classList.remove("past");
  if (!spoken || (nonce && one(".drawer:popover-open"))) return;
  speak(spoken);
  shown.scrollIntoView({ block: "nearest" });
}

document.addEventListener("onrecord:taken", () => {
  one("#adding").classList.add("past");
  refuse([]);
});

// What the server would refuse is told before anything of it is sent.
document.addEventListener(
  "change",
  (event) => {
    const input = event.target;
    if (input !== fileInput() || !input.files.length) return;
    const { sent, refused } = sift([...input.files]);
    if (refused.length) {
      event.stopImmediatePropagation();
      if (sent.length) send(sent);
      else input.value = "";
    }
    refuse(refused); // last: what is sent comes by here too
  },
  { capture: true },
);

function sift(files) {
  const { kinds, most, largest, together, ...said } = one(".unsent").dataset;
  const sent = [];
  const refused = [];
  for (const file of files) {
    const { name, size } = file;
    if (!kinds.split(", ").some((kind) => name.toLowerCase().endsWith(kind)))
      refused.push(filled(said.unknown, { name, kinds }));
    else if (size > largest)
      refused.push(filled(said.tooLarge, { name, size: megabytes(size), largest: largest / 1e6 }));
    else sent.push(file);
  }
  const size = sent.reduce((sum, file) => sum + file.size, 0);
  const tooMany = filled(said.tooMany, { most, count: sent.length });
  const tooLarge = { size: megabytes(size), largest: together / 1e6 };
  if (sent.length > most) return { sent: [], refused: [...refused, tooMany] };
  if (size > together)
    return { sent: [], refused: [...refused, filled(said.tooLargeTogether, tooLarge)] };
  return { sent, refused };
}

const megabytes = (size) => Math.ceil(size / 1e5) / 10;
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function refuse(reasons, places = all(".unsent")) {
  const words = unturned(reasons.join(" "));
  for (const place of places) place.textContent = words;
  if (!words) return;
  speak(words);
  one("#unsent").scrollIntoView({ block: "nearest" });
}

function send(files) {
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  fileInput().files = chosen.files;
  fileInput().dispatchEvent(new Event("change", { bubbles: true }));
}

const fileInput = () => one('#actions input[type="file"]');
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const dropping = (is) => one("#pane")?.classList.toggle("dropping", is);

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  dropping(true);
});
document.addEventListener("dragleave", (event) => event.relatedTarget || dropping(false));
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  dropping(false);
  if (fileInput()) send([...event.dataTransfer.files]);
});
