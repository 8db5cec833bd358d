"""Every knob, named once. Each is read from the environment as ONRECORD_<NAME>."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_HOSTNAME = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*")


class Settings(BaseSettings):
    """How onrecord behaves. Values given in Python win over the environment.

    An empty value of the environment is none.

    Raises:
        pydantic.ValidationError: A value is of the wrong kind or out of its range.
    """

    model_config = SettingsConfigDict(
        env_prefix="ONRECORD_", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    corpus: Path = Field(Path("corpus"), description="Folder or file that questions are about.")
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("onrecord", appauthor=False),
        description="Where weights, the index and the engine's address are kept.",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("onrecord", appauthor=False),
        description="Where conversations are kept.",
    )

    chroma: str | None = Field(
        None,
        description="Address (http://host:port) of a Chroma server that keeps the index instead.",
    )
    chroma_token: SecretStr | None = Field(
        None, description="What that server, or the gateway before it, wants to be shown."
    )
    chroma_tenant: str = Field(
        "default_tenant", description="Whose of that server's tenants the database is."
    )
    chroma_database: str = Field(
        "default_database", description="That server's database that the index is kept in."
    )

    model: str = Field(
        "local",
        description="'local', 'engine:' and the http(s) address of an engine that another machine "
        "lends, such an address alone for any OpenAI-compatible server, or 'provider:name' "
        "(openai, anthropic, ollama, ...).",
    )
    api_key: SecretStr | None = Field(
        None, description="Key for a model given by address; providers read their own variables."
    )
    model_timeout: float = Field(
        60.0,
        gt=0,
        allow_inf_nan=False,
        description="Seconds to wait for a model's answer; unless set, 300 for the local one.",
    )
    model_retries: int = Field(
        2,
        ge=0,
        description="Times that a failed model call is tried again; unless set, 0 for the local "
        "one, which is started anew where it has died.",
    )

    weights: Path | None = Field(None, description="A language model file (GGUF) to use instead.")
    embedder: Path | None = Field(
        None, description="A sentence-transformers folder to use instead of the default embedder."
    )
    allow_hub: bool = Field(False, description="May missing weights be fetched from the model hub?")
    engine_threads: int = Field(
        0, ge=0, description="Threads of the local engine; 0: one per core."
    )
    engine_port: int = Field(0, ge=0, le=65535, description="Port of the local engine; 0: any.")
    engine_key: SecretStr | None = Field(
        None,
        description="What others are to show (ONRECORD_API_KEY) whom `onrecord engine` serves.",
    )

    candidates: int = Field(8, ge=1, le=50, description="Sentences that retrieval hands on.")
    readings: int = Field(
        2,
        ge=1,
        le=50,
        description="Candidates that a model without a reader judges, one at a time.",
    )
    threshold: float = Field(
        -2.5,
        allow_inf_nan=False,  # no confidence is below "nan", so that all would be answered
        description="Confidence (nats) below which onrecord says that the corpus does not say.",
    )
    max_waiting: int = Field(
        50, ge=0, description="Questions that wait for their turn at a server; others are refused."
    )
    answer_cache: int = Field(
        256, ge=0, description="Answers of the local model that a server keeps in memory; 0: none."
    )
    max_question: int = Field(2000, ge=1, description="Longest question, in characters.")

    host: str = Field("127.0.0.1", description="Address that the page is served on.")
    port: int = Field(7860, ge=0, le=65535, description="Port of the page; 0: any free one.")
    users: Path | None = Field(
        None, description="File of those who may log in, which `onrecord user add` writes."
    )
    open: bool = Field(
        False, description="May everybody who can reach the page ask, with no login?"
    )
    hostnames: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names by which others reach the page (a.example,b.example); "
        "where given, no other name is answered to.",
    )

    log: Literal["plain", "json"] = Field(
        "plain",
        description="How a server logs: as it comes, or one JSON object a line, each question too.",
    )
    log_text: bool = Field(
        False, description="May questions and answers themselves stand in the JSON log?"
    )
    metrics: bool = Field(False, description="Are metrics for Prometheus served, at /metrics?")
    otel: bool = Field(
        False, description="Are traces sent, to where OpenTelemetry's own variables say?"
    )

    @field_validator("hostnames", mode="before")
    @classmethod
    def _apart(cls, given: object) -> object:
        """Take names apart at their commas, as they stand in the environment."""
        if not isinstance(given, str):
            return given
        return tuple(name.strip() for name in given.split(",") if name.strip())

    @field_validator("hostnames")
    @classmethod
    def _are_names(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        names = tuple(name.lower() for name in given)
        for name in names:
            if not _HOSTNAME.fullmatch(name):
                raise ValueError(
                    f"{name!r} is not a host name; write names alone, such as answers.example, "
                    "without scheme, port or path, and commas between them"
                )
        return names
