"""Who may call the server that `perceptarium serve` starts, and what it says about that."""

import re
import secrets
import socket
from ipaddress import ip_address
from typing import Any

import click

from app.settings import Access

TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,200}")  # needs no escape in an address, a cookie or a header
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9A-Fa-f:]+\](:\d{1,5})?")
SECRET_BYTES = 18


class Token(click.ParamType):
    """A token that can stand in an address."""

    name = "token"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Returns the token. Raises BadParameter without repeating it."""
        if not TOKEN.fullmatch(value):
            self.fail("must be 8 to 200 letters, digits and characters of . _ ~ -", param, ctx)
        return str(value)


class Origin(click.ParamType):
    """The origin of a site, such as https://school.example."""

    name = "origin"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Returns the origin. Raises BadParameter."""
        if not ORIGIN.fullmatch(value):
            self.fail(f"must be an origin such as https://school.example, not {value!r}", param, ctx)
        return str(value)


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach the address on which a socket listens."""
    return ip_address(address.partition("%")[0]).is_loopback


def decided(access: Access, address: str) -> Access:
    """The access with a generated token, if the address can be reached from outside and none was given."""
    if access.token or access.no_auth or is_loopback(address):
        return access
    return access._replace(token=secrets.token_urlsafe(SECRET_BYTES))


def without_token(address: str, read_only: bool) -> str:
    """What `--no-auth` means for a server that listens on this address."""
    if is_loopback(address):
        return f"No token is needed (--no-auth): every program of this machine can reach {address}."
    can = "read all runs and" if read_only else "start, change and delete all runs, and read"
    return (
        f"WARNING: no token is needed (--no-auth). Everyone who can reach {address} from the network can "
        f"{can} all imported data."
    )


def network_address() -> str | None:
    """The address under which other machines of the network most likely reach this one; None offline."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of no machine (RFC 5737); sends nothing
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if is_loopback(address) else address
