"""No request fetches a file through the page, neither of the server's nor of elsewhere."""

from __future__ import annotations

import re

from starlette.types import Scope

from onrecord.api.lookup import NotFoundError
from onrecord.api.refusals import Guard
from onrecord.errors import OnrecordError

# Gradio hands out what its page has shown (here, none), and whatever stands at an address.
_FILES = re.compile(r"(?:/gradio_api)?/(?:file|proxy)[=/]")


class NoFiles(Guard):
    """Knows nothing at the addresses at which Gradio hands out files.

    What anybody sends, or names as an address, would come from this server, which a browser trusts.
    """

    def objection(self, scope: Scope) -> OnrecordError | None:
        """Return why a request is refused, if it is."""
        if _FILES.match(scope["path"]):
            return NotFoundError("There are no files at this address.")
        return None
