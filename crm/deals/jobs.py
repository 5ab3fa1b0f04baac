"""What deals do in the background."""

from __future__ import annotations

from typing import Any

from crm.deals.pace import measure_pace


def measure(_payload: dict[str, Any]) -> None:
    """Once a day: how long deals stay in each stage."""
    measure_pace()
