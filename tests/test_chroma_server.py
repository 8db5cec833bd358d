"""The index in a real Chroma server: `chroma run`, on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import chromadb
import pytest

from onrecord.corpus import Corpus, load_corpus
from onrecord.doctor import Finding, examine
from onrecord.errors import StoreError
from onrecord.index import Index, chunks_of
from onrecord.library import Library
from onrecord.progress import silent
from onrecord.settings import Settings
from onrecord.types import EVERYTHING, Document
from onrecord.vectors.client import connect
from onrecord.vectors.server import ChromaServer, chroma_server
from tests.chroma_process import ChromaProcess, answering, free_port, gate, relayed
from tests.fakes import FakeEmbeddings

FERRY = "The ferry sank on Monday. Nobody was hurt."
BRIDGE = "The mayor opened a bridge. It cost four million euros."


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    process = ChromaProcess()
    process.start(tmp_path_factory.mktemp("chroma"))
    yield process
    process.kill()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def corpus_of(**texts: str) -> Corpus:
    return load_corpus([Document(id=key, title=key, text=text) for key, text in texts.items()])


def ids_of(corpus: Corpus) -> tuple[str, ...]:
    return tuple({chunk.id: None for chunk in chunks_of(corpus)})


def server_at(address: str, token: str | None = None) -> ChromaServer:
    server = chroma_server(Settings(chroma=address, chroma_token=token))
    assert server is not None
    return server


def index_at(address: str, folder: Path, embedder: str, token: str | None = None) -> Index:
    return Index(FakeEmbeddings(), embedder, folder, "corpus", server_at(address, token))


def kept(chroma: ChromaProcess, embedder: str) -> set[str]:
    client = chromadb.HttpClient("127.0.0.1", chroma.port)
    return set(client.get_collection(f"onrecord-{embedder}-1").get(include=[])["ids"])


@pytest.fixture
def settings(tmp_path: Path, chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("onrecord.library.open_embeddings", lambda *_: FakeEmbeddings())
    monkeypatch.setattr("onrecord.library.embedder_id", lambda _: "library")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(f"{FERRY} {BRIDGE}")
    return Settings(cache_dir=tmp_path / "cache", corpus=tmp_path / "corpus", chroma=chroma.address)


def best(library: Library, question: str) -> str:
    return library.consult(lambda edition: edition.glance([question], 1, EVERYTHING))[0].text


def test_what_one_machine_has_embedded_another_need_not(
    chroma: ChromaProcess, tmp_path: Path
) -> None:
    first = index_at(chroma.address, tmp_path / "one", "shared")
    assert first.sync(corpus_of(a=FERRY)).embedded == 3
    second = index_at(chroma.address, tmp_path / "two", "shared")
    report = second.sync(corpus_of(a=FERRY, b=BRIDGE))
    assert (report.embedded, report.added) == (3, ("a", "b"))
    near = second.search(
        FakeEmbeddings().embed_query("the ferry sank"), ids_of(corpus_of(a=FERRY, b=BRIDGE)), 1
    )
    assert set(near) <= set(ids_of(corpus_of(a=FERRY)))


def test_other_versions_of_a_corpus_do_not_disturb_one_another(
    chroma: ChromaProcess, tmp_path: Path
) -> None:
    old, new = corpus_of(a=FERRY, b=BRIDGE), corpus_of(b=BRIDGE)
    here = index_at(chroma.address, tmp_path / "here", "versions")
    there = index_at(chroma.address, tmp_path / "there", "versions")
    here.sync(old)
    assert there.sync(old).embedded == 0
    assert there.sync(new).removed == ("a",)
    ferry = FakeEmbeddings().embed_query("the ferry sank")
    assert here.search(ferry, ids_of(old), 10).keys() == set(ids_of(old))
    assert there.search(ferry, ids_of(new), 10).keys() == set(ids_of(new))


def test_two_processes_at_once(chroma: ChromaProcess, tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {n} stands here." for n in range(100))
    corpus = corpus_of(a=text)
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.chroma_writer", chroma.address, tmp_path / "other", text],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        text=True,
    )
    assert other.stdin
    assert other.stdout
    release = other.stdin

    class Releasing(FakeEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if not self.embedded:
                release.write("\n")
                release.flush()
            return super().embed_documents(texts)

    index = Index(Releasing(), "at-once", tmp_path, "corpus", server_at(chroma.address))
    assert other.stdout.readline() == "ready\n"
    here = index.sync(corpus)
    there = json.loads(other.communicate()[0])
    assert (here.embedded, there["embedded"]) == (len(ids_of(corpus)), len(ids_of(corpus)))
    assert kept(chroma, "at-once") == set(ids_of(corpus))
    assert index.sync(corpus).embedded == 0


@pytest.mark.thorough
def test_another_process_asks_while_one_syncs(chroma: ChromaProcess, tmp_path: Path) -> None:
    asker = subprocess.Popen(
        [sys.executable, "-m", "tests.chroma_asker", chroma.address, tmp_path / "other", FERRY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        text=True,
    )
    assert asker.stdout
    assert asker.stdout.readline() == "ready\n"
    index = index_at(chroma.address, tmp_path, "asked")
    for version in range(4):  # each takes the last one's place, and shares sentences with it
        numbers = range(version * 40, version * 40 + 60)
        text = " ".join(f"Sentence number {n} stands here." for n in numbers)
        index.sync(corpus_of(a=text, b=FERRY))
    told = json.loads(asker.communicate("\n")[0])
    assert told["wrong"] == 0
    assert told["asked"] > 1
    assert asker.returncode == 0


def test_a_server_that_was_started_again_with_its_data(
    chroma: ChromaProcess, settings: Settings, tmp_path: Path
) -> None:
    chroma.kill()
    chroma.start(tmp_path / "data")
    library = Library(settings.corpus, settings, silent)
    assert library.refresh().embedded == 8
    chroma.kill()
    with pytest.raises(StoreError, match="cannot be reached"):
        best(library, "Who opened the bridge?")
    chroma.start(tmp_path / "data")
    assert best(library, "Who opened the bridge?") == "The mayor opened a bridge."
    assert library.refresh().embedded == 0
    assert Library(settings.corpus, settings, silent).refresh().embedded == 0


def test_a_server_that_falls_silent_in_the_middle_is_not_waited_for(
    chroma: ChromaProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.vectors.client._SILENCE", 0.5)
    silenced, heard = set[str](), Event()

    def reply(request: BaseHTTPRequestHandler) -> tuple[int, bytes]:
        if any(request.path.endswith(end) for end in silenced):
            heard.wait(30)
        return relayed(chroma.address, request)

    with answering(reply) as address:
        library = Library(settings.corpus, settings.model_copy(update={"chroma": address}), silent)
        library.refresh()
        silenced.add("/query")
        with pytest.raises(StoreError, match=rf"{address} .* reached, and then said nothing more"):
            best(library, "Who opened the bridge?")
        silenced.clear()
        heard.set()
        assert best(library, "Who opened the bridge?") == "The mayor opened a bridge."


def test_one_whose_database_is_silent_is_not_waited_for(
    chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.vectors.client._PATIENCE", 0.5)
    heard = Event()

    def reply(request: BaseHTTPRequestHandler) -> tuple[int, bytes]:
        if not request.path.endswith("/identity"):
            heard.wait(30)
        return relayed(chroma.address, request)

    with answering(reply) as address:
        with pytest.raises(StoreError, match=rf"{address} .* then said nothing more"):
            connect(server_at(address))
        heard.set()


def test_a_server_that_was_killed_and_started_again(
    chroma: ChromaProcess, settings: Settings, tmp_path: Path
) -> None:
    library = Library(settings.corpus, settings, silent)
    assert best(library, "Who opened the bridge?") == "The mayor opened a bridge."
    chroma.kill()
    with pytest.raises(StoreError, match=rf"{chroma.address} \(ONRECORD_CHROMA\) cannot be .* run"):
        best(library, "Who opened the bridge?")
    (settings.corpus / "b.txt").write_text("A dog won the race.")
    with pytest.raises(StoreError, match="ONRECORD_CHROMA"):
        library.refresh()
    with pytest.raises(StoreError, match="ONRECORD_CHROMA"):
        best(Library(settings.corpus, settings, silent), "Who opened the bridge?")
    (settings.corpus / "b.txt").unlink()
    chroma.start(tmp_path / "empty")
    assert best(library, "Who opened the bridge?") == "The mayor opened a bridge."
    assert len(kept(chroma, "library")) == 8


def test_what_the_server_has_lost_is_made_again(chroma: ChromaProcess, settings: Settings) -> None:
    library = Library(settings.corpus, settings, silent)
    library.refresh()
    client = chromadb.HttpClient("127.0.0.1", chroma.port)
    some = list(kept(chroma, "library"))
    client.get_collection("onrecord-library-1").delete(some[:3])
    assert best(library, "Who opened the bridge?") == "The mayor opened a bridge."
    client.delete_collection("onrecord-library-1")
    (settings.corpus / "b.txt").write_text("A dog won the race.")
    assert best(library, "Which animal won?") == "A dog won the race."
    assert len(kept(chroma, "library")) == 10


def test_what_is_made_anew_on_a_server_is_ones_own(
    chroma: ChromaProcess, settings: Settings, tmp_path: Path
) -> None:
    other = index_at(chroma.address, tmp_path / "other", "library")
    other.sync(corpus_of(c="A dog won the race."))
    library = Library(settings.corpus, settings, silent)
    library.refresh()
    assert library.refresh(anew=True).embedded == 8
    assert other.sync(corpus_of(c="A dog won the race.")).embedded == 0


def test_who_knocks_is_told_that_the_server_is_gone(settings: Settings) -> None:
    Library(settings.corpus, settings, silent).knock()
    nowhere = settings.model_copy(update={"chroma": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(StoreError, match="cannot be reached"):
        Library(settings.corpus, nowhere, silent).knock()


def test_documents_given_as_values_stay_in_memory(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"chroma": f"http://127.0.0.1:{free_port()}"})
    library = Library(Document(id="a", title="a", text=FERRY), nowhere, silent)
    library.knock()
    assert best(library, "What sank?") == "The ferry sank on Monday."


@pytest.mark.parametrize(
    ("header", "shown"), [("Authorization", "Bearer s3cret"), ("X-Chroma-Token", "s3cret")]
)
def test_the_token_is_shown(chroma: ChromaProcess, tmp_path: Path, header: str, shown: str) -> None:
    with gate(chroma.address, shown, header) as address:
        index = index_at(address, tmp_path, header, "s3cret")
        assert index.sync(corpus_of(a=FERRY)).embedded == 3
        with pytest.raises(StoreError, match="ONRECORD_CHROMA_TOKEN") as refused:
            index_at(address, tmp_path, header, "another")
        assert "another" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b"", r"does not answer as Chroma 1\.0 or newer does \(404\)"),
        (200, b"<html>A page</html>", "no Chroma server"),
        (500, b"", "cannot be used"),
        (503, b"", "is not ready"),
    ],
)
def test_what_is_no_chroma_is_said_to_be_none(status: int, body: bytes, said: str) -> None:
    with (
        answering(lambda _: (status, body)) as address,
        pytest.raises(StoreError, match=said) as refused,
    ):
        connect(server_at(address))
    assert "ONRECORD_CHROMA" in str(refused.value)


def test_one_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.vectors.client._PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent_one:
        address = f"http://127.0.0.1:{silent_one.getsockname()[1]}"
        with pytest.raises(StoreError, match=rf"{address} \(ONRECORD_CHROMA\) does not answer"):
            connect(server_at(address))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1:8000", "begin with http"),
        ("localhost:8000", "begin with http"),
        ("ftp://localhost:8000", "begin with http"),
        ("http://", "begin with http"),
        ("http://localhost:port", "no address"),
        ("http://localhost:99999", "no address"),
        ("http://[::1", "no address"),
        ("http://localhost:8000/api/v2", "nothing behind the port"),
        ("http://localhost:8000?token=s3cret", "nothing behind the port"),
        ("http://user:s3cret@localhost:8000", "ONRECORD_CHROMA_TOKEN"),
        ("http://user:s3/cret@localhost:8000", "ONRECORD_CHROMA_TOKEN"),
    ],
)
def test_an_address_of_no_use_is_explained(address: str, why: str) -> None:
    with pytest.raises(StoreError, match=why) as refused:
        chroma_server(Settings(chroma=address))
    assert "ONRECORD_CHROMA" in str(refused.value)
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("http://localhost:8000/", "http://localhost:8000"),
        ("HTTPS://httpd.example", "https://httpd.example:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_may_be_written_in_several_ways(given: str, address: str) -> None:
    assert server_at(given).address == address
    assert chroma_server(Settings(chroma="")) is None


def test_the_index_is_kept_in_the_database_that_is_named(
    chroma: ChromaProcess, settings: Settings
) -> None:
    admin = chromadb.AdminClient(
        chromadb.Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host="127.0.0.1",
            chroma_server_http_port=chroma.port,
        )
    )
    named = {"chroma_tenant": "team-1", "chroma_database": "answers"}
    library = Library(settings.corpus, settings.model_copy(update=named), silent)
    with pytest.raises(StoreError, match="no database answers of tenant team-1") as refused:
        library.refresh()
    assert "ONRECORD_CHROMA_DATABASE" in str(refused.value)
    admin.create_tenant("team-1")
    admin.create_database("answers", tenant="team-1")
    assert library.refresh().embedded == 8
    assert best(library, "Who opened the bridge?") == "The mayor opened a bridge."
    there = chromadb.HttpClient("127.0.0.1", chroma.port, tenant="team-1", database="answers")
    assert there.get_collection("onrecord-library-1").count() == 8


@pytest.mark.parametrize("setting", ["chroma_tenant", "chroma_database"])
@pytest.mark.parametrize("name", ["..", "a/b", "a?b", "", " a"])
def test_a_name_that_would_lead_elsewhere_is_refused(setting: str, name: str) -> None:
    with pytest.raises(StoreError, match=f"ONRECORD_{setting.upper()} is no name"):
        chroma_server(Settings(chroma="http://localhost:8000", **{setting: name}))


def test_a_token_that_cannot_be_one_is_not_repeated() -> None:
    with pytest.raises(StoreError, match="ONRECORD_CHROMA_TOKEN") as refused:
        chroma_server(Settings(chroma="http://localhost:8000", chroma_token="s3cret\n"))
    assert "s3cret" not in str(refused.value)


def test_this_machine_is_not_asked_through_a_proxy(
    chroma: ChromaProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    index_at(chroma.address, tmp_path, "proxied")
    monkeypatch.delenv("NO_PROXY")
    with pytest.raises(StoreError, match=r"NO_PROXY=127\.0\.0\.1"):
        index_at(chroma.address, tmp_path, "proxied")


def test_the_doctor_asks_the_server(settings: Settings) -> None:
    assert _finding(settings).detail == f"kept by Chroma at {settings.chroma}, which answers"
    nowhere = settings.model_copy(update={"chroma": f"http://127.0.0.1:{free_port()}"})
    assert not _finding(nowhere).ok
    assert "cannot be reached" in _finding(nowhere).detail
    here = settings.model_copy(update={"chroma": None})
    assert _finding(here).detail == f"kept in {settings.cache_dir / 'index'}"


def _finding(settings: Settings) -> Finding:
    return next(finding for finding in examine(settings) if finding.what == "index")
