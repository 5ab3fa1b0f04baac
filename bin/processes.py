"""What bin/run does once the machine is set up: one start, one stop for all processes.

Starts web (which prepares the database) and, with Redis, worker and clock, says where Engawa
answers, starts again what ends by accident, and ends everything on Ctrl-C, TERM or HUP.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config import SettingError, Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
STOP_WITHIN = 8.0
READY_WITHIN = 300.0
TOOLS = Path(sys.executable).parent


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C, TERM or a closed terminal."""


@dataclass
class Child:
    """One process we answer for. A `vital` one that ends takes the others with it."""

    name: str
    command: list[str]
    vital: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, environ: Mapping[str, str]) -> None:
        """Start in a session of its own, so that Ctrl-C reaches us and not every process."""
        # Linux can end a child when its parent is killed without warning.
        setpriv = shutil.which("setpriv")
        prefix = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
        self.process = subprocess.Popen(
            prefix + self.command, cwd=ROOT, env=dict(environ), start_new_session=True
        )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def finish(self, seconds: float) -> None:
        """Wait for the end; after `seconds` end it and all it started the hard way."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.1))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def main() -> int:
    """Run until told to stop. The exit code is 2 for a wrong setting, 0 after a wished-for end."""
    environ = dict(os.environ)
    # Relative to the project, like bin/crm, wherever bin/run was called from.
    environ.setdefault("CRM_DATA_DIR", str(ROOT / "var"))
    environ["CRM_DATA_DIR"] = str(Path(environ["CRM_DATA_DIR"]).expanduser().absolute())
    try:
        settings = load_settings(environ)
    except SettingError as error:
        return refuse(str(error))
    if not port_is_free(settings.port):
        return refuse(f"PORT {settings.port} is in use by another program; choose another one.")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    return serve(settings, environ)


def refuse(sentence: str) -> int:
    complain(sentence)
    return 2


def complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def crm(*words: str) -> list[str]:
    return [str(TOOLS / "flask"), "--app", str(ROOT / "wsgi"), *words]


def serve(settings: Settings, environ: Mapping[str, str]) -> int:
    """Start every process and keep them going until the web process ends or we are stopped."""
    command = [sys.executable, str(ROOT / "bin" / "web.py"), "--bind", f"{HOST}:{settings.port}"]
    web = Child("web", command, vital=True)
    family = [web]
    try:
        web.start(environ)
        if not wait_until_ready(web, settings.port):
            complain("The web process did not come up; its last words are above.")
            return 1
        if settings.redis_url:
            # Only now: the web process migrates the tables they read.
            family += [Child("worker", crm("worker")), Child("clock", crm("clock"))]
            for child in family[1:]:
                child.start(environ)
        announce(settings)
        return watch(family, environ)
    except Stopped:
        return 0
    finally:
        end(family)


def wait_until_ready(web: Child, port: int) -> bool:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and not web.ended():
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
    return False


def announce(settings: Settings) -> None:
    address = settings.public_url or f"http://localhost:{settings.port}"
    sys.stdout.write(f"Engawa is ready: {address}\nCtrl-C ends it.\n")
    sys.stdout.flush()


def watch(family: list[Child], environ: Mapping[str, str]) -> int:
    while True:
        for child in family:
            if not child.ended() or child.process is None:
                continue
            code = child.process.returncode
            complain(f"The {child.name} process ended with code {code}.")
            if child.vital:
                return 1
            # A worker that was busy while Redis went away ends; the outbox kept its work.
            time.sleep(1)
            child.start(environ)
        time.sleep(0.2)


def end(family: list[Child]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in family:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN
    for child in family:
        child.finish(deadline - time.monotonic())


if __name__ == "__main__":
    sys.exit(main())
