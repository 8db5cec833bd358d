// From a citation to its sentence, and from a sentence to the answers that cite it.
let cameFrom = null; // the marker that was chosen last
let awaited = null; // the marker whose document is being fetched

// The sentences of the article, by their places and by their words: listed once while it is shown.
let byPlace = null;
let byWords = null;

const placeOf = ({ dataset: { start, end } }) => `${start}-${end}`;
const wordsOf = (sentence) => sentence.textContent;
const listed = (key) => new Map(all("#article .sentence").reverse().map((it) => [key(it), it]));

// The words that a marker stands for: it has them itself where it does not show them.
const quoted = (marker) => marker.dataset.text ?? one("span", marker).textContent;

// The sentence that a marker stands for: at its place, and with its very words.
// Where the article has changed the words decide, so that no other sentence is lit.
function sentenceOf(marker) {
  if (sheet()?.dataset.document !== marker.dataset.document) return null;
  const text = quoted(marker);
  byPlace ??= listed(placeOf);
  const there = byPlace.get(placeOf(marker));
  if (there && wordsOf(there) === text) return there;
  byWords ??= listed(wordsOf);
  return byWords.get(text) ?? null;
}

function unmark(name) {
  all(`#article .${name}`).forEach((sentence) => sentence.classList.remove(name));
}

function light(sentence) {
  unmark("lit");
  one("#article [aria-current]")?.removeAttribute("aria-current");
  sentence.classList.add("lit");
  sentence.setAttribute("aria-current", "true");
  bring(sentence);
  sentence.focus({ preventScroll: true });
}

function bring(element) {
  one("#pane").classList.add("visited"); // before the scrolling: it makes room below
  centre(element);
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
  sayIfGone(marker); // of the documents as this page knows them; the server is asked all the same
  openDocument(marker.dataset.document);
  window.setTimeout(() => {
    if (awaited !== marker) return;
    awaited = null;
    unmark("lit");
    if (isAmong(marker.dataset.document)) say(one("#article .changed")?.dataset.words);
  }, PATIENCE);
}

function isAmong(id) {
  return sheet()?.dataset.document === id || all("#document option").some((it) => it.value === id);
}

function sayIfGone(marker) {
  if (isAmong(marker.dataset.document)) return;
  unmark("lit");
  const title = unturned(marker.dataset.title);
  say(one("#article .changed")?.dataset.gone.replace("{title}", () => title));
}

function say(words) {
  const changed = one("#article .changed");
  if (!changed || changed.textContent === words) return;
  changed.textContent = words;
  if (words) bring(changed);
}

// Of presses at once the last one counts: two requests may overtake each other on their way.
function openDocument(id) {
  window.clearTimeout(openDocument.timer);
  openDocument.timer = window.setTimeout(() => {
    const shown = sheet()?.dataset.document;
    tell(sheet(), { do: "open", document: id, shown });
  }, 50);
}

// What one answer rests on is marked, with its numbers, and more softly what the others do; and
// while an answer is being made, the sentences that are being read.
function markCited(turn) {
  unmark("considered");
  for (const marker of turn ? all(".considered", turn) : [])
    sentenceOf(marker)?.classList.add("considered");
  const cited = new Map(); // of each sentence the turns that cite it, with its number there
  for (const marker of all("#conversation .cite")) {
    const sentence = sentenceOf(marker);
    if (!sentence) continue;
    if (!cited.has(sentence)) cited.set(sentence, new Map());
    cited.get(sentence).set(marker.closest(".turn"), marker.dataset.number);
  }
  for (const sentence of all("#article .sentence[title]"))
    if (!cited.has(sentence)) unmarkCited(sentence);
  for (const [sentence, turns] of cited) {
    sentence.classList.toggle("cited", turns.has(turn));
    sentence.classList.toggle("known", !turns.has(turn));
    sentence.dataset.number = turns.get(turn) ?? "";
    sentence.title = counted("cited", turns.size);
    if (!sentence.hasAttribute("role")) sentence.setAttribute("role", "link"); // or it is a row
  }
}

function unmarkCited(sentence) {
  sentence.classList.remove("cited", "known");
  sentence.removeAttribute("title");
  if (sentence.getAttribute("role") === "link") sentence.removeAttribute("role");
}

// What the page says of a number of things: it has words for one, and words for more.
function counted(name, count) {
  const { [`${name}One`]: one, [`${name}More`]: more } = sheet().dataset;
  return count === 1 ? one : more.replace("{count}", count);
}

// A sentence leads to the answers that cite it: the latest first, then the one before it.
function showAnswersOf(sentence) {
  const cites = all("#conversation .cite").filter((marker) => sentenceOf(marker) === sentence);
  if (!cites.length) return;
  const at = cites.indexOf(cameFrom);
  const next = at > 0 ? cites[at - 1] : cites.at(-1);
  cameFrom = next;
  all(".chosen").forEach((other) => other.classList.remove("chosen"));
  next.classList.add("chosen");
  markCited(next.closest(".turn"));
  centre(next);
  next.focus({ preventScroll: true });
}

function onArticle() {
  byPlace = byWords = null;
  keepStop();
  const select = one("#document");
  const shown = sheet()?.dataset.document;
  if (select && shown && select.value !== shown) select.value = shown;
  const turn = cameFrom?.isConnected ? cameFrom.closest(".turn") : null;
  markCited(turn ?? all("#conversation .turn").at(-1));
  if (!awaited) return;
  const sentence = sentenceOf(awaited);
  if (!sentence) return sayIfGone(awaited);
  awaited = null;
  light(sentence);
}

function goBack() {
  one("#pane").classList.remove("visited");
  const target = cameFrom?.isConnected ? cameFrom : one("#question textarea");
  centre(target);
  target?.focus({ preventScroll: true });
}
