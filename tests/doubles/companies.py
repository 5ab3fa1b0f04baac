"""Two accounts that are one company, with something in every table that can name an account."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.accounts import actions as accounts
from crm.accounts.former_names import FormerName
from crm.accounts.models import Account, Contact, Site
from crm.clock import now, today
from crm.deals.models import ActivityContact
from crm.doubles.models import Merge, Move, Pair
from crm.extensions import db
from crm.files.models import Attachment
from crm.search.sources import refresh, sources
from crm.transfers.models import ImportKey
from tests.people import Company
from tests.records import (
    a_campaign,
    a_contract,
    a_deal,
    a_loan,
    a_paid_repair,
    a_plan,
    a_product,
    a_ticket,
    a_unit,
    an_activity,
    an_alert,
    keep,
)

NOT_COMPARED = (
    "merges", "merge_moves", "doubles", "double_rounds", "events", "outbox", "sign_ins",
    "api_tokens", "idempotency_keys", "removals", "spent_keys",
)  # fmt: skip
"""Journals: what happened stays said. All other tables must be the same again."""


def a_company(company: Company, name: str, tag: str, **fields: Any) -> int:
    """An account with people, places, units and work, as its first user would have entered it."""
    account = accounts.add_account({"name": name, "owner_id": company.rep, **fields}, company.rep)
    site = accounts.add_site({"account_id": account.id, "name": f"工場{tag}"}, company.rep)
    suzuki = accounts.add_contact(
        {
            "account_id": account.id, "site_id": site.id, "family_name": "鈴木",
            "given_name": "恵子", "email": "keiko@yamada.example",
            "phones": [{"number": "090-1234-5678"}],
        },
        company.rep,
    )  # fmt: skip
    db.session.commit()
    key = account.id
    product = a_product(f"PW-{tag}")
    unit = a_unit(key, product, f"SN-{tag}", site_id=site.id)
    ticket = a_ticket(key, company.clerk, company.call_centre, unit_id=unit, contact_id=suzuki.id)
    a_deal(key, company.rep, company.first_team, contact_id=suzuki.id, site_id=site.id)
    a_contract(key, [unit], today() - timedelta(days=30), today() + timedelta(days=300), tag)
    campaign, _item = a_campaign(key, unit, product, tag)
    work = a_paid_repair(key, unit, 40, 66_000)
    a_plan(key, unit)
    a_loan(key, unit)
    visit = an_activity(key, company.rep, company.first_team)
    an_alert(key, company.rep, company.first_team, unit_id=unit, ticket_id=ticket)
    an_alert(
        key, company.rep, company.first_team, rule="R21", subject=f"campaign:1:account:{key}",
        dedupe=f"R21|campaign:1:account:{key}|1",
    )  # fmt: skip
    db.session.add_all([
        ActivityContact(activity_id=visit, contact_id=suzuki.id),
        FormerName(account_id=key, name="山田工業"),
        ImportKey(source=f"list {tag}", kind="account", key=str(key), record_id=key,
                  digest="0" * 64, said={}, imported_at=now()),
    ])  # fmt: skip
    keep(Attachment(account_id=key, sha256="0" * 64, size=1, media_type="text/plain", name="x"))
    for source in sources().values():
        refresh(source.kind, source.keys(0, 1000))
    db.session.commit()
    assert campaign and work
    return key


COUNTED = ("version", "updated_at")
"""How often and when a row was last edited: these only ever go forward, so that nobody's open form
writes over what it never saw, and programs that keep a copy hear of the row again."""


def state() -> dict[str, str]:
    """Table → hash of all its rows, but for the count of their edits."""
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name in NOT_COMPARED:
            continue
        columns = [column for column in table.columns if column.name not in COUNTED]
        rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key.columns)).all()
        found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def moves(merge: Merge) -> list[Move]:
    """What a merge noted."""
    return list(db.session.scalars(sa.select(Move).where(Move.merge_id == merge.id)))


def pairs(state_: str = "open") -> list[tuple[str, int, int, list[str]]]:
    """The queue."""
    rows = db.session.scalars(sa.select(Pair).where(Pair.state == state_).order_by(Pair.id))
    return [(one.kind, one.left_id, one.right_id, list(one.reasons)) for one in rows]


__all__ = ["Account", "Contact", "Site", "a_company", "moves", "pairs", "state"]
