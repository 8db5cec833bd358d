"""What Gradio serves and this page does not: files, changes of the page, and calls by programs."""

from __future__ import annotations

import re

from starlette.types import Scope

from onrecord.api.lookup import NotFoundError
from onrecord.api.refusals import Guard
from onrecord.errors import OnrecordError

# Gradio hands out what its page has shown (here, none), and whatever stands at an address; it
# tells a page under development of changes, in a stream that looks for them without end; it lets
# programs call what the page names for them (here, nothing), and fails where they ask for an answer
# that it does not know; and it calls functions of a page's parts (here, none has any), and fails
# where there is no such part.
_NOT_SERVED = re.compile(
    r"(?:/gradio_api)?/(?:(?:file|proxy)[=/]|dev/reload|call/|component_server)"
)


class NoFiles(Guard):
    """Knows nothing at the addresses at which Gradio hands out files.

    What anybody sends, or names as an address, would come from this server, which a browser trusts.
    """

    def objection(self, scope: Scope) -> OnrecordError | None:
        """Return why a request is refused, if it is."""
        if _NOT_SERVED.match(scope["path"]):
            return NotFoundError("There is nothing at this address.")
        return None
