"""Templates, compiled once for all test processes: one process takes four seconds for them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from crm import language, look, templating
from crm.app import Engawa


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates in a folder, for each language its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._written_in = _written_in()

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """What was compiled of this source in the environment's language, if it was."""
        key = self.get_cache_key(f"{environment.spoken} {name}", filename)
        bucket = Bucket(environment, key, self.get_source_checksum(self._written_in + source))
        self.load_bytecode(bucket)
        return bucket


def _written_in() -> str:
    """Changes with all that is compiled into a template beside its own text."""
    digest = hashlib.sha256()
    modules = [Path(str(one.__file__)) for one in (templating, look)]
    for path in (*modules, *language.CATALOGUES.glob("*.po"), *sorted(look.ICONS.glob("*.svg"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def share(folder: Path) -> None:
    """Let every application of this process take its templates from there."""
    Engawa.jinja_options = {**Engawa.jinja_options, "bytecode_cache": CompiledTemplates(folder)}
