"""Which addresses outside may be called: read strictly, resolved once, every answer checked."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int, float], list[str]]

LONGEST = 500
PORTS = {"https": 443, "http": 80}
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")

DENIED = tuple(ip_network(one) for one in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
    "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/3",
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
))  # fmt: skip
"""Own machine, private, carriers' (CGNAT), link-local, documentation, measuring, multicast,
reserved; of version 6 Teredo and its neighbours, documentation, 6to4."""
METADATA = tuple(ip_network(one) for one in (
    "100.100.100.200/32", "168.63.129.16/32", "169.254.0.0/16", "192.0.0.192/32", "fd00:ec2::/32",
    "fe80::/10",
))  # fmt: skip
"""Where machines in a cloud tell their secrets: never called, whatever a company opens."""
GLOBAL6 = ip_network("2000::/3")
"""All of version 6 that is given out; mapped addresses, NAT64 and local ones lie outside."""


class Denied(Exception):
    """An address that is not called; the code says why (words in crm/webhooks/words.py)."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: `host` is plain ASCII in small letters, an IPv6 address without brackets.

    `path` begins with a slash and holds the query.
    """

    scheme: str
    host: str
    port: int
    path: str


def read(url: str) -> Target:
    """Read an address as strictly as it can be read. Raises Denied.

    Whatever two readers could understand in two ways is refused: other signs than ASCII, blanks,
    backslashes, a name before the host, numbers that are no dotted quad.
    """
    if len(url) > LONGEST or not url.isascii() or re.search(r"[\s\x00-\x1f\x7f\\<>\"^`{|}]", url):
        raise Denied("form")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Denied("form") from error
    host = host.removesuffix(".")
    if parts.scheme not in PORTS:
        raise Denied("scheme")
    if "@" in parts.netloc or "%" in parts.netloc or parts.fragment or port == 0:
        raise Denied("form")
    _check_host(host, parts.netloc)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port or PORTS[parts.scheme], (parts.path or "/") + query)


def _check_host(host: str, netloc: str) -> None:
    if netloc.startswith("["):
        _number(host)
        return
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(one) for one in labels):
        raise Denied("form")
    if NUMBER.fullmatch(labels[-1]):
        _number(host)


def _number(host: str) -> None:
    """An address in figures: a dotted quad without leading zeros, or version 6 without a zone."""
    try:
        ip_address(host)
    except ValueError as error:
        raise Denied("form") from error


def check(address: Address, scheme: str, inside: Sequence[str]) -> None:
    """May this address be called? Raises Denied. `inside` are the company's own networks."""
    if any(address in one for one in METADATA):
        raise Denied("network")
    if any(address in ip_network(one) for one in inside):
        return
    if scheme != "https":
        raise Denied("scheme")
    if any(address in one for one in DENIED):
        raise Denied("network")
    if isinstance(address, IPv6Address) and address not in GLOBAL6:
        raise Denied("network")


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """Every address of a host, asked once. Raises Denied when there is none in time."""
    found: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(str(answer[4][0]) for answer in answers)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if not found:
        raise Denied("unknown")
    return list(dict.fromkeys(found))


def reachable(
    target: Target, inside: Sequence[str], seconds: float, ask: Resolve = resolve
) -> list[str]:
    """The addresses of a target, when every one of them may be called. Raises Denied."""
    try:
        found = [ip_address(target.host)]
    except ValueError:
        try:
            found = [ip_address(one) for one in ask(target.host, target.port, seconds)]
        except ValueError as error:
            raise Denied("network") from error
    for one in found:
        check(one, target.scheme, inside)
    return [str(one) for one in found]
