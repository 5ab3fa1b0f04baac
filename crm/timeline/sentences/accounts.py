"""What the history says about accounts."""

from __future__ import annotations

from crm.timeline.lines import Line

KINDS: dict[str, Line] = {}
