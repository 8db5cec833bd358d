"""How fast the engine reads and writes, by itself: `python scripts/engine.py`.

Has it read the first document of corpus/ and copy how that begins, several times, with nothing
taken over from the time before, and prints the tokens of a second. So two builds of it can be
compared: run it, `make native`, and run it again. `--speculate` has it guess what comes next by
what stood behind the same words before, several tokens at a time, which copying should help most.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import httpx

from onrecord.corpus import load_corpus
from onrecord.models import starting
from onrecord.models.engine import Engine
from onrecord.settings import Settings

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
TIMES, WRITTEN = 6, 48
BEGUN = 60  # characters of what is to be copied
GUESSED_BY, GUESSED = 3, 12  # tokens
FIGURES = {"read": "prompt_per_second", "written": "predicted_per_second"}


def guessing(model: Path, settings: Settings, key: str) -> Any:  # noqa: ANN401
    """Return an engine's parameters, with speculation by n-grams."""
    import xllamacpp

    params = PLAIN(model, settings, key)
    params.speculative.types = [
        xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE
    ]
    params.speculative.ngram_simple.size_n = GUESSED_BY
    params.speculative.ngram_simple.size_m = GUESSED
    return params


PLAIN = starting._parameters


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speculate", action="store_true", help="guess several tokens at a time")
    how = guessing if parser.parse_args().speculate else PLAIN
    engine = Engine(Settings())
    with patch.object(starting, "_parameters", how):
        address = engine.connect()
    text = next(iter(load_corpus(CORPUS).documents.values())).text
    asked = {"n_predict": WRITTEN, "cache_prompt": False, "ignore_eos": True, **starting.WRITING}
    seen: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _ in range(TIMES):
        with engine.turn():
            answer = httpx.post(
                f"{address.url}/completion",
                json={"prompt": f"{uuid4()}\n{text}\n\nAgain:\n{text[:BEGUN]}", **asked},
                headers={"Authorization": f"Bearer {address.key}"},
                timeout=300,
            )
        for name, figure in FIGURES.items():
            seen[name].append(answer.raise_for_status().json()["timings"][figure])
    for name, figures in seen.items():
        low, middle, high = min(figures), statistics.median(figures), max(figures)
        sys.stdout.write(
            f"tokens {name} in a second: {middle:.0f} ({low:.0f} to {high:.0f}, {TIMES} times)\n"
        )
    engine.close()


if __name__ == "__main__":
    main()
