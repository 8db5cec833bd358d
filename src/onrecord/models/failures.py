"""What goes wrong with a model, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onrecord.errors import ModelError, OnrecordError


class UselessError(Exception):
    """A model answered, and what it answered is of no use; the message goes behind its name."""


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn whatever a provider's client raises into a `ModelError` about the model `name`.

    This is the one place that catches everything: each provider's package raises kinds
    of its own, and none of them may reach a reader as a traceback.

    Raises:
        ModelError: Something was raised in the block.
    """
    try:
        yield
    except OnrecordError:
        raise
    except ImportError as error:
        raise ModelError(
            f"The package for {name} is not installed ({error}). "
            "Run `pip install 'onrecord[hosted]'`."
        ) from error
    except Exception as error:
        raise ModelError(_explanation(name, error)) from error


def _explanation(name: str, error: Exception) -> str:
    status = _status(error)
    said = str(error)
    if isinstance(error, UselessError):
        return f"{name} {said}"
    if status is not None:
        known = _about_status(status, f"{said} {getattr(error, 'code', '')}")
        return f"{name} {known}" if known else f"{name} failed ({status}): {said[:300]}"
    if is_silence(error):
        return f"{name} did not answer in time; ask again, or raise ONRECORD_MODEL_TIMEOUT."
    if is_break(error):
        return f"{name} cannot be reached, or broke off; is it running, and is the address right?"
    if "api_key" in said or "credentials" in said:
        return f"{name} needs a key; set the provider's variable, such as OPENAI_API_KEY."
    if isinstance(error, (ValueError, TypeError, LookupError)):  # the client cannot read it
        kind = type(error).__name__
        return (
            f"{name} gives nothing that can be used ({kind}: {said[:200]}); ask again, or check "
            "ONRECORD_MODEL."
        )
    return f"{name} failed: {type(error).__name__}: {said[:300]}"


def is_silence(error: Exception) -> bool:
    """Tell whether a server was waited for too long, by whichever client."""
    return "Timeout" in _kinds(error)


def is_break(error: Exception) -> bool:
    """Tell whether a server could not be reached, or has broken off, by whichever client."""
    return "ConnectionError" in _kinds(error) or "TransportError" in _kinds(error)


def _kinds(error: Exception) -> str:
    return " ".join(kind.__name__ for kind in type(error).__mro__)


def _status(error: Exception) -> int | None:
    """Return the HTTP status that a provider answered, wherever its package keeps that."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    return status if isinstance(status, int) and status >= 300 else None


def _about_status(status: int, said: str) -> str:
    if status in (401, 403):
        return "refuses the key; check the provider's key (or ONRECORD_API_KEY)."
    if status == 404:
        return (
            "knows no such model or path; check ONRECORD_MODEL "
            "(the address of a server usually ends in /v1)."
        )
    if status == 429:
        return "is being asked too often (rate limit); wait a little and ask again."
    if status == 400 and "context" in said:
        return "cannot read so long a text at once; ask about shorter documents."
    if status == 400 and "content_filter" in said:
        return "refuses to answer this; ask otherwise, or use another model."
    return ""
