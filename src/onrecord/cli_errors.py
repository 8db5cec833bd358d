"""What a command says where it cannot go on, and with which exit code it ends then."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.markup import escape

from onrecord.errors import CorpusError, OnrecordError, QuestionError, ReceiptError
from onrecord.terminal import BAD_INPUT, FAILED, err, plain


@contextmanager
def explained() -> Iterator[None]:
    """End the process where something goes wrong, with its words and an exit code.

    Raises:
        SystemExit: Something has.
    """
    from pydantic import ValidationError

    from onrecord.faults import of_settings

    try:
        yield
    except (CorpusError, QuestionError, ReceiptError) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(BAD_INPUT)
    except OnrecordError as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(FAILED)
    except ValidationError as error:
        for fault in of_settings(error.errors()):
            err.print(f"[red]{plain(fault)}[/red]")
        sys.exit(BAD_INPUT)
    except PermissionError as error:
        err.print(f"[red]{escape(_not_permitted(error))}[/red]")
        sys.exit(FAILED)


def _not_permitted(error: PermissionError) -> str:
    return (
        f"{error.filename} cannot be read or written ({error.strerror}); give whoever runs "
        "onrecord the right to, or name another path."
    )
