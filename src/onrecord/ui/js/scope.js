// What the next question is asked of: all, some documents, or a passage. What is wished for is noted
// on Gradio's own element until the server has taken it up; it, or else what is shown, goes along
// with each question.
function wish(documents, passage = null) {
  const scope = JSON.stringify({ documents, passage });
  const { wish: before } = one("#scope").dataset;
  if (before === undefined && scope === shownScope()) return tick(); // all that there are: no choice
  one("#scope").dataset.wish = scope;
  tell(one("#scope .scope"), { scope });
  tick();
}

const shownScope = () => JSON.stringify(JSON.parse(one("#scope .scope").dataset.scope));
const wishedFor = () => JSON.parse(one("#scope").dataset.wish ?? shownScope());

function onScope() {
  const { dataset } = one("#scope");
  if (dataset.wish === shownScope()) delete dataset.wish;
  tick();
}

// A box that was ticked by hand no longer follows its attribute, and the list keeps its boxes when
// it is sent anew: so what is asked of decides.
function tick() {
  const { documents } = wishedFor();
  for (const box of all("#shelf .choose")) box.checked = documents.includes(box.value);
}

function choose() {
  const boxes = all("#shelf .choose");
  const documents = boxes.filter((box) => box.checked).map((box) => box.value);
  wish(documents.length < boxes.length ? documents : []); // all of them are no choice
}
