"""Under which licences is what onrecord is installed with? `make licences` lists them.

As each installed package of constraints.txt says of itself: its licence expression, or the
classifiers, or the first line of the text that it gives. Nobody has read the licences themselves.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNSAID = "(says nothing)"


def licence_of(package: str) -> str:
    """Return what an installed package says of its licence.

    Raises:
        PackageNotFoundError: It is not installed.
    """
    said = metadata.metadata(package)
    if "License-Expression" in said:
        return said["License-Expression"]
    kinds = [
        kind.rpartition(" :: ")[2]
        for kind in said.get_all("Classifier") or ()
        if kind.startswith("License :: ") and kind != "License :: OSI Approved"
    ]
    text = said["License"].strip() if "License" in said else ""
    return "; ".join(kinds) or (text.splitlines()[0][:80] if text else UNSAID)


def main() -> None:
    """Print the packages, by licence."""
    pinned = [
        line.partition("==")[0].strip()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith("#")
    ]
    found: dict[str, list[str]] = {}
    for package in pinned:
        try:
            found.setdefault(licence_of(package), []).append(package)
        except metadata.PackageNotFoundError:
            found.setdefault("(not installed here)", []).append(package)
    for licence, packages in sorted(found.items(), key=lambda item: -len(item[1])):
        sys.stdout.write(f"{len(packages):4}  {licence}: {', '.join(packages)}\n")


if __name__ == "__main__":
    main()
