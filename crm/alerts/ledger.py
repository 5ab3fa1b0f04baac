"""What became of a rule's alerts: the closed loop, in figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964
"""The two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The past alerts of one rule version. `won_amount` in yen."""

    rule: str
    version: int
    raised: int = 0
    accepted: int = 0
    won: int = 0
    won_amount: int = 0

    @property
    def precision(self) -> float | None:
        """Won of raised, in percent; None when nothing was raised."""
        return self.won * 100 / self.raised if self.raised else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson score interval of the precision, in percent."""
        return wilson(self.won, self.raised)


def wilson(hits: int, tries: int) -> tuple[float, float] | None:
    """Wilson (1927): the interval for a share that behaves at small numbers, in percent."""
    if tries == 0:
        return None
    share, z2 = hits / tries, Z95 * Z95
    centre = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    spread = Z95 * math.sqrt(share * (1 - share) / tries + z2 / (4 * tries * tries))
    spread /= 1 + z2 / tries
    return max(0.0, centre - spread) * 100, min(1.0, centre + spread) * 100
