"""Where a page runs that would answer the same: noted while it is served, for who asks beside it.

A process that asks one question takes seconds to import its libraries and to load index and
embedder, all of which such a page has in memory. So it has the page answer instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Final

import httpx
from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from onrecord.files import write_whole
from onrecord.settings import Settings
from onrecord.types import Answer, Scope, Value

_PACKAGE = Path(__file__).parent
_OF_THE_PAGE: Final = {
    *("host", "port", "users", "open", "hostnames", "max_waiting", "answer_cache"),
    *("log", "log_text", "metrics", "otel", "engine_key", "engine_port", "engine_threads"),
    *("corpus", "data_dir"),
}
"""The settings on which no answer depends; `sources` says what is asked."""
_PRIVATE = 0o600
_MOMENT = 2.0  # seconds, in which whoever looks is through, and a page at rest takes a connection
_LONGEST = 600.0  # seconds; other questions may be answered before


class ServedPage(Value):
    """A page on this machine, for whoever sits at it and nobody else.

    Attributes:
        url: Its address, which ends in a slash; always on loopback.
    """

    url: str = Field(pattern=r"^http://(127(\.\d{1,3}){3}|localhost|\[::1\]):\d{1,5}/$")

    def ask(self, question: str, scope: Scope) -> Answer | None:
        """Return the page's answer; None where it has none, be it gone or that it refuses to.

        Whoever asks the corpus itself then learns what is wrong. No proxy is asked for loopback.
        """
        asked = {"question": question, "scope": scope.model_dump(mode="json")}
        wait = httpx.Timeout(_LONGEST, connect=_MOMENT)
        try:
            said = httpx.post(f"{self.url}api/v1/ask", json=asked, timeout=wait, trust_env=False)
            return Answer.model_validate_json(said.raise_for_status().content)
        except (httpx.HTTPError, ValidationError, UnicodeEncodeError):
            return None


@contextmanager
def noting(sources: Sequence[Path], settings: Settings) -> Iterator[Callable[[str], None]]:
    """Give what notes the address of a page, until the end of the block.

    A lock is held as long, which ends with the process however it ends: so no note outlives its
    page, whose port may be somebody else's by then. Where there is a page already that answers the
    same, or the cache folder can have no locks or no files, nothing is noted. What pages that were
    killed have left there is swept away.

    Args:
        sources: What the page's questions are about.
        settings: Those that it answers by.
    """
    note = _note_of(sources, settings)
    lock = _lock_of(note)
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        for left in note.parent.glob("*.json"):
            _is_served(left)
        lock.acquire(timeout=_MOMENT)
    except (OSError, NotImplementedError):  # which a time-out is, too
        pass

    def write(url: str) -> None:
        if lock.is_locked:
            with suppress(OSError, ValidationError):
                write_whole(note, ServedPage(url=url).model_dump_json(), _PRIVATE)

    try:
        yield write
    finally:
        if lock.is_locked:
            note.unlink(missing_ok=True)
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)


def served_page(sources: Sequence[Path], settings: Settings) -> ServedPage | None:
    """Return the page that would answer what this process would, if one is served.

    Args:
        sources: What is to be asked about.
        settings: Those that it would be answered by.
    """
    note = _note_of(sources, settings)
    with suppress(OSError, ValueError):
        if note.exists() and _is_served(note):
            return ServedPage.model_validate_json(note.read_bytes())
    return None


def _is_served(note: Path) -> bool:
    """Tell whether a note's page is served; where it has ended, and could not say so, it goes."""
    try:
        with _lock_of(note).acquire(timeout=0) as free:
            note.unlink(missing_ok=True)
            Path(free.lock_file).unlink(missing_ok=True)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        pass
    return False


def _lock_of(note: Path) -> FileLock:
    return FileLock(note.with_suffix(".lock"))


def _note_of(sources: Sequence[Path], settings: Settings) -> Path:
    """Return the file of a page's note, whose name stands for all that its answers depend on.

    The code is of that too: a page that was started before a change answers as it did then.
    """
    knobs = {
        name: str(value.resolve() if isinstance(value, Path) else value)
        for name, value in settings
        if name not in _OF_THE_PAGE
    }
    code = max(path.stat().st_mtime_ns for path in _PACKAGE.rglob("*.*") if path.suffix != ".pyc")
    asked = sorted(str(path.resolve()) for path in sources or [settings.corpus])
    decides = [asked, knobs, metadata.version("onrecord"), code]
    name = hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:32]
    return settings.cache_dir / "pages" / f"{name}.json"
