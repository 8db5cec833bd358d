"""A sentence-transformers folder -> the same model in ONNX, once per machine.

To import PyTorch and Transformers takes longer than all else that a question needs in a new
process; ONNX Runtime starts in a fraction of that, and its vectors are the same to five digits.
"""

from __future__ import annotations

import shutil
import warnings
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.models.compiled import GRAPH, OUTPUT, TOKENIZER, CompiledEmbeddings

_PROBES = ["They agreed on peace.", "Bake the cake for an hour, then let it cool; it will keep."]
_MOST_OFF = 1e-4  # of a vector's component, against what sentence-transformers gives
_OPSET = 17


class NotCompiledError(Exception):
    """This embedder does something that is not compiled; it can be used as it is."""


def compile_embedder(source: Path, target: Path) -> None:
    """Write the compiled model of a sentence-transformers folder to another folder.

    `target` appears when it is whole, and gives the vectors that the source gives.

    Raises:
        NotCompiledError: The model is of a kind that cannot be compiled.
        OSError, ValueError, KeyError, RuntimeError: The source is no embedder, or the target
            cannot be written.
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu", local_files_only=True)
    if model.default_prompt_name:
        raise NotCompiledError("it puts a prompt before each text")
    scratch = target.with_name(f".{target.name}.partial")
    shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
    scratch.mkdir(parents=True)
    try:
        _write_tokenizer(model, scratch / TOKENIZER)
        _write_graph(model, scratch / GRAPH)
        _compare(model, CompiledEmbeddings(scratch))
        shutil.rmtree(target, ignore_errors=True)
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_tokenizer(model: Any, path: Path) -> None:  # noqa: ANN401
    fast = getattr(model.tokenizer, "backend_tokenizer", None)
    if fast is None:
        raise NotCompiledError("its tokenizer is not one of the tokenizers library")
    fast.enable_truncation(max_length=model.max_seq_length or model.tokenizer.model_max_length)
    fast.enable_padding(pad_id=model.tokenizer.pad_token_id, pad_token=model.tokenizer.pad_token)
    fast.save(str(path))


def _write_graph(model: Any, path: Path) -> None:  # noqa: ANN401
    import torch

    class Vectors(torch.nn.Module):  # type: ignore[misc]  # its types are left unread
        def __init__(self, names: list[str]) -> None:
            super().__init__()
            self.model = model
            self.names = names

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            given = dict(zip(self.names, tensors, strict=True))
            return torch.nn.functional.normalize(self.model(given)["sentence_embedding"], dim=1)

    given = model.tokenizer(_PROBES, padding=True, return_tensors="pt")
    axes = {name: {0: "texts", 1: "tokens"} for name in given}
    quiet = StringIO()
    with warnings.catch_warnings(), redirect_stdout(quiet), redirect_stderr(quiet):
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                Vectors(list(given)).eval(),
                tuple(given.values()),
                str(path),
                input_names=list(given),
                output_names=[OUTPUT],
                dynamic_axes={**axes, OUTPUT: {0: "texts"}},
                opset_version=_OPSET,
                dynamo=False,
            )
        except (torch.onnx.OnnxExporterError, TypeError, AttributeError) as error:
            raise NotCompiledError(f"it cannot be written as ONNX ({error})") from error


def _compare(model: Any, compiled: CompiledEmbeddings) -> None:  # noqa: ANN401
    """Compare vectors, of texts of other lengths too than those that the graph was traced with."""
    for texts in (_PROBES, _PROBES[:1], [" ".join(_PROBES * 2)]):
        expected = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        if np.abs(np.array(compiled.embed_documents(texts)) - expected).max() > _MOST_OFF:
            raise NotCompiledError("compiled, it gives other vectors")
