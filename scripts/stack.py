"""What does a team's server cost? `make stack` starts what deploy/compose.yaml describes.

As processes of this machine, on loopback, in folders of their own: with the same commands, settings
and health checks, less Caddy and the containers. Two apps are asked a question each at once, and a
Markdown table says what each part took: seconds until it was healthy (weights are joined and
compiled then, as at a first start), memory at its peak, and disk. Ends with exit code 1 where a
part does not become healthy, or an app does not answer.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import yaml
from memory import kibibytes

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
IMAGE = {"ONRECORD_CACHE_DIR": "/cache", "ONRECORD_DATA_DIR": "/data", "ONRECORD_CORPUS": "/corpus"}
SERVE = ["serve", "--host", "0.0.0.0", "--no-browser"]  # noqa: S104  # as the Dockerfile has it
PORT = 7860
PATIENCE = 1200.0
QUESTION = "Who mediated the talks?"
USER, PASSWORD = "anna", secrets.token_urlsafe(12)
GIVEN = {"SITE": "localhost", "ENGINE_KEY": secrets.token_hex(24), "CORPUS": str(ROOT / "corpus")}


@dataclass(frozen=True)
class Part:
    """A service of compose.yaml, as a process here.

    Attributes:
        title: Its name in the table.
        service: What compose.yaml says of it.
        folder: Where its volumes are.
        port: Its port; None leaves it as it is.
    """

    title: str
    service: Mapping[str, Any]
    folder: Path
    port: int | None = None

    def command(self, *instead: str) -> list[str]:
        """Return the command line, or that of something else in the same place."""
        program, *given = list[str](self.service.get("entrypoint", ["onrecord"]))
        words = [*given, *(instead or self.service.get("command", SERVE))]
        return [str(BIN / program), *map(self.here, words)]

    @property
    def environment(self) -> dict[str, str]:
        """Return its settings, with this machine's addresses and folders."""
        own = {
            name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")
        }
        said = {**IMAGE, **self.service.get("environment", {})}
        port = {"ONRECORD_PORT": str(self.port)} if self.port else {}
        return {**own, **{name: self.here(value) for name, value in said.items()}, **port}

    def here(self, word: str) -> str:
        """Return a word of compose.yaml as it is to be here."""
        word = filled(word)
        for volume in (*self.service.get("volumes", ()), "data:/data"):
            place, inside = self._volume(volume)
            if word == inside or word.startswith(f"{inside}/"):
                return f"{place}{word.removeprefix(inside)}"
        word = re.sub(r"//(engine|chroma):", "//127.0.0.1:", word)
        word = word.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        return word.replace(f":{PORT}/", f":{self.port}/") if self.port else word

    def disk(self) -> int:
        """Return the bytes of its volumes."""
        files = (each for each in self.folder.rglob("*") if not each.is_symlink())
        return sum(each.stat().st_size for each in files if each.is_file())

    def _volume(self, said: str) -> tuple[Path, str]:
        """Return the folder here, and the one in the container."""
        name, _, inside = filled(said).rpartition(":")
        place = self.folder / name  # a name of the host's own is absolute, and stays
        if not Path(name).is_absolute():
            place.mkdir(parents=True, mode=0o700, exist_ok=True)
        return place, inside


def filled(said: str) -> str:
    """Return what compose.yaml says with its variables put in."""
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: GIVEN[found[1]], said)


@contextmanager
def running(part: Part) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Start a part; yield its process and the seconds until it was healthy."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603
        part.command(), env=part.environment, cwd=part.folder, stdout=subprocess.DEVNULL
    )
    try:
        _kind, _python, *check = part.service["healthcheck"]["test"]
        check = [sys.executable, *map(part.here, check)]
        while subprocess.run(check, check=False, capture_output=True).returncode != 0:  # noqa: S603
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                sys.exit(f"{part.title} did not become healthy.")
            time.sleep(1.0)
        yield process, time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def ask(part: Part) -> dict[str, Any]:
    """Ask an app, as a user of it."""
    answer = httpx.post(
        f"http://127.0.0.1:{part.port}/api/v1/ask",
        json={"question": QUESTION},
        auth=(USER, PASSWORD),
        timeout=600,
        trust_env=False,
    )
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def main() -> None:
    """Start, ask, and print."""
    say, services = sys.stdout.write, COMPOSE["services"]
    with TemporaryDirectory(prefix="onrecord-stack-") as place, ExitStack() as stack:
        shared, apps = Path(place), Path(place) / "app"
        others = [Part(name, services[name], shared / name) for name in ("chroma", "engine")]
        served = [Part(f"app {n + 1}", services["app"], apps, PORT + n) for n in range(2)]
        for part in (*others, *served):
            part.folder.mkdir(exist_ok=True)
        adding = served[0].command("user", "add", USER)
        subprocess.run(  # noqa: S603
            adding,
            input=PASSWORD.encode(),
            env=served[0].environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        started = [(part, *stack.enter_context(running(part))) for part in (*others, *served)]
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(ask, served))
        say("| part | seconds until healthy | memory at its peak, GB | disk, GB |\n|-|-|-|-|\n")
        for part, process, seconds in started:
            disk = f"{part.disk() / 1e9:.2f}" if part is not served[1] else "shared with app 1"
            peak = 1024 * (kibibytes("VmHWM", process.pid) or 0)
            say(f"| {part.title} | {seconds:.0f} | {peak / 1e9:.2f} | {disk} |\n")
        for part, answer in zip(served, answers, strict=True):
            told = json.dumps(answer["text"], ensure_ascii=False)
            say(f"\n{part.title}, in {answer['timings']['total']:.1f} s: {told}\n")
    if any(answer["status"] != "answered" for answer in answers):
        sys.exit(1)


if __name__ == "__main__":
    main()
