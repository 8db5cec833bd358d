"""Who asks, as far as it can be told: in the line of those who wait, everybody has a turn."""

from __future__ import annotations

from fastapi import Request

from onrecord.api.login import name_of
from onrecord.hosts import client_at, is_loopback


def user(name: str) -> str:
    """Return what stands for somebody who has logged in, wherever they ask."""
    return f"user {name}"


def person_of(request: Request) -> str | None:
    """Return who asks: the user, or else the machine; None for somebody at this machine."""
    if name := name_of(request):
        return user(name)
    if request.client is None or is_loopback(request.client.host):
        return None
    return client_at(request.client.host)
