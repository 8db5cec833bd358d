"""The `onrecord user` commands: who may log in where others can reach the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from onrecord.errors import UsersError
from onrecord.terminal import out, plain

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Those who may log in, in the file that ONRECORD_USERS names.",
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the user logs in as.")]


@app.command()
def add(name: Name) -> None:
    """Add a user, or give one another password; a server that runs already takes note.

    The password is asked for twice; where the input is no terminal, it is the input's first line.

    Example: `ONRECORD_USERS=users onrecord user add anna`
    """
    from onrecord.users import set_password

    path = _file()
    is_new = set_password(path, name, _password())
    done = "may log in" if is_new else "has another password"
    out.print(f"{plain(name)} {done}, by {plain(str(path))}.")


@app.command()
def remove(name: Name) -> None:
    """Remove a user; a server that runs already takes note.

    Example: `ONRECORD_USERS=users onrecord user remove anna`
    """
    from onrecord.users import remove_user

    path = _file()
    remove_user(path, name)
    out.print(f"{plain(name)} may no longer log in, by {plain(str(path))}.")


@app.command(name="list")
def list_users() -> None:
    """List those who may log in.

    Example: `ONRECORD_USERS=users onrecord user list`
    """
    from onrecord.users import read_users

    for name in read_users(_file()):
        out.print(plain(name))


def _file() -> Path:
    from onrecord import Settings

    path = Settings().users
    if path is None:
        raise UsersError(
            "No users file is named; set ONRECORD_USERS to the path of one, which need not exist."
        )
    return path


def _password() -> str:
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        return password
    return sys.stdin.readline().rstrip("\r\n")
