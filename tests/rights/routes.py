"""Every route of the application with the right it declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

FILES = ("static", "asset")
"""Routes of Flask itself that hand out files of the program."""

KINDS = {
    "advice": "advice",
    "accounts": "account", "activities": "activity", "alerts": "alert", "contacts": "contact",
    "contracts": "contract", "deals": "deal", "offices": "office", "products": "product",
    "reports": "report", "imports": "import",
    "exports": "export", "mass-changes": "mass_change",
    "sites": "site", "staff": "staff", "teams": "team", "tickets": "ticket",
    "units": "unit", "work-orders": "work_order", "call": "draft",
    "service-reports": "service_report",
    "fault-codes": "fault_code", "loans": "loan",
    "warranties": "warranty", "campaigns": "campaign", "campaign-items": "campaign_item",
    "maintenance-plans": "maintenance", "visits": "visit", "meters": "meter",
    "closed-days": "closed_day", "views": "saved_view", "doubles": "double",
    "readings": "reading", "places": "place", "locations": "place", "attributes": "attribute",
    "custom-fields": "attribute", "handovers": "handover", "files": "file",
    "removals": "removal", "webhooks": "webhook",
    "webhook-deliveries": "webhook_delivery", "register": "register_proposal",
    "register-proposals": "register_proposal", "register-files": "register_file",
}  # fmt: skip
"""First word of an address → the kind of record whose key stands in it."""

UNDECLARED = "undeclared"


def right_of(view: Any) -> Any:
    """(action, kind) as `guard` marked it, None for `public`, UNDECLARED without either."""
    while view is not None:
        if hasattr(view, "__right__"):
            return view.__right__
        view = getattr(view, "__wrapped__", None)
    return UNDECLARED


@dataclass(frozen=True)
class Way:
    """One method of one route."""

    method: str
    rule: str
    endpoint: str
    right: Any
    argument: str | None

    @property
    def api(self) -> bool:
        return self.rule.startswith("/api/")

    @property
    def record_kind(self) -> str:
        """The kind of record whose key stands in the address."""
        return KINDS[self.rule.removeprefix("/api/v1").split("/")[1]]

    @property
    def ends_something(self) -> bool:
        """Would a right answer take the record or the session away?"""
        return self.rule.endswith(("removal", "logout"))

    def address(self, key: Any = None) -> str:
        """The address, with a record's key in it."""
        start, bracket, rest = self.rule.partition("<")
        return f"{start}{key}{rest.partition('>')[2]}" if bracket else start

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def ways(app: Flask) -> Iterator[Way]:
    """Every method of every route but those of files."""
    rules: list[Rule] = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    for rule in rules:
        if rule.endpoint in FILES:
            continue
        right = right_of(app.view_functions[rule.endpoint])
        argument = next(iter(rule.arguments), None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Way(method, rule.rule, rule.endpoint, right, argument)
