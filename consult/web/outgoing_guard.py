"""Which addresses of others we speak to: https on port 443 of a machine on the public network, and no other.

An address that an advisor types could name a machine inside our own network. Hosts that the operator names may be
private, on any port, and without encryption on this very machine. Knows nothing of what is asked or answered.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import TypeAlias

    Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 2000
# Forms that carry an IPv4 address inside, in which a private one could hide; and Teredo, which nobody serves.
CARRIERS = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped (RFC 4291 2.5.5.2)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64, local use (RFC 8215)
        "2001::/32",  # Teredo (RFC 4380)
        "2002::/16",  # 6to4 (RFC 3056)
    )
)
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


class Fault(StrEnum):
    """Why somebody else's address was not read; each has its own sentence for people elsewhere."""

    ADDRESS = "address"
    NOT_HTTPS = "not_https"
    SIGN_IN_INSIDE = "sign_in_inside"
    PORT = "port"
    UNKNOWN_HOST = "unknown_host"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    BROKEN = "broken"


class Refused(Exception):
    """There is no answer, by our rule or by the other side's; ``fault`` says why. Never holds the address itself."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address in parts; ``host`` is in ASCII. ``exempt``: the operator named this host."""

    host: str
    port: int
    path: str
    encrypted: bool
    exempt: bool

    @property
    def host_header(self) -> str:
        """What stands in the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.encrypted else 80) else f"{name}:{self.port}"


def target_of(url: str, allow_hosts: Collection[str] = ()) -> Target:
    """The parts of an address that we may speak to, as far as its text can tell; asks no network.

    Raises:
        Refused: it is no address, not https, holds a sign-in, or names another port than 443.
    """
    if len(url) > LONGEST_URL or not url.isascii() or any(c <= " " or c in "\x7f\\" for c in url):
        raise Refused(Fault.ADDRESS)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused(Fault.ADDRESS) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise Refused(Fault.ADDRESS)
    if "@" in parts.netloc:
        raise Refused(Fault.SIGN_IN_INSIDE)
    exempt = host in {name.lower().strip("[]") for name in allow_hosts}
    encrypted = parts.scheme == "https"
    if not encrypted and not exempt:
        raise Refused(Fault.NOT_HTTPS)
    port = port if port is not None else (443 if encrypted else 80)
    if port != 443 and not exempt:
        raise Refused(Fault.PORT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, encrypted, exempt)


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, in the order of the machine's resolver, which has its own patience.

    Raises:
        Refused: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(Fault.UNKNOWN_HOST) from None
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def allowed_address(target: Target, numbers: Sequence[str]) -> str:
    """The one numeric address to connect to. One that is not public spoils them all: a name that mixes both is a trick.

    Raises:
        Refused: an address is not public; or, for a host the operator named, unencrypted and not this machine.
    """
    try:
        addresses = [ipaddress.ip_address(number) for number in numbers]
    except ValueError:
        # A scope such as %eth0 is only found on addresses of the local network.
        raise Refused(Fault.NOT_PUBLIC) from None
    if not addresses:
        raise Refused(Fault.UNKNOWN_HOST)
    if target.exempt:
        if not target.encrypted and not all(address.is_loopback for address in addresses):
            raise Refused(Fault.NOT_HTTPS)
    elif not all(is_public(address) for address in addresses):
        raise Refused(Fault.NOT_PUBLIC)
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether a machine with this address is one on the public network, and certainly no other."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in GLOBAL_UNICAST or any(address in network for network in CARRIERS)
    ):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    )
