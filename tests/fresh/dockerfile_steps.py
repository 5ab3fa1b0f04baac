"""Carries out the Dockerfile's own steps in a root file system, without Docker.

Usage: dockerfile_steps.py ROOT NAME=VALUE...
ROOT is a bare Debian; ROOT/context holds the project as checked out. An instruction this file does
not know stops it, so the Dockerfile cannot grow past what is tried.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
IMAGE_STATE = "etc/image.json"


@dataclass
class Image:
    """What the instructions so far have built."""

    root: Path
    outside: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    folder: str = "/"
    command: list[str] = field(default_factory=list)

    def run(self, line: str) -> None:
        environment = {"HOME": "/root", **self.outside, **self.environment}
        words = [f"{name}={value}" for name, value in environment.items()]
        inside = ["env", "-i", *words, "/bin/sh", "-ec", f"cd {shlex.quote(self.folder)}\n{line}"]
        subprocess.run(["chroot", f"--userspec={self.user}", str(self.root), *inside], check=True)

    def copy(self, words: list[str]) -> None:
        *sources, target = words
        into = self.root / self.folder.lstrip("/") / target
        context = self.root / "context"
        for source in sources:
            origin = context / source
            if origin.is_dir():
                shutil.copytree(origin, into, dirs_exist_ok=True, symlinks=True)
                continue
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origin, into / origin.name)


def variables(words: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def instructions(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found = []
    for line in filter(str.strip, joined.splitlines()):
        instruction, rest = line.split(maxsplit=1)
        found.append((instruction.upper(), rest.strip()))
    return found


def obey_ignore_file(context: Path) -> None:
    """Take out what .dockerignore names: whole paths and simple patterns from the top."""
    patterns = [
        line.strip()
        for line in (context / ".dockerignore").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    for path in sorted(context.rglob("*")):
        name = str(path.relative_to(context))
        if path.exists() and any(fnmatch(name, pattern) for pattern in patterns):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def carry_out(image: Image, instruction: str, rest: str) -> None:
    match instruction:
        case "FROM":
            if "debian:bookworm" not in rest:
                sys.exit(f"The bare root is Debian bookworm, not {rest}.")
        case "RUN":
            image.run(rest)
        case "COPY":
            image.copy(shlex.split(rest))
        case "ENV":
            image.environment.update(variables(shlex.split(rest)))
        case "WORKDIR":
            image.folder = rest
            (image.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "USER":
            image.user = rest
        case "CMD":
            image.command = json.loads(rest)
        case "EXPOSE":
            pass
        case _:
            sys.exit(f"dockerfile_steps.py does not know {instruction}.")


def main() -> None:
    root = Path(sys.argv[1])
    outside = variables(sys.argv[2:])
    image = Image(root, outside)
    obey_ignore_file(root / "context")
    for instruction, rest in instructions((PROJECT / "Dockerfile").read_text()):
        print(f"docker: {instruction} {rest[:90]}", flush=True)
        carry_out(image, instruction, rest)
    state = {
        "environment": {"PATH": outside["PATH"], **image.environment},
        "user": image.user,
        "folder": image.folder,
        "command": image.command,
    }
    (root / IMAGE_STATE).write_text(json.dumps(state))


if __name__ == "__main__":
    main()
