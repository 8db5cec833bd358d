"""A process that asks an index at a Chroma server again and again, beside another that changes it.

python -m tests.chroma_asker ADDRESS FOLDER TEXT: it says "ready" once its own corpus is there, and
asks for the first sentence until a line comes; then it writes how often it asked, and how often it
was told another.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Thread

from onrecord.corpus import load_corpus
from onrecord.index import Index, chunks_of
from onrecord.settings import Settings
from onrecord.types import Document
from onrecord.vectors.server import chroma_server
from tests.fakes import FakeEmbeddings

if __name__ == "__main__":
    address, folder, text = sys.argv[1:]
    server = chroma_server(Settings(chroma=address))
    index = Index(FakeEmbeddings(), "asked", Path(folder), "corpus", server)
    corpus = load_corpus([Document(id="a", title="a", text=text)])
    index.sync(corpus)
    chunks = {chunk.id: chunk for chunk in chunks_of(corpus)}
    first = next(iter(chunks.values())).text
    vector = FakeEmbeddings().embed_query(first)
    waiting = Thread(target=sys.stdin.readline)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    waiting.start()
    asked = wrong = 0
    while waiting.is_alive():
        (best,) = index.search(vector, tuple(chunks), 1)
        asked, wrong = asked + 1, wrong + (chunks[best].text != first)
    sys.stdout.write(json.dumps({"asked": asked, "wrong": wrong}))
