"""Decide about what the register says of our accounts. Nothing here commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts import registering
from crm.accounts.models import Account
from crm.clock import now
from crm.errors import Conflict, Invalid, Problem
from crm.extensions import at_most, db
from crm.register.models import RegisterProposal
from crm.timeline.actions import record

Fields = dict[str, Any]
MOST_AT_ONCE = 500


def accept(proposal: RegisterProposal, by_id: int | None) -> None:
    """Write a change of the register into its account; accepting twice writes it once.

    Raises Conflict when it was decided otherwise, or the account cannot be changed so.
    """
    if proposal.state == "accepted":
        return
    _check_open(proposal)
    account = db.session.get_one(Account, proposal.account_id)
    _decide(proposal, "accepted", by_id)
    _WRITE[proposal.kind](account, proposal.after, proposal.effective_on, by_id)


def reject(proposal: RegisterProposal, by_id: int | None) -> None:
    """Say no to a change, for ever: the same word of the register is not proposed again."""
    if proposal.state == "rejected":
        return
    _check_open(proposal)
    _decide(proposal, "rejected", by_id)
    record(
        "register.rejected", proposal, by_id, account_id=proposal.account_id,
        change=proposal.kind, said=_shown(proposal.after),
    )  # fmt: skip


def accept_all(
    kind: str | None, upto: int, by_id: int | None
) -> tuple[int, list[tuple[RegisterProposal, str]]]:
    """Accept what is open, of one kind or all, up to the last one that was seen.

    Returns how many, and those that cannot be accepted with the reason; these stay open.
    """
    done, left = 0, []
    for proposal in _open(kind, upto):
        try:
            with db.session.begin_nested():
                accept(proposal, by_id)
            done += 1
        except (Conflict, Invalid) as error:
            left.append((proposal, reason(error)))
    return done, left


def reason(error: Problem) -> str:
    """Why an account cannot be changed so, in one sentence."""
    return error.detail or " ".join(why for some in error.errors.values() for why in some)


def _open(kind: str | None, upto: int) -> Sequence[RegisterProposal]:
    """What is open, locked, so that each is decided once."""
    asked = sa.select(RegisterProposal).where(
        RegisterProposal.state == "open", RegisterProposal.id <= upto
    )
    if kind is not None:
        asked = asked.where(RegisterProposal.kind == kind)
    first = asked.order_by(RegisterProposal.id).limit(at_most(MOST_AT_ONCE))
    return db.session.scalars(first.with_for_update()).all()


def _check_open(proposal: RegisterProposal) -> None:
    if proposal.state != "open":
        raise Conflict(_("This change was decided or overtaken already."))


def _decide(proposal: RegisterProposal, state: str, by_id: int | None) -> None:
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, by_id, now()


def _shown(after: Fields) -> str:
    first = ("name", "address", "corporate_number", "successor_number")
    return next((str(after[one]) for one in first if after.get(one)), "")


def _rename(account: Account, after: Fields, on: date, by_id: int | None) -> None:
    registering.rename_account(account, after, on, by_id)


def _close(account: Account, after: Fields, on: date, by_id: int | None) -> None:
    successor = after.get("successor_number")
    name = (
        db.session.scalar(sa.select(Account.name).where(Account.corporate_number == successor))
        if successor
        else None
    )
    registering.close_account(account, after | {"successor_name": name or ""}, on, by_id)


_WRITE: dict[str, Callable[[Account, Fields, date, int | None], None]] = {
    "renamed": _rename,
    "moved": registering.move_account,
    "closed": _close,
    "absorbed": _close,
    "restored": lambda account, _after, on, by_id: registering.restore_account(account, on, by_id),
    "numbered": lambda account, after, _on, by_id: registering.number_account(
        account, after["corporate_number"], by_id
    ),
}
