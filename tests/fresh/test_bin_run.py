"""What bin/run promises: a sentence for a wrong setting, one start, one stop for everything."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


def surroundings(tmp_path: Path, **settings: str) -> dict[str, str]:
    """The environment of a start that shares nothing with other tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    return {**kept, "CRM_DATA_DIR": str(tmp_path / "data"), "CRM_DEMO": "0", **settings}


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def refusal(environ: dict[str, str]) -> str:
    """What a start that must fail says."""
    ended = subprocess.run(
        [ROOT / "bin" / "run"], env=environ, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    return ended.stderr.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("CRM_DEMO", "yes"),
        ("CRM_SECRET_KEY", "short"),
        ("CRM_DATABASE_URL", "mysql://somewhere"),
        ("CRM_REDIS_URL", "localhost:6379"),
        ("CRM_PUBLIC_URL", "crm.example.com"),
        ("CRM_TIME_ZONE", "Tokyo"),
        ("CRM_TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence_that_names_it(
    tmp_path: Path, name: str, value: str
) -> None:
    said = refusal(surroundings(tmp_path, **{name: value}))
    assert name in said
    assert len(said.splitlines()) == 1


def test_a_port_that_is_taken_is_said_before_anything_starts(
    tmp_path: Path, taken_port: int
) -> None:
    said = refusal(surroundings(tmp_path, PORT=str(taken_port)))
    assert str(taken_port) in said
    assert not list((tmp_path / "data").glob("*.db"))


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
        return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def started_with(data: Path) -> list[int]:
    """Every process on this machine that was given this data folder."""
    mark = f"CRM_DATA_DIR={data}\0".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_one_signal_ends_every_process_of_a_start(
    tmp_path: Path, free_port: int, number: signal.Signals
) -> None:
    environ = surroundings(tmp_path, PORT=str(free_port))
    with (tmp_path / "said").open("w") as said:
        start = subprocess.Popen([ROOT / "bin" / "run"], env=environ, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + 60
        address = f"Engawa is ready: http://localhost:{free_port}\n"
        while not (answers(free_port) and address in (tmp_path / "said").read_text()):
            assert start.poll() is None, (tmp_path / "said").read_text()
            assert time.monotonic() < deadline, "it never answered"
            time.sleep(0.1)
        assert "bin/crm staff add you@example.com" in (tmp_path / "said").read_text()
        start.send_signal(number)
        code = start.wait(20)
        deadline = time.monotonic() + 10
        while started_with(tmp_path / "data") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert started_with(tmp_path / "data") == []
        assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    finally:
        for left in started_with(tmp_path / "data"):
            os.kill(left, signal.SIGKILL)
        start.wait()
