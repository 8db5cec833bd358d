"""Many people at once: is all answered, rightly, in turn? `make load` tries it, prints Markdown.

Starts the real server in a process of its own, on a corpus of its own, and lets people who log in
ask for some minutes: half of them at the page (without a browser: what its script sends, and what
comes back), the others by the HTTP API. Each sentence of the corpus answers one question, so it is
known what each answer has to cite. Ends with exit code 1 where there is an error or a mixed-up
answer, where the server's memory still grows in the second half (of seven minutes or more), and
where somebody has more than three times as many answers as another.

With `--model stand-in` (the default) no model answers, but a small server that takes the sentence
that shares most words (tests/load/stand_in.py): so that thousands of questions go through all the
rest. With `--model local` the local model answers, a few questions a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for tests/

from memory import kibibytes

from tests.load.crowd import PASSWORD, crowd, names
from tests.load.figures import Sample, failures, growth, report, unfairness
from tests.load.serving import ROOT, started
from tests.load.towns import write_corpus
from tests.passwords import write_users

PLACE = ROOT / "out" / "load"
TOWNS = 30
BETWEEN_SAMPLES = 5.0  # seconds
SHOWN = 20


def main() -> int:
    """Let people ask, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--model", choices=("stand-in", "local"), default="stand-in")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--waiting", type=int, default=40, help="how many questions may wait")
    parser.add_argument("--cache", type=int, default=0, help="how many answers are kept")
    asked = parser.parse_args()
    shutil.rmtree(PLACE, ignore_errors=True)
    facts = write_corpus(PLACE / "corpus", TOWNS)
    users = write_users(PLACE / "users", **dict.fromkeys(names(asked.people), PASSWORD))
    settings = {
        "ONRECORD_USERS": str(users),
        "ONRECORD_DATA_DIR": str(PLACE / "data"),
        "ONRECORD_MAX_WAITING": str(asked.waiting),
        "ONRECORD_ANSWER_CACHE": str(asked.cache),
    }
    log = PLACE / "server.log"
    with ExitStack() as stack:
        if asked.model == "stand-in":
            stand_in = started(["tests.load.stand_in"], PLACE / "stand-in.log")
            settings["ONRECORD_MODEL"] = stack.enter_context(stand_in)[0]
        serving = ["onrecord", "serve", "--no-browser", "--port", "0", "--corpus"]
        server = started([*serving, str(PLACE / "corpus")], log, settings)
        address, process = stack.enter_context(server)
        with watched(process) as memory:
            people = asyncio.run(crowd(address, asked.people, asked.minutes * 60, facts))
        (last,) = asyncio.run(crowd(address, 1, 1, facts))  # nobody is before it any more
    say = sys.stdout.write
    say(report(people, memory))
    wrong = failures([*people, last])
    if last.places:
        wrong.append(f"Places were kept for people who have gone: {last.places}")
    wrong += filter(None, (growth(memory), unfairness(people)))
    if "Traceback" in log.read_text(encoding="utf-8"):
        wrong.append(f"The server has complained: {log}")
    say("".join(f"{what}\n" for what in wrong[:SHOWN]))
    return 1 if wrong else 0


@contextmanager
def watched(process: int) -> Iterator[list[Sample]]:
    """Yield a list to which samples of a process's memory are added, until the end of the block."""
    samples: list[Sample] = []
    began, ended = time.monotonic(), Event()

    def watch() -> None:
        while not ended.wait(BETWEEN_SAMPLES):
            resident = kibibytes("VmRSS", process)
            if resident is not None:
                samples.append(Sample((time.monotonic() - began) / 60, resident / 1000))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
