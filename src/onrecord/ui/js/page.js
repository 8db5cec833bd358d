// Small helpers, and the one way in which a press is told to the server: an element with data-do
// says what it stands for by an event that rises to its component. Everything is delegated from the
// document, so that answers that are still coming in behave like finished ones. Text is only ever
// set as text, never as HTML.
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const isNarrow = () => window.matchMedia("(max-width: 860px)").matches;
const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const centre = (element) =>
  element?.scrollIntoView({ behavior: isStill() ? "auto" : "smooth", block: "center" });
// Words with others' words in them, without the marks that could turn round what is said.
const unturned = (words) => words.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
const PATIENCE = 4000; // milliseconds for the server to send what was asked of it
const sheet = () => one("#article .sheet");

function tell(element, detail) {
  element?.dispatchEvent(new CustomEvent("onrecord:do", { detail, bubbles: true }));
}

// What is said of an answer is no part of the conversation, and goes to the judgements.
function tellOf(element, filledIn = {}) {
  const judge = element.closest(".judge");
  const shown = sheet()?.dataset.document;
  const detail = { shown, ...judge?.dataset, ...element.dataset, ...filledIn };
  tell(judge ? one("#judgements .judgements") : element, detail);
}

function press(element) {
  if (element.dataset.sure && !element.classList.contains("sure")) return askIfSure(element);
  element.settle?.();
  tellOf(element);
  if (element.dataset.do === "open") leaveFor(element);
}

// Gradio may put another item's button in the place of this one: so it asks again at once.
function askIfSure(button) {
  const { textContent: words, ariaLabel: name } = button;
  button.textContent = button.dataset.sure;
  button.ariaLabel = null; // it is called what it asks
  button.classList.add("sure");
  speak(button.dataset.sure);
  button.settle = () => {
    window.clearTimeout(timer);
    button.textContent = words;
    button.ariaLabel ??= name;
    button.classList.remove("sure");
    speak("");
  };
  const timer = window.setTimeout(button.settle, 4000);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-do]");
  if (!form) return;
  event.preventDefault();
  tellOf(form, Object.fromEntries(new FormData(form)));
});

// Gradio puts the page together after this script has run. Later it keeps the elements that it can
// and changes their text and attributes; these attributes tell one content from another.
const SENT = {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ["data-document", "data-exchange", "data-nonce", "data-scope", "data-verdict"],
};

function watch(selector, react) {
  const found = one(selector);
  if (!found) return window.requestAnimationFrame(() => watch(selector, react));
  new MutationObserver(react).observe(found, SENT);
  return react();
}
