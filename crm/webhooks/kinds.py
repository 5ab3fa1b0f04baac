"""Which kinds of event an address can hear of."""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "ticket": (
        "ticket.opened", "ticket.changed", "ticket.assigned", "ticket.pended", "ticket.resumed",
        "ticket.solved", "ticket.closed", "ticket.reopened", "ticket.removed",
    ),
    "deal": (
        "deal.opened", "deal.changed", "deal.moved", "deal.won", "deal.lost", "deal.reopened",
        "deal.removed",
    ),
    "alert": ("alert.raised", "alert.accepted", "alert.dismissed", "alert.snoozed"),
    "unit": (
        "unit.added", "unit.changed", "unit.moved", "unit.merged", "unit.unmerged", "unit.removed",
    ),
    "contract": (
        "contract.added", "contract.changed", "contract.renewed", "contract.notice_given",
        "contract.notice_taken_back", "contract.removed",
    ),
    "work_order": (
        "work_order.opened", "work_order.changed", "work_order.done", "work_order.removed",
    ),
    "account": (
        "account.added", "account.changed", "account.renamed", "account.moved", "account.numbered",
        "account.closed", "account.restored", "account.merged", "account.unmerged",
        "account.removed",
    ),
    "contact": (
        "contact.added", "contact.changed", "contact.merged", "contact.unmerged", "contact.removed",
    ),
    "site": ("site.added", "site.changed", "site.removed"),
    "product": (
        "product.added", "product.changed", "product.life_changed", "product.merged",
        "product.unmerged", "product.removed",
    ),
}  # fmt: skip
"""Kind of record → the events told of it, as the history names them."""

KINDS = tuple(kind for kinds in GROUPS.values() for kind in kinds)
PING = "webhook.ping"
