// What a screen reader says of its own accord: that an answer is on its way, and then the answer,
// once and whole.
const voice = document.createElement("div");
voice.id = "voice";
voice.setAttribute("role", "status");
document.body.append(voice);

function speak(words) {
  if (voice.textContent !== words) voice.textContent = words;
}
