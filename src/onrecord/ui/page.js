// From a citation to its sentence. Everything is delegated from the document, so that
// answers that are still coming in behave like finished ones. Text is only ever set as
// text, never as HTML.
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isNarrow = () => window.matchMedia("(max-width: 860px)").matches;
  const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const PATIENCE = 4000; // milliseconds for the server to send another document

  let cameFrom = null; // the marker that was chosen last
  let awaited = null; // the marker whose document is being fetched
  let turnsSeen = 0;

  const sheet = () => one("#article .sheet");

  // The sentence that a marker stands for: at its place, and with its very words.
  // Where the article has changed the words decide, so that no other sentence is lit.
  function sentenceOf(marker) {
    const { document: id, start, end, text } = marker.dataset;
    if (sheet()?.dataset.document !== id) return null;
    const there = one(`#article .sentence[data-start="${start}"][data-end="${end}"]`);
    if (there?.textContent === text) return there;
    return all("#article .sentence").find((sentence) => sentence.textContent === text) ?? null;
  }

  function unmark(name) {
    all(`#article .${name}`).forEach((sentence) => sentence.classList.remove(name));
  }

  function light(sentence) {
    unmark("lit");
    one("#article [aria-current]")?.removeAttribute("aria-current");
    sentence.classList.add("lit");
    sentence.setAttribute("aria-current", "true");
    one("#pane").classList.add("visited"); // before the scrolling: it makes room below
    sentence.scrollIntoView({ behavior: isStill() ? "auto" : "smooth", block: "center" });
    sentence.focus({ preventScroll: true });
  }

  function show(marker) {
    cameFrom = marker;
    hidePreview();
    say("");
    const turn = marker.closest(".turn");
    all(".chosen").forEach((other) => other.classList.remove("chosen"));
    marker.classList.add("chosen");
    if (turn) markCited(turn);
    const sentence = sentenceOf(marker);
    if (sentence) light(sentence);
    else fetchFor(marker);
  }

  function fetchFor(marker) {
    awaited = marker;
    open(marker.dataset.document);
    window.setTimeout(() => {
      if (awaited !== marker) return;
      awaited = null;
      unmark("lit");
      const changed = one("#article .changed");
      if (changed) say(changed.dataset.words);
    }, PATIENCE);
  }

  function say(words) {
    const changed = one("#article .changed");
    if (changed && changed.textContent !== words) changed.textContent = words;
  }

  function open(id) {
    tell("#article .sheet", "onrecord:open", { document: id });
  }

  function tell(selector, name, detail) {
    one(selector)?.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  // What the latest answer rests on is marked softly, with its numbers; and while the
  // answer is being made, the sentences that are being read.
  function markCited(turn) {
    unmark("cited");
    unmark("considered");
    if (!turn) return;
    for (const marker of all(".considered", turn)) sentenceOf(marker)?.classList.add("considered");
    const numbers = new Map();
    for (const marker of all(".cite", turn)) {
      const sentence = sentenceOf(marker);
      if (sentence) numbers.set(sentence, marker.dataset.number);
    }
    for (const [sentence, number] of numbers) {
      sentence.classList.add("cited");
      sentence.dataset.number = number;
    }
  }

  function onConversation() {
    const turns = all("#conversation .turn");
    const last = turns.at(-1);
    hidePreview();
    markCited(last);
    if (turns.length !== turnsSeen) {
      unmark("lit");
      one("#pane")?.classList.remove("visited");
    }
    if (turns.length > turnsSeen) last.scrollIntoView({ block: "start" });
    else last?.scrollIntoView({ block: "nearest" });
    turnsSeen = turns.length;
  }

  function onArticle() {
    const select = one("#document");
    const shown = sheet()?.dataset.document;
    if (select && shown && select.value !== shown) select.value = shown;
    const turn = cameFrom?.isConnected ? cameFrom.closest(".turn") : null;
    markCited(turn ?? all("#conversation .turn").at(-1));
    const sentence = awaited && sentenceOf(awaited);
    if (!sentence) return;
    awaited = null;
    light(sentence);
  }

  function goBack() {
    one("#pane").classList.remove("visited");
    const target = cameFrom?.isConnected ? cameFrom : one("#question textarea");
    target?.scrollIntoView({ behavior: isStill() ? "auto" : "smooth", block: "center" });
    target?.focus({ preventScroll: true });
  }

  async function copy(button) {
    const words = button.textContent;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
    window.setTimeout(() => (button.textContent = words), 1500);
  }

  function save(button) {
    const file = new Blob([button.dataset.receipt], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = button.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // The preview: a marker's sentence, beside the marker, for a pointer or for focus.
  const preview = document.createElement("div");
  preview.id = "preview";
  preview.setAttribute("role", "tooltip");
  preview.hidden = true;
  const previewTitle = preview.appendChild(document.createElement("small"));
  const previewText = preview.appendChild(document.createElement("p"));

  function showPreview(marker) {
    const { title, page } = marker.dataset;
    previewTitle.textContent = page ? `${title}, page ${page}` : title;
    previewText.textContent = marker.dataset.text;
    document.body.append(preview);
    preview.hidden = false;
    const at = marker.getBoundingClientRect();
    const width = preview.offsetWidth;
    const above = at.top - preview.offsetHeight - 8;
    const left = Math.min(Math.max(8, at.left - 24), window.innerWidth - width - 8);
    preview.style.left = `${left}px`;
    preview.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }

  function hidePreview() {
    preview.hidden = true;
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("button");
    if (!pressed) return;
    if (pressed.matches(".cite, .near")) show(pressed);
    else if (pressed.matches(".example"))
      tell("#conversation .turns", "onrecord:ask", { question: pressed.textContent });
    else if (pressed.matches(".copy")) copy(pressed);
    else if (pressed.matches(".receipt")) save(pressed);
    else if (pressed.matches(".back")) goBack();
    else if (pressed.matches("#ask, #stop, #retry, #clear") && !isNarrow())
      one("#question textarea")?.focus(); // the pressed button is about to go
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "document") open(event.target.value);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!preview.hidden) hidePreview();
    if (event.target.closest?.("#article") && cameFrom) goBack();
  });

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
  document.addEventListener("scroll", hidePreview, { capture: true, passive: true });

  // Documents that are dropped anywhere on the page go the way of those that are chosen.
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
    const input = one('#actions input[type="file"]');
    if (!input) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Gradio puts the page together after this script has run.
  function watch(selector, react) {
    const found = one(selector);
    if (!found) return window.requestAnimationFrame(() => watch(selector, react));
    new MutationObserver(react).observe(found, { childList: true, subtree: true });
    return react();
  }
  watch("#conversation", onConversation);
  watch("#article", onArticle);
})();
