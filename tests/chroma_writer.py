"""A process that brings an index at a Chroma server up to date, beside another that does.

python -m tests.chroma_writer ADDRESS FOLDER TEXT: once it knows what the server has not, it says
"ready" and waits for a line; then it goes on, and writes what that took.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onrecord.corpus import load_corpus
from onrecord.index import Index
from onrecord.settings import Settings
from onrecord.types import Document
from onrecord.vectors.server import chroma_server
from tests.fakes import FakeEmbeddings


class Waiting(FakeEmbeddings):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not self.embedded:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.readline()
        return super().embed_documents(texts)


if __name__ == "__main__":
    address, folder, text = sys.argv[1:]
    server = chroma_server(Settings(chroma=address))
    index = Index(Waiting(), "at-once", Path(folder), "corpus", server)
    report = index.sync(load_corpus([Document(id="a", title="a", text=text)]))
    sys.stdout.write(report.model_dump_json())
