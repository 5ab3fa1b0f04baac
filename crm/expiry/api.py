"""Expiries for programs: the same rows and sums as the page and the printed list."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from crm.clock import today
from crm.expiry import asking, book
from crm.expiry.book import Sums
from crm.expiry.lines import Line
from crm.expiry.schemas import ExpiryMonth, ExpiryPage, ExpiryQuery, ExpirySchema
from crm.rest import Fields, blueprint, document
from crm.rights import guard, the_user

blp = blueprint("expiry", "What ends in the coming months")


@blp.route("/expiries", methods=["GET"])
@guard("view", "unit")
@blp.arguments(ExpiryQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403)
@blp.response(200, ExpiryPage)
def listing(asked: Fields) -> Response:
    """Units in the month of the earliest of their days, by month, team, rep and day."""
    limit, cursor = asked.pop("limit"), asked.pop("cursor", None)
    wanted = asking.read(asked, the_user(), today())
    found = book.read(wanted, today(), limit, cursor)
    sums, total = found.sums(), found.total
    months = None if sums is None else [
        {"month": f"{first:%Y-%m}"} | as_fields(sums.get(first, Sums()))
        for first in wanted.firsts()
    ]  # fmt: skip
    return jsonify(
        items=ExpirySchema(many=True).dump([row(line) for line in found.page]), next=found.next,
        months=ExpiryMonth(many=True).dump(months) if months is not None else None,
        total=None if total is None else as_fields(total),
    )  # fmt: skip


def as_fields(sums: Sums) -> Fields:
    """Sums as JSON says them."""
    return {
        "count": sums.count, "with_deal": sums.with_deal, "repair_amount": sums.repairs,
        "contract_amount": sums.fees,
    }  # fmt: skip


def row(line: Line) -> dict[str, Any]:
    """A line as JSON says it."""
    unit, expiry = line.unit, line.expiry
    return {
        "unit_id": unit.id, "on": expiry.on, "kind": expiry.kind, "certainty": expiry.certainty,
        "name": expiry.name,
        "account_id": unit.account_id, "product_id": unit.product_id,
        "serial_no": unit.serial_no, "owner_id": unit.owner_id, "team_id": unit.team_id,
        "warranty_ends_on": unit.warranty_ends_on,
        "contract_id": line.contract.id if line.contract else None,
        "contract_ends_on": line.contract.ends_on if line.contract else None,
        "lease_ends_on": line.lease_ends_on, "support_ends_on": unit.end_of_support_on,
        "repair_amount": line.repairs, "contract_amount": line.fee,
        "deal_id": line.deal.id if line.deal else None,
        "propose_on": line.proposal.first if line.proposal else None,
    }  # fmt: skip
