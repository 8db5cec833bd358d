"""Users files whose passwords are hashed in few rounds, so that tests need not wait."""

from __future__ import annotations

from pathlib import Path

import bcrypt


def hashed(password: str) -> str:
    """Return the hash of a password, as bcrypt writes it."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


def write_users(path: Path, **passwords: str) -> Path:
    """Write a users file of those names and passwords."""
    path.write_text("".join(f"{name}:{hashed(word)}\n" for name, word in passwords.items()))
    path.chmod(0o600)
    return path
