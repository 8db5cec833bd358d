"""A server that is killed while it answers, at the page and by the HTTP API."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path

import httpx

from onrecord import Assistant, Settings, library, verify
from onrecord.conversations import DATABASE, Conversations
from onrecord.corpus import load_corpus
from onrecord.desk import Desk
from onrecord.index import chunks_of
from onrecord.types import Answer, Document
from onrecord.ui import build_page
from onrecord.ui.launch import launch
from tests.fakes import FakeEmbeddings
from tests.faults.killing import Said, Scenario
from tests.load.people import ANSWERED, judged, seen
from tests.load.stand_in import StandIn
from tests.load.towns import Fact, write_corpus
from tests.load.visitor import Visitor

_TOWNS = 4
_QUESTIONS = 4  # of each
_BETWEEN_DOCUMENTS = 0.3  # seconds
_KEPT = re.compile(r'data-exchange="(\w+)"')
_RIGHT = (ANSWERED, "")


def work(folder: Path, said: Said, number: int) -> None:
    """Serve: two ask at the page and a program by the API, and documents are added meanwhile."""
    facts = write_corpus(folder / "corpus", _TOWNS)
    chance = random.Random(f"{number} {len(said.lines)}")
    wanted = [chance.choices(facts, k=_QUESTIONS) for _ in range(3)]
    with _served(folder) as (assistant, address):
        asyncio.run(_everybody(assistant, address, wanted, said))


def check(folder: Path, said: Said, number: int) -> list[str]:
    """The next start answers and keeps; what was shown as kept is there, whole and in order."""
    facts = write_corpus(folder / "corpus", _TOWNS)[:1]
    with _served(folder) as (assistant, address):
        asyncio.run(_everybody(assistant, address, [facts, facts], said))
        corpus = load_corpus(folder / "corpus")
        index = assistant._library._index
        assert index is not None  # it has answered
        indexed = set(index._store.get(include=[])["ids"])
    wanted = {chunk.id for chunk in chunks_of(corpus)}
    lost = [] if indexed == wanted else [f"{len(indexed ^ wanted)} chunks are missing, or odd"]
    lost += _lost_answers(folder, said, [*corpus.documents.values()])
    return lost + [f"{path.name} is left" for path in (folder / "data").glob(".*")]


def _lost_answers(folder: Path, said: Said, documents: Sequence[Document]) -> list[str]:
    """Return what is not kept as it was shown: beyond that, one answer may be, of each page."""
    lost, store = [], Conversations(folder / "data" / DATABASE)
    shown = dict(line.split(maxsplit=2)[1:] for line in said.finished if line.startswith("kept "))
    for exchanges in [store.load(found.id).exchanges for found in store.search()]:
        ids = [each.id for each in exchanges]
        known = [each for each in shown if each in ids]
        if known != ids[: len(known)] or len(ids) > len(known) + 1:
            lost.append("a conversation is another, or in another order, than was shown")
        for each in exchanges:
            asked = each.receipt.answer.question
            if shown.get(each.id, asked) != asked or not verify(each.receipt, documents).stands:
                lost.append(f"{asked} is kept with another answer")
        shown = {each: asked for each, asked in shown.items() if each not in ids}
    return lost + [f"{asked} was shown as kept and is gone" for asked in shown.values()]


async def _everybody(
    assistant: Assistant, address: str, wanted: Sequence[Sequence[Fact]], said: Said
) -> None:
    """Let people ask, the last of them by the API, while as many documents are added."""
    *at_the_page, by_the_api = wanted
    async with (
        httpx.AsyncClient(base_url=address, timeout=None) as client,
        asyncio.TaskGroup() as tasks,
    ):
        for facts in at_the_page:
            tasks.create_task(_read(client, facts, said))
        tasks.create_task(_ask(client, by_the_api, said))
        for number in range(len(by_the_api)):
            market = f"The market of town {number} is held on Sundays. It has {number + 20} stalls."
            await asyncio.to_thread(assistant.write, "Market", market)
            await asyncio.sleep(_BETWEEN_DOCUMENTS)


async def _read(client: httpx.AsyncClient, facts: Sequence[Fact], said: Said) -> None:
    """Ask at the page, and say of each answer when it is shown as kept."""
    page = Visitor(client)
    await page.open()
    for fact in facts:
        said.begin("read")
        shown = ""
        async with aclosing(page.ask(fact.question)) as views:
            async for shown in views:
                if kept := _KEPT.search(shown):
                    said.done(f"kept {kept[1]} {fact.question}")
        if seen(shown, fact) != _RIGHT or not kept:
            raise RuntimeError(f"the page shows {shown}")


async def _ask(client: httpx.AsyncClient, facts: Sequence[Fact], said: Said) -> None:
    """Ask by the HTTP API."""
    for fact in facts:
        said.begin("ask")
        sent = await client.post("api/v1/ask", json={"question": fact.question})
        if judged(Answer.model_validate(sent.raise_for_status().json()), fact) != _RIGHT:
            raise RuntimeError(f"the API answers {sent.text}")
        said.done("asked")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Assistant, str]]:
    """Serve a corpus as `onrecord serve` does, with a stand-in of the model; yield its address."""
    vars(library).update(open_embeddings=lambda *_: FakeEmbeddings(), embedder_id=lambda _: "fake")
    logging.disable(logging.WARNING)  # as the command does
    model = StandIn()
    model.start()
    settings = Settings(
        corpus=folder / "corpus", cache_dir=folder / "cache", model=model.url, answer_cache=0
    )
    with Assistant(settings=settings) as assistant:
        assistant.warm()
        desk = Desk(assistant)
        page = build_page(assistant, Conversations(folder / "data" / DATABASE), desk)
        yield assistant, launch(page, "127.0.0.1", 0, desk=desk)
        page.close(verbose=False)
    model.stop()


_LOADED = ("chromadb", "langchain_chroma", "langchain_openai", "onrecord.retrieve")
ANSWERING = Scenario("answering, at the page and to programs", work, check, _LOADED, 3, 20)
