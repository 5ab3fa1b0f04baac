"""Runs compose.yaml's migrate, web, worker and clock in a root made by dockerfile_steps.py.

Usage: compose_commands.py ROOT PORT DATABASE_URL REDIS_URL
Runs until TERM; fails when a process ends before that.
"""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent.parent


class Stopped(Exception):
    """TERM came."""


def stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def environment(service: dict[str, Any], here: dict[str, str]) -> dict[str, str]:
    """The service's variables, with those of .env as this check chooses them."""
    found = {}
    for name, value in service["environment"].items():
        filled = re.sub(
            r"\$\{(\w+)(?::([-?])([^}]*))?\}",
            lambda part: here.get(part[1]) or (part[3] if part[2] == "-" else "") or "x" * 40,
            str(value),
        )
        found[name] = here.get(name, filled)
    return found


def start(
    root: Path, state: dict[str, Any], service: dict[str, Any], here: dict[str, str], port: str
) -> subprocess.Popen[bytes]:
    command = service.get("command") or state["command"]
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command]
    words = [
        f"{name}={value}"
        for name, value in {**state["environment"], **environment(service, here)}.items()
    ]
    line = f"cd {shlex.quote(state['folder'])} && exec {shlex.join(command)}"
    as_user = ["chroot", f"--userspec={state['user']}:{state['user']}", str(root)]
    return subprocess.Popen([*as_user, "env", "-i", *words, "/bin/sh", "-c", line])


def main() -> int:
    root, port, database_url, redis_url = Path(sys.argv[1]), *sys.argv[2:]
    state = json.loads((root / "etc/image.json").read_text())
    services = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]
    here = {
        "CRM_DATABASE_URL": database_url,
        "CRM_REDIS_URL": redis_url,
        "CRM_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    signal.signal(signal.SIGTERM, stop)
    if code := start(root, state, services["migrate"], here, port).wait():
        return code
    running = {
        name: start(root, state, services[name], here, port) for name in ("web", "worker", "clock")
    }
    try:
        while all(process.poll() is None for process in running.values()):
            time.sleep(0.2)
        print({name: process.returncode for name, process in running.items()}, file=sys.stderr)
        return 1
    except Stopped:
        return 0
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(20)


if __name__ == "__main__":
    sys.exit(main())
