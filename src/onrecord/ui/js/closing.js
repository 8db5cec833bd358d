// An answer ends with what came last of it being sent once more, by Gradio, over whatever is shown by
// then. So what shows something else waits for that end, which is a moment behind the last words.
let isOpen = false; // whether an answer has not come to its end
let waiting = null; // what goes on then
let impatience = 0;

const isBeingWritten = () => Boolean(one("#latest .stage"));

function whenAnswered(goOn) {
  if (!isOpen || isBeingWritten()) return goOn();
  if (waiting) return; // one press at a time, as Gradio has it
  waiting = goOn;
  impatience = window.setTimeout(onAnswered, PATIENCE); // it may be that the end does not come
}

function onAnswered() {
  window.clearTimeout(impatience);
  const goOn = waiting;
  isOpen = false;
  waiting = null;
  goOn?.();
}

document.addEventListener("onrecord:wait", ({ detail: goOn }) => whenAnswered(goOn));

// What is asked while an answer comes in would be refused; and Gradio, which takes it for the answer
// that is coming in, could no longer stop that.
document.addEventListener("onrecord:asking", ({ detail: goOn }) => {
  if (!isBeingWritten()) whenAnswered(goOn);
});

document.addEventListener("onrecord:answered", onAnswered);
