"""What an address is, of this machine alone or not; how it is shown, and listening on one."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv6Address, ip_address, ip_network

_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104


def is_loopback(host: str) -> bool:
    """Tell whether this machine alone can reach an address; one of IPv6 may stand in brackets."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def client_at(address: str) -> str:
    """Return what stands for the client at an address, where clients are counted.

    Of IPv6 it is the network of 64 bits, since one client has all of its addresses.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address) or found.is_loopback:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


def shown_address(address: str) -> str:
    """Return an address as it may be shown: without the name and password that may be in it."""
    return re.sub(r"//[^/]*@", "//", address)


def http_address(host: str, port: int, name: str = "localhost") -> str:
    """Return where a server can be reached that listens on a host.

    Args:
        host: What it listens on.
        port: Its port.
        name: What this machine is called, for one that listens on all of its addresses.
    """
    host = name if host in _EVERY_ADDRESS else host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; of IPv6 the address has no brackets, port 0 is any free one.

    Raises:
        OSError, OverflowError: It is taken, or not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
