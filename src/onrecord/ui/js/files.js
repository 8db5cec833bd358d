// Files that come (dropped anywhere on the page) and files that go (receipts, exports).
function saveFile(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function copy(button) {
  button.words ??= button.textContent; // it may be pressed again while it says "Copied"
  const { done, failed } = button.dataset;
  const said = (await copied(button.dataset.copy)) ? done : failed;
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

// That documents are read and indexed is said once; how far that is, is looked up by who wants to.
let isAdding = false;
function onAdding() {
  const shown = one("#adding .underway");
  if (shown && !isAdding) speak(shown.dataset.spoken);
  isAdding = Boolean(shown);
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
  const input = fileInput();
  if (!input) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
