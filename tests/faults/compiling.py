"""An embedder that is compiled, and killed on the way."""

from __future__ import annotations

from contextlib import redirect_stderr, suppress
from io import StringIO
from pathlib import Path

import numpy as np

from onrecord.models.compiled import CompiledEmbeddings
from onrecord.models.embedder import _compiled
from tests.faults.killing import Said, Scenario

_SIZE = 32  # of its vectors
_TEXT = "They agreed on peace."


def work(folder: Path, said: Said, number: int) -> None:
    """Compile a tiny embedder; of every second time a damaged one is in its place."""
    source, target = _source(folder), folder / "compiled" / "tiny-1"
    if number % 2 and not target.exists():
        target.mkdir(parents=True)
        (target / "model.onnx").write_bytes(b"half of a file")
    said.begin("compile")
    _compiled(source, target)
    said.done("compile")


def check(folder: Path, said: Said, number: int) -> list[str]:
    """What can be opened gives the vectors of the source, and the next start has it."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    source, target, lost = _source(folder), folder / "compiled" / "tiny-1", []
    disable_progress_bar()
    model = SentenceTransformer(str(source), device="cpu", local_files_only=True)
    expected = model.encode([_TEXT], normalize_embeddings=True)[0]
    with suppress(OSError, RuntimeError):  # it is seen not to be whole
        if not np.allclose(CompiledEmbeddings(target).embed_query(_TEXT), expected, atol=1e-4):
            lost.append("half an embedder is taken for one")
    if not np.allclose(_compiled(source, target).embed_query(_TEXT), expected, atol=1e-4):
        lost.append("the next start has other vectors")
    lost += [f"{path.name} is left" for path in target.parent.glob("*.partial")]
    return lost


def _source(folder: Path) -> Path:
    """Return an embedder of one small layer, with weights of chance; it is made once."""
    source = folder / "source"
    if not source.exists():
        with redirect_stderr(StringIO()):  # bars of progress
            _make(folder).rename(source)
    return source


def _make(folder: Path) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    plain = folder / "plain"
    plain.mkdir(exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz.,;"]
    words += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    (plain / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab_file=str(plain / "vocab.txt")).save_pretrained(str(plain))
    BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=_SIZE,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
        )
    ).save_pretrained(str(plain))
    layers = Transformer(str(plain))
    SentenceTransformer(modules=[layers, Pooling(_SIZE)], device="cpu").save(str(folder / "made"))
    return folder / "made"


COMPILING = Scenario(
    "compiling the embedder", work, check, ("sentence_transformers", "onnxruntime"), 2, 8
)
