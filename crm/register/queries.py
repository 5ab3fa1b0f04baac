"""Ask for what the register says of our accounts, and what hangs on an account that ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.clock import today
from crm.errors import NotFound
from crm.extensions import at_most, db
from crm.paging import Page, Sort, count, page
from crm.register.models import RegisterFile, RegisterProposal
from crm.rights import Person, may
from crm.staff.models import Staff

Fields = dict[str, Any]
P, F, A = RegisterProposal.__table__.c, RegisterFile.__table__.c, Account.__table__.c
DEAL_ENDED = ("won", "lost")
NAMED = 3
"""Of the deals, contracts and units of an account that ends, so many are named."""
_COLUMNS = (
    P.id, P.account_id, P.kind, P.state, P.effective_on, P.before, P.after, P.said, P.line,
    P.corporate_number, P.version, A.name.label("account"), A.owner_id, F.name.label("file"),
    Staff.__table__.c.name.label("owner"), P.decided_at,
)  # fmt: skip
_JOINS = sa.join(
    sa.join(RegisterProposal, Account, P.account_id == A.id), RegisterFile, P.file_id == F.id
).outerjoin(Staff, Staff.id == A.owner_id)


def get_proposal(proposal_id: int, user: Person, action: str = "view") -> RegisterProposal:
    """The door to a proposal; for a change it is locked, so that it is decided once."""
    lock = True if action == "edit" else None
    found = db.session.get(RegisterProposal, proposal_id, with_for_update=lock)
    if found is None or not may(user, action, "register", found):
        raise NotFound
    return found


def get_file(file_id: int, user: Person, action: str = "view") -> RegisterFile:
    """The door to what is known of a file that was read."""
    found = db.session.get(RegisterFile, file_id)
    if found is None or not may(user, action, "register", found):
        raise NotFound
    return found


def proposals(state: str, kind: str | None, cursor: str | None, limit: int) -> tuple[Page, int]:
    """One page of proposals, the newest first, and how many there are (at most 1,001)."""
    where: list[sa.ColumnElement[bool]] = [P.state == state]
    if kind is not None:
        where.append(P.kind == kind)
    sort = Sort("id", P.id, descending=True)
    rows = page(_COLUMNS, P.id, [sa.true()], where, sort, cursor, limit, _JOINS)
    return rows, count(where, P.id)


def of_account(account_id: int) -> Sequence[sa.Row[Any]]:
    """What is open about one account."""
    return db.session.execute(
        sa.select(*_COLUMNS)
        .select_from(_JOINS)
        .where(P.account_id == account_id, P.state == "open")
        .order_by(P.id)
        .limit(at_most(20))
    ).all()


def open_by_kind() -> dict[str, int]:
    """Kind → how many are open."""
    rows = db.session.execute(
        sa.select(P.kind, sa.func.count()).where(P.state == "open").group_by(P.kind)
    )
    return {row[0]: int(row[1]) for row in rows}


def newest_open() -> int:
    """The key up to which "all" reaches."""
    return db.session.scalar(sa.select(sa.func.max(P.id)).where(P.state == "open")) or 0


def files(limit: int = 10) -> Sequence[sa.Row[Any]]:
    """The files that were read last."""
    return db.session.execute(
        sa.select(*F, Staff.name.label("by"))
        .outerjoin(Staff, Staff.id == F.by_id)
        .order_by(F.id.desc())
        .limit(at_most(limit))
    ).all()


def successors(numbers: Collection[str]) -> dict[str, tuple[int, str]]:
    """Corporate number → key and name of our account of it."""
    rows = db.session.execute(
        sa.select(A.corporate_number, A.id, A.name).where(A.corporate_number.in_(numbers))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def heir(proposal: RegisterProposal) -> int | None:
    """Our account of the company that absorbed the one of a proposal, unless they are one."""
    number = proposal.after.get("successor_number") or ""
    found = successors([number]).get(number) if number else None
    return found[0] if found and found[0] != proposal.account_id else None


def fill_successors(rows: list[Fields], _user: Person) -> None:
    """Put our account of the successor into rows of proposals, in one statement."""
    numbers = {row["after"].get("successor_number") for row in rows} - {None, ""}
    known = successors(numbers) if numbers else {}
    for row in rows:
        found = known.get(row["after"].get("successor_number"))
        row["successor_id"] = found[0] if found else None


@dataclass(slots=True)
class Hanging:
    """What an account that ends leaves open: how many, and the first of them by name."""

    number: int = 0
    named: list[tuple[int, str]] = field(default_factory=list)


def hanging(account_ids: Collection[int]) -> dict[str, dict[int, Hanging]]:
    """Open deals, contracts in force today and units in use of some accounts; one statement each.

    Tables of rooms that are not needed for more are asked by their names.
    """
    tables = db.metadata.tables
    deals, contracts, units = tables["deals"].c, tables["service_contracts"].c, tables["units"].c
    return {
        "deals": _of(account_ids, deals, deals.title, deals.stage.not_in(DEAL_ENDED)),
        "contracts": _of(
            account_ids, contracts, contracts.number,
            sa.and_(contracts.ends_on >= today(), contracts.cancelled_on.is_(None)),
        ),
        "units": _of(account_ids, units, units.serial_no, units.status != "removed"),
    }  # fmt: skip


def _of(
    account_ids: Collection[int], columns: Any, label: Any, where: sa.ColumnElement[bool]
) -> dict[int, Hanging]:
    """The first few of each account and their number, by windows over the index of accounts."""
    mine = (columns.account_id.in_(account_ids), where)
    place = sa.func.row_number().over(partition_by=columns.account_id, order_by=columns.id)
    whole = sa.func.count().over(partition_by=columns.account_id)
    some = (
        sa.select(
            columns.account_id, columns.id, label.label("label"), place.label("place"),
            whole.label("whole"),
        )
        .where(*mine)
        .subquery()
    )  # fmt: skip
    found: dict[int, Hanging] = {}
    for row in db.session.execute(sa.select(some).where(some.c.place <= NAMED)):
        one = found.setdefault(row.account_id, Hanging(row.whole))
        one.named.append((row.id, row.label))
    return found
