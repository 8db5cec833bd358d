// What stands on the page outlasts it. Where the page is loaded anew, since the server was started
// again, the connection was lost or the reader wished so, the conversation is opened again, a
// question that has no answer yet is back in its box, and so is what was typed or chosen.
const CONVERSATION = "onrecord:conversation";
const UNANSWERED = "onrecord:unanswered";
const UNSENT = "onrecord:unsent";
const READER = "onrecord:reader";
const KNOCK = 3000; // milliseconds between two looks at whether the server is still there
let hasReturned = false;

// A browser may keep nothing for the page, or not as much: then this alone does not outlast it.
function note(name, value) {
  try {
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
  } catch {
    // It is as if the page were opened for the first time.
  }
}

function noted(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(isWorking) {
  if (!hasReturned) return;
  note(CONVERSATION, one("#latest .turns").dataset.conversation);
  note(UNANSWERED, isWorking ? one("#latest .question")?.textContent : onItsWay);
}

// A phone may drop a page that is out of sight.
window.addEventListener("pagehide", noteUnsent);
document.addEventListener("visibilitychange", noteUnsent);

function noteUnsent() {
  if (!hasReturned) return;
  const typed = one("#question textarea").value;
  const paste = pasteBoxes().map((box) => box.value);
  note(UNSENT, JSON.stringify({ typed, paste, forms: [...filledIn], scope: wishedFor() }));
}

// The article comes first: what is shown before that would be written over.
function comeBack() {
  if (hasReturned || !one("#article .sentence")) return;
  hasReturned = true;
  forgetAnother();
  const conversation = noted(CONVERSATION);
  const question = noted(UNANSWERED);
  const unsent = JSON.parse(noted(UNSENT) || "{}");
  if (conversation) tell(one("#archive .archive"), { do: "open", conversation });
  bringBack(question, unsent);
  note(UNANSWERED, "");
}

// Whoever logs in next in the same tab is shown nothing of what somebody else has left there.
function forgetAnother() {
  const reader = window.gradio_config.username || "";
  if (reader === (noted(READER) || "")) return;
  for (const name of [CONVERSATION, UNANSWERED, UNSENT]) note(name, "");
  note(READER, reader);
}

function bringBack(question, { typed, paste = [], forms = [], scope }) {
  const asks = [question, typed].filter(Boolean).join("\n"); // as Edit does
  if (asks) fillIn(asks);
  if (paste.some(Boolean)) {
    pasteBoxes().forEach((box, place) => fillIn(paste[place], box));
    reveal(one("#documents .reveal"));
  }
  for (const [exchange, form] of forms) filledIn.set(exchange, form);
  if (scope) wish(scope.documents, scope.passage);
}

function fillIn(words, box = one("#question textarea")) {
  box.value = words;
  box.dispatchEvent(new Event("input"));
}

// Gradio does not notice that the server is gone while an answer comes in.
const lost = document.createElement("div");
lost.id = "lost";
lost.setAttribute("role", "alert");

function beginToKnock() {
  window.clearTimeout(beginToKnock.timer);
  beginToKnock.timer = window.setTimeout(knock, KNOCK);
}

async function knock() {
  const isThere = await answers();
  if (isThere && (lost.isConnected || isThere !== window.gradio_config.app_id)) location.reload();
  if (!isThere) {
    document.body.append(lost);
    lost.textContent = one("#latest .turns").dataset.lost;
  }
  if (lost.isConnected || isBeingWritten()) beginToKnock();
}

// What the server is called, which is another each time that it is started.
async function answers() {
  const { root, api_prefix } = window.gradio_config;
  try {
    const said = await fetch(`${root}${api_prefix}/app_id`);
    return (await said.json()).app_id;
  } catch {
    return null;
  }
}
