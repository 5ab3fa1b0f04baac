"""Send one body to one checked address: five seconds in all, no redirects, one answer."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from crm.webhooks.addresses import Denied, Resolve, Target, reachable, read, resolve

SECONDS = 5.0
READ_BYTES = 2000
AGENT = "Engawa-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and the first bytes, or the code of what went wrong instead."""

    status: int | None
    text: str
    error: str
    took_ms: int

    @property
    def taken(self) -> bool:
        """Did the receiver say that it has it?"""
        return self.status is not None and 200 <= self.status < 300


def send(
    url: str, headers: Mapping[str, str], body: bytes, inside: Sequence[str],
    ask: Resolve = resolve, seconds: float = SECONDS,
) -> Answer:  # fmt: skip
    """Post a body. Never raises; `inside` are the company's own networks."""
    began = time.monotonic()
    until = began + seconds
    status, text, error = None, "", ""
    try:
        target = read(url)
        found = reachable(target, inside, seconds, ask)
        status, text = _exchange(target, _connected(target, found, until), headers, body, until)
        error = "" if 200 <= status < 300 else ("redirect" if 300 <= status < 400 else "status")
    except Denied as denied:
        error = str(denied)
    except ssl.SSLError:
        error = "tls"
    except (OSError, http.client.HTTPException):
        error = "connection"
    if error in ("connection", "tls", "unknown") and time.monotonic() >= until:
        error = "timeout"
    return Answer(status, text, error, round((time.monotonic() - began) * 1000))


def _connected(target: Target, addresses: Sequence[str], until: float) -> socket.socket:
    """A connection to one of the very addresses that were checked. Raises OSError."""
    problem: OSError = TimeoutError()
    for place, address in enumerate(addresses):
        left = (until - time.monotonic()) / (len(addresses) - place)
        if left <= 0:
            break
        try:
            return socket.create_connection((address, target.port), timeout=left)
        except OSError as error:
            problem = error
    raise problem


def _exchange(
    target: Target, plain: socket.socket, headers: Mapping[str, str], body: bytes, until: float
) -> tuple[int, str]:
    """Status and first bytes of the answer. Whoever drips is cut off when the time is over."""
    plain.settimeout(max(until - time.monotonic(), 0.01))
    through = _wrapped(target, plain)
    watch = threading.Timer(max(until - time.monotonic(), 0.01), _cut, (through,))
    watch.daemon = True
    watch.start()
    with closing(through):
        try:
            if isinstance(through, ssl.SSLSocket):
                through.do_handshake()
            return _ask(target, through, headers, body)
        finally:
            watch.cancel()


def _wrapped(target: Target, plain: socket.socket) -> socket.socket:
    """The connection as it will be spoken through; TLS asks for the name that was registered."""
    if target.scheme == "http":
        return plain
    return ssl.create_default_context().wrap_socket(
        plain, server_hostname=target.host, do_handshake_on_connect=False
    )


def _ask(
    target: Target, through: socket.socket, headers: Mapping[str, str], body: bytes
) -> tuple[int, str]:
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.host, target.port)
    connection.sock = through
    said = {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
    connection.request("POST", target.path, body, said | dict(headers))
    with connection.getresponse() as response:
        text = response.read(READ_BYTES).decode("utf-8", "replace")
    return response.status, "".join(
        one if one.isprintable() or one == "\n" else " " for one in text
    )


def _cut(through: socket.socket) -> None:
    """End a conversation from outside; the TLS object itself is left to the thread that uses it."""
    try:
        socket.socket.shutdown(through, socket.SHUT_RDWR)
    except OSError:
        return
