// An answer as text, to be copied or read aloud: it stands on the page, and is taken from there.
function withSources(button) {
  const turn = button.closest(".turn");
  const said = one(".refused", turn)?.textContent ?? all(".claim", turn).map(marked).join(" ");
  const text = [said, button.dataset.note].filter(Boolean).join(" ");
  const cited = new Map(); // the markers, by their numbers
  for (const marker of all(".claim .cite, .refusal .near", turn))
    cited.set(Number(marker.dataset.number), marker);
  const sources = [...cited].sort(([number], [other]) => number - other).map(listedSource);
  return sources.length ? [text, "", ...sources].join("\n") : text;
}

function listedSource([number, marker]) {
  return `[${number}] “${quoted(marker)}” (${marker.dataset.where})`;
}

// Without being asked for it: no stage, no draft, no button.
function readAloud({ dataset: { spoken, isWhole } }, turn) {
  if (!isWhole) return spoken;
  const said = one(".refused", turn)?.textContent ?? all(".claim", turn).map(withAside).join(" ");
  return [said, spoken].filter(Boolean).join(" ");
}

function withAside(claim) {
  const { aside } = claim.dataset;
  const said = wordsAndStop(claim).join("");
  return aside ? `${said} (${aside})` : said;
}

function marked(claim) {
  const [words, stop] = wordsAndStop(claim);
  const markers = all(".cite", claim).map(({ dataset: { number } }) => `[${number}]`);
  return `${words} ${markers.join("")}${stop}`;
}

// The markers stand between them.
function wordsAndStop(claim) {
  const words = all(".words", claim).map((part) => part.textContent);
  const hasStop = one(".tail", claim).lastChild.nodeType === Node.TEXT_NODE;
  return [words.join(""), hasStop ? "." : ""];
}
