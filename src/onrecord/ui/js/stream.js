// All that the server has to say comes in one stream, which it closes behind the end of the last
// press that it knows of. Where the next one is sent at that moment, Gradio takes the stream for open
// until it reads that it is closed, and would wait for ever. So the page asks for what follows itself.
const unfinished = new Set(); // what the server has taken, and has not said the end of

async function noteJoined(response) {
  if (response.ok) unfinished.add((await response.clone().json()).event_id);
}

function unbroken(response, request) {
  if (!response.ok) return response;
  let messages = messagesOf(response);
  const pull = async (controller) => {
    const { done, value } = await messages.next();
    if (done) return controller.close();
    const { msg, event_id: id } = saidOfAnEnd(value);
    if (msg === "process_completed") unfinished.delete(id);
    if (msg === "close_stream" && unfinished.size) {
      messages = messagesOf(await fetched(...request));
      return pull(controller);
    }
    controller.enqueue(ENCODER.encode(`${value}${BETWEEN}`));
  };
  return new Response(new ReadableStream({ pull }), response);
}

const ENCODER = new TextEncoder();
const BETWEEN = "\n\n";

async function* messagesOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const messages = (said + value).split(BETWEEN);
    said = messages.pop(); // it may be cut off anywhere
    yield* messages;
  }
}

// Most of it is words of answers, which need not be read twice.
function saidOfAnEnd(message) {
  const isPerhaps = /"(?:process_completed|close_stream)"/.test(message);
  return isPerhaps ? JSON.parse(message.slice("data: ".length)) : {};
}
