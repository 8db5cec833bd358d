// Of a press that waits in a queue, Gradio says why it has failed; of one that is answered at once it
// says nothing. So the page looks at what comes back, and says it below the question box.
let whyItFailed = ""; // in the server's words

async function noteFailure(response) {
  whyItFailed = response.ok ? "" : await reasonIn(response.clone());
  if (whyItFailed) refuse([whyItFailed], [one("#unsent .unsent")]);
}

async function reasonIn(response) {
  try {
    const { error, detail } = await response.json();
    const said = error ?? detail;
    if (typeof said === "string") return asRead(said);
  } catch {
    // It is from something between page and server.
  }
  return one("#unsent .unsent").dataset.again;
}

// Gradio shows it as HTML, for which the server has escaped it.
function asRead(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}
