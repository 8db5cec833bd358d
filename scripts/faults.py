"""Is anything lost when a process is killed? `make faults` tries it, and prints Markdown.

Starts processes that join weights, index, change the corpus folder, keep conversations, answer and
so on, in folders of their own, and ends them with SIGKILL at moments of chance (`--seed`). Whatever
they had reported as done must be there afterwards, nothing half may be taken for whole, and the
next start must have everything right. Ends with exit code 1 where that is not so.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for tests/

from tests.faults.killing import Tally, killed, processes_for
from tests.faults.scenarios import QUICK
from tests.faults.slow_scenarios import SLOW


def main() -> int:
    """Kill, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments of chance")
    seed = parser.parse_args().seed
    began, say, tallies = time.monotonic(), sys.stdout.write, []
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"  # who is killed gives nothing back
    processes = processes_for((*QUICK, *SLOW))
    say("| what | kills | in the middle | lost | put right by the next start | seconds |\n")
    say("|-|-|-|-|-|-|\n")
    with TemporaryDirectory(prefix="onrecord-faults-") as folder:
        for scenario in (*QUICK, *SLOW):
            place = Path(folder) / scenario.work.__module__
            tally = killed(scenario, processes, place, scenario.many, seed)
            say(row(tally))
            sys.stdout.flush()
            tallies.append(tally)
    total = Tally(
        "all",
        sum(tally.kills for tally in tallies),
        sum(tally.middle for tally in tallies),
        tuple(what for tally in tallies for what in tally.lost),
        sum(tally.repaired for tally in tallies),
        time.monotonic() - began,
    )
    say(row(total) + "".join(f"{what}\n" for what in total.lost))
    return 1 if total.lost else 0


def row(tally: Tally) -> str:
    """Return a row of the table."""
    cells = (tally.title, tally.kills, tally.middle, len(tally.lost), tally.repaired)
    return f"| {' | '.join(map(str, cells))} | {tally.seconds:.0f} |\n"


if __name__ == "__main__":
    sys.exit(main())
