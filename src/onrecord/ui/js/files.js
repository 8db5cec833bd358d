// Files that come (dropped anywhere on the page) and files that go (receipts, exports).
function saveFile(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function copy(button) {
  const words = button.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.done;
  speak(button.dataset.done);
  window.setTimeout(() => (button.textContent = words), 1500);
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
