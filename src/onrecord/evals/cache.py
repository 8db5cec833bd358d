"""Keeps what was observed of each question, so that a run can be resumed and repeated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue, ValidationError

from onrecord.evals.asking import Observation
from onrecord.evals.facts import EvalError, Fact
from onrecord.files import write_whole


class Cache:
    """A folder with one small JSON file for each observation.

    Args:
        folder: Made at the first need.
        made_of: Everything beside the fact that an answer depends on.
    """

    def __init__(self, folder: Path, made_of: Mapping[str, JsonValue]) -> None:
        self._folder = folder
        self._made_of = dict(made_of)

    def get(self, fact: Fact) -> Observation | None:
        """Return what was kept of a fact; None where that is nothing, or nothing readable."""
        try:
            return Observation.model_validate_json(self._path(fact).read_bytes())
        except (OSError, ValidationError):
            return None

    def put(self, fact: Fact, observed: Observation) -> None:
        """Keep what was observed of a fact: all of it, or, if the process dies, nothing.

        Raises:
            EvalError: The folder cannot be written to.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._path(fact), observed.model_dump_json(indent=1))
        except OSError as error:
            raise EvalError(
                f"{self._folder} cannot keep what was answered: {error}. "
                "Choose another folder for the cache, or none."
            ) from error

    def _path(self, fact: Fact) -> Path:
        known = fact.model_dump(mode="json", exclude={"canary"})  # which says nothing of the answer
        key = json.dumps([known, self._made_of], sort_keys=True)
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
