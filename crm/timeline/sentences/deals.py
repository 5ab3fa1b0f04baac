"""What the history says about deals."""

from __future__ import annotations

from crm.timeline.lines import Line

KINDS: dict[str, Line] = {}
