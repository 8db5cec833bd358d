// What stands on the page outlasts it. Where the page is loaded anew, since the server was started
// again, the connection was lost or the reader wished so, the conversation is opened again, and a
// question that has no answer yet is back in its box.
const CONVERSATION = "onrecord:conversation";
const UNANSWERED = "onrecord:unanswered";
const KNOCK = 3000; // milliseconds between two looks at whether the server is still there
let hasReturned = false;

function note(name, value) {
  if (value) sessionStorage.setItem(name, value);
  else sessionStorage.removeItem(name);
}

function remember(isWorking) {
  if (!hasReturned) return;
  note(CONVERSATION, one("#latest .turns").dataset.conversation);
  note(UNANSWERED, isWorking ? one("#latest .question")?.textContent : onItsWay);
}

// The article comes first: what is shown before that would be written over.
function comeBack() {
  if (hasReturned || !one("#article .sentence")) return;
  hasReturned = true;
  const conversation = sessionStorage.getItem(CONVERSATION);
  const question = sessionStorage.getItem(UNANSWERED);
  if (conversation) tell(one("#archive .archive"), { do: "open", conversation });
  if (question) fillIn(question);
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
  if (lost.isConnected || one("#latest .stage")) beginToKnock();
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
