"""Contracts that renew by themselves, notice that stops it, and the chain of their terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes import values
from crm.clock import today
from crm.crash import crashpoint
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base import contract_rules
from crm.installed_base.chain import chain, successor
from crm.installed_base.contract_actions import finish_contract
from crm.installed_base.contract_rules import CATCH_UP, Renewing
from crm.installed_base.covering import scopes_of
from crm.installed_base.models import ContractUnit, ServiceContract, Unit
from crm.timeline.actions import record

Fields = dict[str, Any]
NOTICE_BY = ("customer", "us")
KEPT = (
    "account_id", "plan", "notice_days", "auto_renew", "annual_amount", "cycle_months",
    "response_hours", "repair_hours", "around_the_clock", "labour_percent",
    "travel_percent", "parts_percent", "attributes",
)  # fmt: skip
"""What a renewal has as the term before had it."""

LONGEST_NOTICE = 731
CHUNK = 200
"""Contracts renewed in one transaction."""

C = ServiceContract.__table__.c


def renewing(contract: Any) -> Renewing:
    """A contract (a record or a row) as the rule of renewal reads it."""
    return Renewing(
        contract.ends_on, contract.notice_days, contract.auto_renew, contract.cancelled_on,
        contract.notice_given_on,
    )  # fmt: skip


def due(day: date) -> list[int]:
    """The contracts whose notice day has passed without notice and that nothing follows yet."""
    after = ServiceContract.__table__.alias("after").c
    rows = db.session.execute(
        sa.select(
            C.id, C.ends_on, C.notice_days, C.auto_renew, C.cancelled_on, C.notice_given_on
        ).where(
            C.ends_on.between(day - CATCH_UP, day + LONGEST_NOTICE * date.resolution),
            C.auto_renew, C.cancelled_on.is_(None), C.notice_given_on.is_(None),
            ~sa.exists().where(after.renews_id == C.id),
        )
    )  # fmt: skip
    return sorted(row.id for row in rows if renewing(row).falls_due(day))


def renew_due(contract_ids: Iterable[int], day: date) -> int:
    """Renew those that are still due, each exactly once; returns how many."""
    found = db.session.scalars(
        sa.select(ServiceContract)
        .where(ServiceContract.id.in_(list(contract_ids)))
        .order_by(ServiceContract.id)
        .with_for_update()
    ).all()
    keys = [one.id for one in found]
    done = set(db.session.scalars(sa.select(C.renews_id).where(C.renews_id.in_(keys))))
    made = 0
    for one in found:
        if one.id not in done and renewing(one).falls_due(day):
            made += renew(one, None) is not None
            crashpoint("contracts.renewed")
    return made


def renew(contract: ServiceContract, by_id: int | None) -> ServiceContract | None:
    """Make the next term with the same lines, shares and price.

    None when nothing of what it named is there any more: its units were moved or removed.
    """
    units, wide = _lines(contract)
    if units is None:
        return None
    starts_on, ends_on = contract_rules.next_term(contract.starts_on, contract.ends_on)
    after = ServiceContract(
        number=_number(contract), starts_on=starts_on, ends_on=ends_on, renews_id=contract.id,
        **{name: getattr(contract, name) for name in KEPT},
    )  # fmt: skip
    db.session.add(after)
    if after.attributes:
        values.keep(after)
    facts = finish_contract(after, units, wide, fresh=True) | {"before": contract.number}
    record("contract.renewed", after, by_id, account_id=after.account_id, **facts)
    return after


def _lines(contract: ServiceContract) -> tuple[list[int] | None, Fields]:
    """The units that are still the account's, and what it names besides; None: nothing is left."""
    named = db.session.execute(
        sa.select(Unit.id, Unit.account_id, Unit.status)
        .join(ContractUnit, ContractUnit.unit_id == Unit.id)
        .where(ContractUnit.contract_id == contract.id)
    ).all()
    units = sorted(
        row.id for row in named if row.account_id == contract.account_id and row.status != "removed"
    )
    wide = scopes_of([contract.id])[contract.id]
    left = units or any(wide.values()) or not named
    return (units if left else None), wide


def _number(contract: ServiceContract) -> str:
    place = len([one for one in chain(contract.id) if one.starts_on <= contract.starts_on]) + 1
    wanted = contract_rules.next_number(contract.number, place)
    taken = set(db.session.scalars(sa.select(C.number).where(C.number.in_(wanted))))
    return next(one for one in wanted if one not in taken)


def give_notice(contract: ServiceContract, fields: Fields, user_id: int) -> None:
    """The contract is not renewed: who said so, on which day, why. Raises Invalid, Conflict."""
    on = fields.get("on") or today()
    if contract.notice_given_on is not None:
        raise Conflict(_("Notice was given already."))
    if on > today():
        raise Invalid({"on": [_("This day has not come yet.")]})
    after = successor(contract.id)
    if after is not None:
        why = _("It was renewed already: cancel %(number)s instead.", number=after.number)
        raise Conflict(why)
    late = contract_rules.check_notice(
        renewing(contract).deadline, on, bool(fields.get("even_though_late"))
    )
    if late and contract.auto_renew:
        raise Conflict(late, {"even_though_late": [late]})
    contract.notice_given_on, contract.notice_by = on, fields["by"]
    contract.notice_reason = fields["reason"]
    _tell("contract.notice_given", contract, user_id)


def take_back_notice(contract: ServiceContract, user_id: int) -> None:
    """The notice was a mistake or was withdrawn: the contract renews again. Raises Conflict."""
    if contract.notice_given_on is None:
        raise Conflict(_("No notice was given."))
    contract.notice_given_on, contract.notice_by, contract.notice_reason = None, "", ""
    _tell("contract.notice_taken_back", contract, user_id)


def _tell(kind: str, contract: ServiceContract, user_id: int) -> None:
    given = contract.notice_given_on
    record(
        kind, contract, user_id, account_id=contract.account_id, number=contract.number,
        notice_on=given.isoformat() if given else None, by=contract.notice_by,
        reason=contract.notice_reason, ends_on=contract.ends_on.isoformat(),
    )  # fmt: skip
