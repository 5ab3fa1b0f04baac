"""How likely two contacts are one person."""

from __future__ import annotations

from dataclasses import dataclass

from crm.doubles.likeness import WEIGHTS, WORTH_A_LOOK, Judged
from crm.text.normal import search_key

SHARED = frozenset((
    "info", "sales", "office", "contact", "support", "mail", "admin", "soumu", "eigyo", "keiri",
    "koubai", "purchase", "customer", "service", "shop", "web", "webmaster", "postmaster",
))  # fmt: skip
"""Mail boxes of a department: that two people share one says nothing."""


@dataclass(frozen=True, slots=True)
class Human:
    """A contact as the comparison sees it."""

    id: int
    account_id: int
    family: str
    given: str
    written: str
    reading: str
    mail: str | None
    department: str
    phones: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The whole name, folded."""
        return self.family + self.given


def own_mail(mail: str | None) -> str | None:
    """A mail address of one person alone."""
    if not mail or "@" not in mail or mail.split("@")[0].rstrip("0123456789") in SHARED:
        return None
    return mail


def mobiles(phones: frozenset[str]) -> frozenset[str]:
    """Numbers that one person carries."""
    return frozenset(one for one in phones if one.startswith(("+8170", "+8180", "+8190")))


def humans(a: Human, b: Human) -> Judged | None:
    """Judge two contacts; nothing when too little says that they are one."""
    reasons = _names(a, b)
    if not reasons:
        return None
    reasons += ["account"] if a.account_id == b.account_id else []
    reasons += ["email"] if own_mail(a.mail) and a.mail == b.mail else []
    reasons += ["mobile"] if mobiles(a.phones) & mobiles(b.phones) else []
    if a.account_id == b.account_id and a.department and a.department == b.department:
        reasons.append("department")
    score = min(100, sum(WEIGHTS[one] for one in reasons))
    return Judged(score, tuple(reasons)) if score >= WORTH_A_LOOK else None


def _names(a: Human, b: Human) -> list[str]:
    if a.key == b.key:
        return ["person" if a.written == b.written else "person_spelling"]
    if a.family == b.family and not (a.given and b.given):
        return ["family_only"]
    if a.reading and a.reading == b.reading and _half(a, b):
        return ["person_reading"]
    return []


def _half(a: Human, b: Human) -> bool:
    """One half of the name is written alike: 渡辺 and 渡部 恵子 with one reading."""
    return a.family == b.family or (a.given == b.given and bool(a.given))


def folded(text: str) -> str:
    """A name as it is compared."""
    return search_key(text or "")
