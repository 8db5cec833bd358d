"""How fast is it? `make bench` measures, in one run on one machine, and prints Markdown.

Asks questions of the tuning halves of the known facts, and about 250 paragraphs that have nothing
to do with one another, warm, one after the other, and notes when the first evidence, the first
(unverified) word and the whole answer are there. Beside each answer the same model is called bare,
with the smallest prompt that could work: the one cited sentence and the question. That is the
limit, since nothing has been looked for, read or checked. Behind them the same questions are asked
in the way that others document (peers.py), and some of them by eight people at once. With `--page`
a real browser (Chromium) is timed as well.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from langchain_core.messages import HumanMessage, SystemMessage
from memory import kibibytes
from paragraphs import write
from peers import LangChainGuide

from onrecord import Answer, Assistant, Settings
from onrecord.evals import load_facts
from onrecord.models import LanguageModel, open_model
from onrecord.models.embedder import open_embeddings
from onrecord.served import noting
from onrecord.types import AnswerReady, ClaimDrafted, ClaimVerified, EvidenceFound

ROOT = Path(__file__).resolve().parent.parent
CORPORA = {"article": ROOT / "corpus", "news": ROOT / "evals" / "news"}
PARAGRAPHS = (
    250  # of a corpus of many; its index is kept, and made at the first run in some minutes
)
PEOPLE = 8
STAGES = ("understand", "retrieve", "read", "word")
MAX_TOKENS = 160
PAINTS = 5
COMMANDS = 5


@dataclass(frozen=True)
class Timed:
    """One answer, and when (seconds after the question) what of it was there."""

    answer: Answer
    evidence: float
    word: float | None
    whole: float
    bare: float | None


def ask(assistant: Assistant, model: LanguageModel, question: str) -> Timed:
    """Ask a question, and then the model by itself."""
    began = time.perf_counter()
    evidence: float | None = None
    word: float | None = None
    for event in assistant.stream(question):
        now = time.perf_counter() - began
        match event:
            case EvidenceFound():
                evidence = now
            case ClaimDrafted() | ClaimVerified():
                word = word or now
            case AnswerReady(answer=answer):
                limit = bare(model, answer) if answer.citations else None
                return Timed(answer, evidence or now, word, now, limit)
    raise AssertionError("a stream ends with its answer")


def bare(model: LanguageModel, answer: Answer) -> float:
    """Return the seconds that the model takes for the question and its one sentence."""
    began = time.perf_counter()
    model.complete(
        [
            SystemMessage("Answer from the sentence, in one sentence."),
            HumanMessage(f"{answer.citations[0].text}\n\n{answer.question}"),
        ],
        MAX_TOKENS,
    )
    return time.perf_counter() - began


def row(what: str, values: Sequence[float]) -> str:
    """Return a row of the table: the median, and between which values nine in ten lie."""
    if not values:
        return f"| {what} | | | 0 |"
    low, middle, high = np.percentile(values, [5, 50, 95])
    return f"| {what} | {middle:.2f} | {low:.2f} to {high:.2f} | {len(values)} |"


def report(name: str, done: Sequence[Timed], guide: Sequence[float]) -> str:
    """Return the figures as a table.

    Args:
        name: Of the corpus.
        done: The answers.
        guide: The seconds that the same questions take in another's documented way.
    """
    answered = [each for each in done if each.answer.claims]
    apart = [
        each.answer.timings["total"] - each.answer.timings["read"] - each.answer.timings["word"]
        for each in answered
    ]
    lines = [
        f"\n### {name}: {len(done)} questions, {len(answered)} of them answered\n",
        "| seconds, warm | median | 5% to 95% | n |\n|-|-|-|-|",
        row("first evidence", [each.evidence for each in done]),
        row("first word", [each.word for each in answered if each.word is not None]),
        row("whole answer", [each.whole for each in answered]),
        row("refusal", [each.whole for each in done if not each.answer.claims]),
        row("the model bare: the cited sentence and the question", _known(answered)),
        row("whole answer / bare", [each.whole / each.bare for each in answered if each.bare]),
        row("all that is not the language model", apart),
        row(f"{LangChainGuide.name}, whole answer", guide),
    ]
    by_stage = (
        row(f"stage: {stage}", [each.answer.timings[stage] for each in answered])
        for stage in STAGES
    )
    return "\n".join([*lines, *by_stage])


def _known(answered: Sequence[Timed]) -> list[float]:
    return [each.bare for each in answered if each.bare is not None]


def by_the_guide(
    guide: LangChainGuide, questions: Sequence[str], most: float = 300.0
) -> Iterator[float]:
    """Yield the seconds of each answer, for `most` seconds in all."""
    for question in questions:
        began = time.perf_counter()
        guide.ask(question)
        took = time.perf_counter() - began
        yield took
        most -= took
        if most < 0:
            return


def corpora(most: int) -> Iterator[tuple[str, Path, Sequence[str]]]:
    """Yield corpora: their names, their folders, and at most so many questions about each."""
    for name, folder in CORPORA.items():
        facts = load_facts(ROOT / "evals" / f"{name}.jsonl", "tune").facts
        yield name, folder, [fact.question for fact in facts if not fact.history][:most]
    folder = ROOT / "out" / "paragraphs"
    questions = write(folder, PARAGRAPHS)
    yield f"{PARAGRAPHS} paragraphs", folder, questions[:: len(questions) // most][:most]


def together(assistant: Assistant, questions: Sequence[str]) -> str:
    """Return how long people wait who ask at once, beside the same questions one at a time."""

    def first_and_whole(question: str) -> tuple[float, float]:
        events = assistant.stream(question)
        evidence = next(time.perf_counter() for event in events if isinstance(event, EvidenceFound))
        for _ in events:
            pass
        return evidence - began, time.perf_counter() - began

    began = time.perf_counter()
    for question in questions:
        assistant.ask(question)
    in_turn = time.perf_counter() - began
    with ThreadPoolExecutor(len(questions)) as people:
        began = time.perf_counter()
        waits = list(people.map(first_and_whole, questions))
    at_once = max(whole for _, whole in waits)
    return "\n".join(
        [
            f"\n### {len(questions)} people at once\n",
            "| seconds | median | 5% to 95% | n |\n|-|-|-|-|",
            row("first evidence", [evidence for evidence, _ in waits]),
            row("whole answer, waiting and all", [whole for _, whole in waits]),
            f"\nAll answers of a second, at once against one at a time: {in_turn / at_once:.2f}",
        ]
    )


def machine() -> str:
    """Return what the figures are of."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    described = f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    return f"{described}, {platform.platform(terse=True)}, Python {platform.python_version()}"


class Ran(NamedTuple):
    """One run of a command.

    Attributes:
        seconds: From its start to its end.
        peak: What it had resident at its peak, in GB, or its parent when it was started, if more.
    """

    seconds: float
    peak: float


def command() -> Ran:
    """Run `onrecord ask` in a process of its own."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [Path(sys.executable).with_name("onrecord"), "ask", "Who mediated the talks?"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError("`onrecord ask` failed; try it by hand")
    kilobytes = used.ru_maxrss / 1024 if sys.platform == "darwin" else used.ru_maxrss
    return Ran(time.perf_counter() - began, kilobytes * 1024 / 1e9)


def beside_page(assistant: Assistant) -> list[Ran]:
    """Run the command where a page runs that answers the same."""
    from onrecord.desk import Desk
    from onrecord.ui import build_page
    from onrecord.ui.launch import launch

    desk = Desk(assistant)
    page = build_page(assistant, desk=desk)
    with noting([CORPORA["article"]], assistant.settings) as noted:
        noted(launch(page, "127.0.0.1", 0, desk=desk))
        done = [command() for _ in range(COMMANDS)]
    page.close(verbose=False)
    return done


def processes(cold: Sequence[Ran], warm: Sequence[Ran], beside: Sequence[Ran]) -> str:
    """Return what `onrecord ask` takes in processes of its own, as a table."""
    return "\n".join(
        [
            "\n### `onrecord ask` in a new process\n",
            "| | median | 5% to 95% | n |\n|-|-|-|-|",
            row("no engine running, seconds", [run.seconds for run in cold]),
            row("no engine running, GB resident at the peak", [run.peak for run in cold]),
            row("an engine running, seconds", [run.seconds for run in warm]),
            row("the page open, seconds", [run.seconds for run in beside]),
        ]
    )


def memory() -> str:
    """Return what this process has resident: the engine, all these corpora, and the page."""
    peak = kibibytes("VmHWM", "self")
    if peak is None:
        return "Memory: not known here."
    return f"\nThis process, all of that in it, resident at its peak: {peak * 1024 / 1e9:.2f} GB."


def page_times(assistant: Assistant, questions: Sequence[str]) -> str:
    """Return how long the page takes, in a real browser on this machine."""
    from playwright.sync_api import sync_playwright

    from onrecord.ui import build_page
    from onrecord.ui.launch import launch

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    page = build_page(assistant)
    address = launch(page, "127.0.0.1", 0)
    paints, lit = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for _ in range(PAINTS):
            tab = browser.new_context().new_page()
            tab.goto(address)
            tab.locator(".sentence").first.wait_for()
            paints.append(tab.evaluate(_PAINT) / 1000)
            tab.context.close()
        tab = browser.new_context().new_page()
        tab.set_default_timeout(120_000)
        tab.goto(address)
        tab.locator(".masthead:not(:has(.doing))").wait_for()
        tab.evaluate(_WATCH)
        for number, question in enumerate(questions):
            tab.get_by_label("Your question").fill(question)
            tab.evaluate("() => { window.asked = performance.now(); window.lit = null; }")
            tab.keyboard.press("Enter")
            tab.locator(".foot").nth(number).wait_for()
            lit.append(tab.evaluate("() => window.lit") / 1000)
        browser.close()
    page.close(verbose=False)
    return "\n".join(
        [
            "\n### The page, on loopback\n",
            "| seconds | median | 5% to 95% | n |\n|-|-|-|-|",
            row("first paint", paints),
            row("from Enter to the first sentence lit as evidence", lit),
        ]
    )


_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
_WATCH = """() => new MutationObserver(() => {
    if (window.lit === null && document.querySelector('#article .considered'))
        window.lit = performance.now() - window.asked;
}).observe(document.querySelector('#article'), {subtree: true, attributeFilter: ['class']})"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20, help="of each corpus")
    parser.add_argument("--page", action="store_true", help="time the page as well")
    asked = parser.parse_args()
    say = sys.stdout.write
    say(f"{machine()}\n")
    cold = [command() for _ in range(COMMANDS)]
    settings = Settings(answer_cache=0)  # what is asked again is answered again
    model = open_model(settings)
    for name, folder, questions in corpora(asked.questions):
        with Assistant(folder, model=model, settings=settings) as assistant:
            assistant.warm()
            for text in assistant.whole_texts():  # as a server does
                assistant.warm_text(text)
            if name == "article":
                warm = [command() for _ in range(COMMANDS)]
                say(processes(cold, warm, beside_page(assistant)) + "\n")
            done = [ask(assistant, model, each) for each in questions]
            guide = LangChainGuide(assistant.documents, open_embeddings(settings), model)
            say(report(name, done, list(by_the_guide(guide, questions))) + "\n")
            if name == "article":
                say(together(assistant, questions[:PEOPLE]) + "\n")
            if asked.page and name == "article":
                say(page_times(assistant, questions[:10]) + "\n")
            sys.stdout.flush()
    say(memory() + "\n")


if __name__ == "__main__":
    main()
