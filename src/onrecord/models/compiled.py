"""An embedder that was compiled to ONNX: it starts without PyTorch (see `compile.py`)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import BoundedSemaphore

import numpy as np
from langchain_core.embeddings import Embeddings

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
OUTPUT = "vectors"

_BATCH = 32
_AT_ONCE = 2
"""Batches: a question need not wait for an index. Each takes some 20 MB for a moment."""


class CompiledEmbeddings(Embeddings):
    """Texts -> vectors of length 1, by a folder that `compile_embedder` has made.

    Raises:
        RuntimeError, OSError: The folder's files are missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it tells its makers, from its import on
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors; what is wrong is raised anyway
        # Between two questions the cores belong to the language model.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False  # it would keep what the longest batch took
        graph = (folder / GRAPH).resolve(strict=True)
        providers = ["CPUExecutionProvider"]
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session = onnxruntime.InferenceSession(graph, options, providers=providers)
        except Exception as error:
            raise RuntimeError(f"{folder} holds no compiled embedder: {error}") from error
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._room = BoundedSemaphore(_AT_ONCE)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each text, in their order."""
        vectors: list[list[float]] = [[]] * len(texts)
        for batch in _batches(texts):
            for place, vector in zip(batch, self._run([texts[n] for n in batch]), strict=True):
                vectors[place] = vector
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        return self._run([text])[0]

    def _run(self, texts: Sequence[str]) -> list[list[float]]:
        # As sentence-transformers and its LangChain wrapper treat a text before they read it.
        encoded = self._tokenizer.encode_batch([text.replace("\n", " ").strip() for text in texts])
        tensors = {
            "input_ids": [each.ids for each in encoded],
            "attention_mask": [each.attention_mask for each in encoded],
            "token_type_ids": [each.type_ids for each in encoded],
        }
        fed = {name: np.array(tensors[name], dtype=np.int64) for name in self._inputs}
        with self._room:
            (vectors,) = self._session.run([OUTPUT], fed)
        rows: list[list[float]] = vectors.tolist()
        return rows


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts of like length: a batch is as slow as its longest text."""
    places = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(places), _BATCH):
        yield places[start : start + _BATCH]
