"""The chat page: `python app.py`."""

import logging
import sys

from pydantic import ValidationError

from onrecord import Assistant, OnrecordError, Settings
from onrecord.ui import serve


def main() -> None:
    """Serve the page for the corpus and the model that the settings name."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    say = logging.getLogger("onrecord.app")
    say.setLevel(logging.INFO)
    try:
        settings = Settings()
        with Assistant(settings=settings) as assistant:
            serve(
                assistant,
                host=settings.host,
                port=settings.port,
                data_dir=settings.data_dir,
                announce=lambda address: say.info("onrecord is at %s (Ctrl-C ends it)", address),
            )
    except (OnrecordError, ValidationError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
