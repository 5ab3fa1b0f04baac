"""What is done with contracts: made, changed, taken away. Nothing here commits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes import values
from crm.clock import now
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base import queries, rules
from crm.installed_base.cards import contract_cards
from crm.installed_base.chain import check_renews
from crm.installed_base.contract_rules import annual
from crm.installed_base.covering import scopes_of, write_scopes
from crm.installed_base.models import ContractUnit, ServiceContract
from crm.installed_base.overlaps import refuse_overlaps
from crm.references import refuse_if_referred_to
from crm.search.actions import forget, index_many
from crm.text.serial import plain_serial
from crm.timeline.actions import record

Fields = dict[str, Any]

SCOPES = ("product_ids", "site_ids", "whole_account")
ASKED = ("cycle_amount", "even_if_overlapping", "attributes")
"""Said with a contract and not kept as they are."""

MOST_OF_NUMBER = 40
"""Characters of a contract's number."""

COVERING = frozenset(("unit_ids", "starts_on", "ends_on", "cancelled_on", *SCOPES))


def add_contract(fields: Fields, by_id: int | None) -> ServiceContract:
    """Make a contract over units. Raises Invalid, and Conflict when the number is taken."""
    contract = ServiceContract(
        notice_days=90, auto_renew=False, annual_amount=0, labour_percent=100, travel_percent=100,
        parts_percent=100, cycle_months=12,
    )  # fmt: skip
    units = _write_contract(contract, fields)
    custom = values.settle(contract, fields.get("attributes"), True)
    db.session.add(contract)
    if custom:
        values.keep(contract)
    facts = finish_contract(contract, units, fields, fresh=True)
    refuse_overlaps(contract, bool(fields.get("even_if_overlapping")))
    record("contract.added", contract, by_id, account_id=contract.account_id, **facts)
    return contract


def change_contract(contract: ServiceContract, fields: Fields, by_id: int | None) -> None:
    """Change a contract or what is under it; a new set of units is a change of it too."""
    units = _write_contract(contract, fields)
    contract.updated_at = now()
    custom = values.settle(contract, fields.get("attributes"), False)
    if custom:
        values.keep(contract)
    facts = finish_contract(contract, units, fields) | {"fields": list(fields)}
    facts |= values.facts(custom)
    if COVERING & fields.keys():
        refuse_overlaps(contract, bool(fields.get("even_if_overlapping")))
    record("contract.changed", contract, by_id, account_id=contract.account_id, **facts)


def remove_contract(contract: ServiceContract, by_id: int | None) -> None:
    """Delete a contract that nothing refers to. Raises Conflict."""
    refuse_if_referred_to(contract, ("events", "contract_units", "contract_scopes"))
    forget("contract", contract.id)
    db.session.delete(contract)
    record(
        "contract.removed", contract, by_id, account_id=contract.account_id, number=contract.number
    )


def _write_contract(contract: ServiceContract, fields: Fields) -> list[int]:
    done = {name: value for name, value in fields.items() if name not in (*SCOPES, *ASKED)}
    given, owner = done.pop("unit_ids", None), contract.account_id
    done["annual_amount"] = annual(fields, contract.cycle_months, contract.annual_amount)
    if "number" in done:
        done["number"] = _plain_number(done["number"])
    with db.session.no_autoflush:
        for name, value in done.items():
            setattr(contract, name, value)
        rules.check_contract(contract)
        other = db.session.scalar(
            sa.select(ServiceContract.id).where(ServiceContract.number == contract.number)
        )
        held = _units_under(contract.id) if given is None and contract.id else []
        units = held if given is None else sorted(set(given))
        if given is not None or owner != contract.account_id:
            queries.check_units_of(units, contract.account_id)
        queries.check_scopes(fields, contract.account_id)
        check_renews(contract)
    if other is not None and other != contract.id:
        why = _("Another contract has this number.")
        raise Conflict(why, {"number": [why]})
    return units


def _plain_number(typed: str) -> str:
    """In half width, so that one number in two widths is one contract. Raises Invalid."""
    number = plain_serial(typed)
    if len(number) > MOST_OF_NUMBER:
        raise Invalid({"number": [_("At most %(n)s characters.", n=MOST_OF_NUMBER)]})
    return number


def under(contract_id: int) -> Fields:
    """Units, products and sites that a contract names, and whether all of the account."""
    return scopes_of([contract_id])[contract_id] | {"unit_ids": _units_under(contract_id)}


def _units_under(contract_id: int) -> list[int]:
    links = sa.select(ContractUnit.unit_id).where(ContractUnit.contract_id == contract_id)
    return sorted(db.session.scalars(links))


def finish_contract(
    contract: ServiceContract, units: list[int], fields: Fields, *, fresh: bool = False
) -> Fields:
    """Write what a contract names; returns what the history keeps of it. `fresh` for one that was
    made in this transaction."""
    db.session.flush()
    write_scopes(contract, fields)
    if units != _units_under(contract.id):
        db.session.execute(sa.delete(ContractUnit).where(ContractUnit.contract_id == contract.id))
        if units:
            links = [{"contract_id": contract.id, "unit_id": one} for one in units]
            db.session.execute(sa.insert(ContractUnit), links)
    index_many(contract_cards([contract.id]), fresh=fresh)
    return {
        "contract_id": contract.id, "number": contract.number, "unit_ids": units[:50],
        "starts_on": contract.starts_on.isoformat(), "ends_on": contract.ends_on.isoformat(),
        "annual_amount": contract.annual_amount, "renews_id": contract.renews_id,
        **scopes_of([contract.id])[contract.id],
    }  # fmt: skip
