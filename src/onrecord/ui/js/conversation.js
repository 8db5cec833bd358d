// What is looked at when the conversation has changed.
let asked = []; // the questions, as they were last seen
let wasWorking = false;
let announced = ""; // what was said of the answer last
const NEARLY = 40; // pixels
let followedTo = 0; // how far down the answer that is coming in was followed
let onItsWay = ""; // a question that was sent and is not shown yet
let takenAt = 0; // milliseconds, by the clock of performance.now()

const scroller = () => (isNarrow() ? document.scrollingElement : one("#conversation"));

function onConversation() {
  keepTurns();
  onOpened();
  const questions = all("#conversation .question").map((question) => question.textContent);
  const isOther = questions.join("\n") !== asked.join("\n");
  const isWorking = isBeingWritten();
  const last = all("#conversation .turn").at(-1);
  if (isOther) onItsWay = "";
  remember(isWorking);
  if (isWorking) {
    beginToKnock();
    isOpen = true;
  }
  keepPreview();
  keepOpened();
  onJudgements();
  if (isOther) beginAnew();
  if (isWorking || wasWorking) announce(readAloud(one("#latest .turns"), last));
  if (isOther || isWorking || wasWorking) {
    markCited(last);
    if (isWorking) followReading(last);
    if (questions.length > asked.length) lookAt(last, "start");
    else if (isOther || isFollowing()) lookAt(last, "nearest");
  }
  asked = questions;
  wasWorking = isWorking;
}

// More of an answer comes without a word: what else was said meanwhile is not talked over.
function announce(words) {
  if (words !== announced) speak(words);
  announced = words;
}

// Enter is pressed while an answer comes in, too, and before the last question is shown: then the
// question stays where it is, and is not sent.
document.addEventListener("onrecord:taken", ({ detail: goOn }) => {
  const box = one("#question textarea");
  if (isBeingWritten() || waiting) return;
  if (onItsWay && performance.now() - takenAt < KNOCK) return;
  onItsWay = box.value;
  takenAt = performance.now();
  note(UNANSWERED, onItsWay);
  fillIn("");
  beginToKnock(); // it may be that nobody is there to take it
  whenAnswered(goOn);
});

// It was too long, what it is asked of is gone, or the server has failed: the question is back before
// what was typed since.
document.addEventListener("onrecord:untaken", () => {
  fillIn([onItsWay, one("#question textarea").value].filter(Boolean).join("\n"));
  onItsWay = "";
  note(UNANSWERED, "");
  const place = one("#unsent .unsent");
  refuse([place.dataset.untaken, whyItFailed || place.dataset.again], [place]);
});

// What is being read is brought into view, but for a reader who is in the article, or sees some.
function followReading(turn) {
  const marker = one(".considered", turn);
  if (!marker || isNarrow() || one("#pane:is(:hover, :focus-within)")) return;
  if (!all("#article .considered").some(isInView))
    centre(sentenceOf(marker));
}

function isInView(element) {
  const box = element.getBoundingClientRect();
  const around = one("#pane").getBoundingClientRect();
  return box.top >= around.top && box.bottom <= Math.min(around.bottom, window.innerHeight);
}

function beginAnew() {
  unmark("lit");
  one("#pane")?.classList.remove("visited");
}

// Whoever has scrolled up since is reading, and is left there; and so is whoever reads the article,
// which on a phone is further down.
function isFollowing() {
  const pane = one("#pane");
  const isSeen = pane.getBoundingClientRect().top < window.innerHeight;
  if (isNarrow() && (isSeen || pane.matches(":focus-within"))) return false;
  return scroller().scrollTop > followedTo - NEARLY;
}

function lookAt(turn, block) {
  turn?.scrollIntoView({ block });
  followedTo = scroller().scrollTop;
}
