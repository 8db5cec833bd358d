// An answer ends with what came last of it being sent once more, by Gradio, over whatever is shown by
// then. So what shows something else waits for that end, which is a moment behind the last words.
let isOpen = false; // whether an answer has not come to its end
let waiting = []; // what goes on then

document.addEventListener("onrecord:wait", ({ detail: goOn }) => {
  const isWritten = !one("#latest .stage");
  if (!isOpen || !isWritten) return goOn();
  waiting.push(goOn);
  window.setTimeout(goOn, PATIENCE); // it may be that the end does not come
});

document.addEventListener("onrecord:answered", () => {
  isOpen = false;
  waiting.forEach((goOn) => goOn());
  waiting = [];
});
