"""What the history says about installed_base."""

from __future__ import annotations

from crm.timeline.lines import Line

KINDS: dict[str, Line] = {}
