"""What deals do in the background."""

from __future__ import annotations

from typing import Any

import structlog

from crm.deals.pace import measure_pace
from crm.deals.summing import mend

log = structlog.get_logger()


def measure(_payload: dict[str, Any]) -> None:
    """Once a day: how long deals stay in each stage."""
    measure_pace()


def mend_sums(_payload: dict[str, Any]) -> None:
    """Once a day: compare the board's sums with the deals; a wrong one is told and mended."""
    wrong = mend()
    if wrong:
        log.warning("deals.sums_were_wrong", mended=wrong)
