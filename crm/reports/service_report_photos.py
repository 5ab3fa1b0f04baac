"""The photos of a work order for the printed report: small pictures, each with its words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm import clock
from crm.files import store
from crm.reports.fitting import plain
from crm.reports.notation import Notation

A_ROW = 4


def photos(content: Mapping[str, Any], n: Notation) -> list[list[dict[str, str]]]:
    """Rows of four pictures; one whose file is gone keeps its place and its words."""
    shown = []
    for number, one in enumerate(content["photos"], 1):
        at = clock.local(datetime.fromisoformat(one["at"]))
        shown.append({
            "source": _source(one["sha256"]), "caption": plain(one["caption"]),
            "number": str(number), "at": n.stamp(at),
        })  # fmt: skip
    return [shown[first : first + A_ROW] for first in range(0, len(shown), A_ROW)]


def _source(name: str) -> str:
    """The small picture inside the page, as the press fetches nothing."""
    path = store.path_of(name, small=True)
    if not path.is_file():
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(path.read_bytes()).decode()
