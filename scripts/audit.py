"""Is a vulnerability known of anything that onrecord is installed with? `make audit` asks.

pip-audit asks PyPI about each package of constraints.txt. It passes over what it is told nothing
about, and then says that nothing is known; here that is no answer. Exit codes: 0 nothing is known
against any package, 1 something is, 3 it could not be checked, or not of all.

Other options go to pip-audit, such as `--ignore-vuln ID` for what does not touch
onrecord.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTHING_KNOWN, KNOWN, NOT_CHECKED = 0, 1, 3


def verdict(report: Mapping[str, Any]) -> tuple[int, str]:
    """Return the exit code, and what is to be said.

    Args:
        report: What pip-audit writes as JSON.
    """
    packages: Sequence[Mapping[str, Any]] = report["dependencies"]
    known = [
        f"{each['name']} {each['version']}: {fault['id']}, {_mended(fault['fix_versions'])}"
        for each in packages
        for fault in each.get("vulns", ())
    ]
    unasked = [each["name"] for each in packages if "skip_reason" in each]
    asked = len(packages) - len(unasked)
    lines = [*known, f"Packages checked: {asked}. Known vulnerabilities: {len(known)}."]
    code = KNOWN if known else NOTHING_KNOWN
    if unasked or not packages:
        some = ", ".join(unasked[:5]) + (" and others" if len(unasked) > 5 else "")
        lines.append(
            f"Could not be checked: {len(unasked)} of {len(packages)} packages ({some}). Nothing "
            "is known of these, good or bad; ask again where PyPI's own site can be reached."
        )
        code = code or NOT_CHECKED
    return code, "\n".join(lines)


def _mended(versions: Sequence[str]) -> str:
    return f"mended in {', '.join(versions)}" if versions else "mended in no version yet"


def audit(requirements: Path, options: Sequence[str]) -> tuple[int, str]:
    """Ask about the packages of a file; return as `verdict` does."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements)]
    ways = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(  # noqa: S603
        [*command, *ways, *options], capture_output=True, text=True, check=False
    )
    try:
        return verdict(json.loads(done.stdout))
    except (ValueError, LookupError, TypeError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return NOT_CHECKED, f"Could not be checked: pip-audit failed ({last[:300]})."


def main() -> None:
    """Ask, print, and end with the code that says what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=ROOT / "constraints.txt", help="of packages")
    asked, options = parser.parse_known_args()
    code, said = audit(asked.file, options)
    sys.stdout.write(f"{said}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
