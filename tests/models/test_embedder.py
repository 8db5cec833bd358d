from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from filelock import FileLock
from langchain_core.embeddings import FakeEmbeddings

from onrecord import alone
from onrecord.errors import WeightsError
from onrecord.models import embedder
from onrecord.models.compile import NotCompiledError, compile_embedder
from onrecord.models.compiled import GRAPH, CompiledEmbeddings
from onrecord.models.embedder import embedder_id, open_embeddings
from onrecord.models.weights import EMBEDDER, embedder_path
from onrecord.settings import Settings


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    folder = tmp_path / "own"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling" / "config.json").write_text("{}")
    return settings.model_copy(update={"embedder": folder})


def test_the_default_embedder_is_named_by_its_weights(settings: Settings) -> None:
    assert embedder_id(settings) == EMBEDDER.files[0].sha256[:12]


def test_another_embedder_has_another_name(own: Settings, settings: Settings) -> None:
    assert own.embedder is not None
    names = {embedder_id(settings), embedder_id(own)}
    (own.embedder / "modules.json").write_text("[{}]")
    names.add(embedder_id(own))
    os.utime(own.embedder / "1_Pooling" / "config.json", ns=(1, 1))
    names.add(embedder_id(own))
    (own.embedder / "1_Pooling").rename(own.embedder / "2_Pooling")
    names.add(embedder_id(own))
    assert len(names) == 5
    assert embedder_id(own) in names


@pytest.mark.parametrize(
    "modules",
    ["[]", "{", '[{"idx": 0, "name": "0", "path": "", "type": "os.system"}]'],
    ids=["empty", "no JSON", "foreign code"],
)
def test_a_folder_that_is_no_embedder_is_explained(own: Settings, modules: str) -> None:
    assert own.embedder is not None
    (own.embedder / "modules.json").write_text(modules)
    with pytest.raises(WeightsError, match=f"{own.embedder}.*ONRECORD_EMBEDDER"):
        open_embeddings(own)


def test_the_default_embedder_is_checked_again_where_it_cannot_be_loaded(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_folders: Path) -> None:
        raise ValueError("damaged")

    monkeypatch.setattr(embedder, "embedder_path", lambda *_: tmp_path)
    monkeypatch.setattr(embedder, "_load", damaged)
    with pytest.raises(WeightsError, match=r"cannot be loaded \(damaged\)\. Try again: .*checked"):
        open_embeddings(settings)


@pytest.mark.model
def test_the_embedder_needs_no_network_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def offline(*_arguments: object, **_options: object) -> None:
        raise OSError("there is no network")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    embeddings = open_embeddings(Settings())
    peace, talks, cake = embeddings.embed_documents(
        ["They agreed on peace.", "The talks ended the war.", "Bake the cake for an hour."]
    )
    assert len(peace) == 768
    assert sum(value * value for value in peace) == pytest.approx(1.0)
    assert dot(peace, talks) > dot(peace, cake)
    assert embeddings.embed_query("They agreed on peace.") == pytest.approx(peace, abs=1e-5)
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_compiled_it_gives_the_same_vectors(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    source, target = embedder_path(Settings()), tmp_path / "compiled"
    compile_embedder(source, target)
    plain = SentenceTransformer(str(source), device="cpu")
    texts = ["", "No.", "A\nline", " Größe — 東京 ", "They agreed on peace. " * 200, "The talks."]
    vectors = CompiledEmbeddings(target).embed_documents(texts)
    # As LangChain's wrapper hands them over, which is what the index was made with before.
    given = [text.replace("\n", " ") for text in texts]
    for ours, theirs in zip(vectors, plain.encode(given, normalize_embeddings=True), strict=True):
        assert ours == pytest.approx(list(theirs), abs=1e-5)
    assert [each.name for each in tmp_path.iterdir()] == ["compiled"]


@pytest.mark.model
def test_once_compiled_it_starts_without_pytorch() -> None:
    open_embeddings(Settings())
    code = (
        "import sys; from onrecord import Assistant; Assistant().search('peace');"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_its_runtime_tells_its_makers_nothing(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    script = "import sys; from onrecord.models.compiled import CompiledEmbeddings\n"
    script += "from pathlib import Path; CompiledEmbeddings(Path(sys.argv[1]))"
    # Where tests run by themselves it would be silent anyway.
    kept = ("PATH", "PYTHONPATH", "VIRTUAL_ENV")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**clean, "HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert GRAPH in done.stderr  # it got as far as that
    assert list((tmp_path / "home").rglob("*")) == []


class Counting:
    """In the place of ONNX Runtime and a tokenizer: how many runs there were at once?"""

    def __init__(self, *_: object, **__: object) -> None:
        self._now, self.most = 0, 0

    def get_inputs(self) -> list[object]:
        return []

    def encode_batch(self, texts: list[str]) -> list[object]:
        return []

    def run(self, *_: object) -> tuple[np.ndarray]:
        self._now += 1
        self.most = max(self.most, self._now)
        time.sleep(0.01)
        self._now -= 1
        return (np.zeros((1, 3)),)


def test_however_many_ask_two_batches_are_embedded_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Counting()
    (tmp_path / GRAPH).touch()
    monkeypatch.setattr("onnxruntime.InferenceSession", lambda *_, **__: session)
    monkeypatch.setattr("tokenizers.Tokenizer", SimpleNamespace(from_file=Counting))
    with ThreadPoolExecutor(8) as people:
        list(people.map(CompiledEmbeddings(tmp_path).embed_query, ["Who?"] * 16))
    assert session.most == 2


def test_what_is_damaged_is_not_used(tmp_path: Path) -> None:
    (tmp_path / GRAPH).write_bytes(b"half of a file")
    with pytest.raises(RuntimeError, match="holds no compiled embedder"):
        CompiledEmbeddings(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        CompiledEmbeddings(tmp_path / "nowhere")


@pytest.mark.parametrize("error", [NotCompiledError("no"), OSError("full"), RuntimeError("odd")])
def test_what_cannot_be_compiled_is_used_as_it_is(
    own: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_folders: Path) -> None:
        raise error

    plain = FakeEmbeddings(size=3)
    monkeypatch.setattr(embedder, "_be_quiet", lambda: None)
    monkeypatch.setattr(embedder, "compile_embedder", fail)
    monkeypatch.setattr(embedder, "_as_it_is", lambda folder: plain)
    assert open_embeddings(own) is plain


def test_who_compiles_for_long_is_not_waited_for_for_ever(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, told = FakeEmbeddings(size=3), list[str]()
    monkeypatch.setattr(alone, "MOMENT", 0.01)
    monkeypatch.setattr(alone, "LONGEST", 0.01)
    monkeypatch.setattr(embedder, "_as_it_is", lambda folder: plain)
    compiled = own.cache_dir / "compiled"
    compiled.mkdir(parents=True)
    with FileLock(compiled / f"{embedder_id(own)}-1.lock"):
        assert open_embeddings(own, lambda message, _: told.append(message)) is plain
    assert told[-1] == "Waiting for another onrecord to be done with compiling the embedder"


def dot(first: list[float], second: list[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))
