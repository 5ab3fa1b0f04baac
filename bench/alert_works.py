"""From the acknowledgement of a ticket to the event on the owner's open stream."""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from bench.driving import Client, Request, Times
from bench.works import Ground, WrongAnswer

RULE = "R17"
PATIENCE = 10
QUIET = """
SELECT id FROM accounts a WHERE owner_id = %s AND NOT EXISTS
  (SELECT FROM tickets t WHERE t.account_id = a.id AND t.category = 'complaint'
   AND t.status IN ('open', 'pending')) ORDER BY id DESC LIMIT %s
"""


class Stream:
    """One open screen: what it hears, with the instant at which it heard it."""

    def __init__(self, who: Client) -> None:
        host, _colon, port = who.address.partition(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=60)
        self.connection.request("GET", "/api/v1/alerts/stream", headers=who.headers)
        self.answer = self.connection.getresponse()
        self.heard: queue.SimpleQueue[tuple[float, dict[str, Any]]] = queue.SimpleQueue()
        self.answer.readline()
        self.listening = threading.Thread(target=self._listen, daemon=True)
        self.listening.start()

    def _listen(self) -> None:
        try:
            for line in self._lines():
                if line.startswith(b"data:"):
                    self.heard.put((time.perf_counter(), json.loads(line[5:])))
        except (OSError, http.client.HTTPException):
            return  # closed by us

    def _lines(self) -> Iterator[bytes]:
        while line := self.answer.readline():
            yield line

    def wait_for(self, account_id: int) -> float:
        """The instant at which the alert about an account came."""
        until = time.perf_counter() + PATIENCE
        while (left := until - time.perf_counter()) > 0:
            try:
                at, message = self.heard.get(timeout=left)
            except queue.Empty:
                break
            if message["account_id"] == account_id and message["rule"] == RULE:
                return at
        raise WrongAnswer(f"no alert for account {account_id} within {PATIENCE} s")

    def close(self) -> None:
        """Close the screen."""
        if self.connection.sock is not None:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.listening.join(5)
        self.connection.close()


def latencies(ground: Ground, owners: int, each: int) -> Times:
    """So many owners with an open screen; tickets of their customers, one after the other."""
    taken: list[float] = []
    failed: list[Exception] = []
    began = time.perf_counter()
    watched = [(number, _quiet_accounts(ground, number + 1, each)) for number in range(owners)]

    def run(number: int, accounts: list[int]) -> None:
        screen = Stream(ground.owners[number])
        clerk = Client(ground.address, ground.clerks[number].headers)
        try:
            for account_id in accounts:
                taken.append(_latency(clerk, screen, account_id))
        except Exception as error:  # told by whoever waits for the thread
            failed.append(error)
        finally:
            screen.close()
            clerk.close()

    threads = [threading.Thread(target=run, args=one) for one in watched]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return Times(tuple(taken), time.perf_counter() - began)


def _quiet_accounts(ground: Ground, owner: int, count: int) -> list[int]:
    """Accounts of an owner whose alerts nothing holds back."""
    found = [row[0] for row in ground.bare.execute(QUIET, (owner, 3 * count))]
    return (found * count)[:count]


def _latency(clerk: Client, screen: Stream, account_id: int) -> float:
    body = {
        "account_id": account_id, "subject": "入替の相談", "category": "purchase",
        "voice": "古くなったので、後継機の見積もりをお願いします。",
    }  # fmt: skip
    clerk.ask(Request("/api/v1/tickets", "POST", body), 201)
    acknowledged = time.perf_counter()
    return max(0.0, (screen.wait_for(account_id) - acknowledged) * 1000)


def bare_latency(url: str, bare: psycopg.Connection[Any]) -> float:
    """A row committed and NOTIFY heard by another connection: what PostgreSQL alone needs."""
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute("LISTEN bench")
        with bare.transaction():
            bare.execute("CREATE TEMP TABLE IF NOT EXISTS bench_rung (id int)")
            bare.execute("INSERT INTO bench_rung VALUES (1)")
            bare.execute("NOTIFY bench")
        began = time.perf_counter()
        for _heard in listener.notifies(timeout=PATIENCE, stop_after=1):
            return (time.perf_counter() - began) * 1000
    raise WrongAnswer("NOTIFY was not heard")
