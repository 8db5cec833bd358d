"""How fast the engine reads and writes, by itself: `python scripts/engine.py`.

Has it read the first document of corpus/ and go on from there, several times, with nothing taken
over from the time before, and prints the tokens of a second. So two builds of it can be compared:
run it, `make native`, and run it again.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from uuid import uuid4

import httpx

from onrecord.corpus import load_corpus
from onrecord.models.engine import Engine
from onrecord.models.starting import WRITING
from onrecord.settings import Settings

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
TIMES, WRITTEN = 6, 48
FIGURES = {"read": "prompt_per_second", "written": "predicted_per_second"}


def main() -> None:
    """Measure, and print."""
    engine = Engine(Settings())
    address = engine.connect()
    document = next(iter(load_corpus(CORPUS).documents.values()))
    asked = {"n_predict": WRITTEN, "cache_prompt": False, "ignore_eos": True, **WRITING}
    seen: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _ in range(TIMES):
        with engine.turn():
            answer = httpx.post(
                f"{address.url}/completion",
                json={"prompt": f"{uuid4()} {document.text}", **asked},
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
