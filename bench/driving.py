"""Drive the web server as browsers and programs do, and take the time."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bench.people import PASSWORD

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

IDLE_SECONDS = 20
"""After so long the server may have hung up; gunicorn.conf.py waits half as long again."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask."""

    path: str
    method: str = "GET"
    body: Any = None


@dataclass
class Client:
    """One browser or program: a connection that stays open, and who it is."""

    address: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        host, _colon, port = self.address.partition(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=30)
        self.used = time.monotonic()

    def ask(self, request: Request, expected: int = 200) -> bytes:
        """Send and read everything. Raises RuntimeError for another status than expected."""
        headers, body = dict(self.headers), None
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(request.body).encode()
        if time.monotonic() - self.used > IDLE_SECONDS:
            self.connection.close()  # it opens again by itself
        self.used = time.monotonic()
        self.connection.request(request.method, request.path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            told = f"{request.method} {request.path}: {answer.status} {content[:400]!r}"
            raise RuntimeError(told)
        return content

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def browser(address: str, email: str) -> Client:
    """Sign in through the page, as a person does."""
    client = Client(address, {"Accept-Language": "ja"})
    client.connection.request("GET", "/login", headers=client.headers)
    answer = client.connection.getresponse()
    token = _TOKEN.search(answer.read().decode())
    client.headers["Cookie"] = _cookie(answer)
    form = {"email": email, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    headers = client.headers | {"Content-Type": "application/x-www-form-urlencoded"}
    client.connection.request("POST", "/login", urlencode(form), headers)
    answer = client.connection.getresponse()
    answer.read()
    if answer.status not in (302, 303):
        raise RuntimeError(f"{email} could not sign in: {answer.status}")
    client.headers["Cookie"] = _cookie(answer)
    return client


def _cookie(answer: http.client.HTTPResponse) -> str:
    found = [one.split(";")[0] for one in answer.headers.get_all("Set-Cookie", [])]
    return "; ".join(one for one in found if one.startswith("engawa="))


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds a piece of work takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of every single piece of work, and how long all of them took together."""

    each: tuple[float, ...]
    seconds: float

    def percentile(self, share: int) -> float:
        """The time that so many percent did not exceed (nearest rank)."""
        ordered = sorted(self.each)
        return ordered[max(0, -(-len(ordered) * share // 100) - 1)]

    @property
    def p50(self) -> float:
        """Half was not slower."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """Nineteen of twenty were not slower."""
        return self.percentile(95)

    @property
    def rate(self) -> float:
        """A second."""
        return len(self.each) / self.seconds


def in_turn(count: int, works: Sequence[Callable[[int], object]]) -> list[Times]:
    """Do several works one after the other, again and again, so that all meet the same noise."""
    taken: list[list[float]] = [[] for _ in works]
    for number in range(count):
        for mine, work in zip(taken, works, strict=True):
            mine.append(timed(partial(work, number)))
    return [Times(tuple(mine), sum(mine) / 1000) for mine in taken]


def together(count: int, works: Sequence[Callable[[int], object]]) -> Times:
    """Every work in a thread of its own, `count` times each."""
    taken: list[list[float]] = [[] for _ in works]
    failed: list[BaseException] = []
    gate = threading.Barrier(len(works) + 1)

    def run(mine: list[float], work: Callable[[int], object], first: int) -> None:
        gate.wait()
        try:
            for number in range(count):
                mine.append(timed(partial(work, first + number)))
        except Exception as error:  # told by whoever waits for the thread
            failed.append(error)

    threads = [
        threading.Thread(target=run, args=(mine, work, place * count))
        for place, (mine, work) in enumerate(zip(taken, works, strict=True))
    ]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return Times(tuple(one for mine in taken for one in mine), time.perf_counter() - began)
