"""What the pages of hand-overs are drawn from; nothing here changes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template, request

from crm.accounts.models import Account
from crm.clock import today
from crm.deals.models import Deal
from crm.editing import Sheet, shown
from crm.extensions import db
from crm.handover import queries, words
from crm.handover.models import Handover, HandoverUnit
from crm.handover.outcome import foresee
from crm.installed_base.models import Unit
from crm.paging import COUNTED, Page, Sort, choose_sort, count, page
from crm.rights import Person, branches, may

CELLS = ("serial_no", "delivered_on", "installed_on", "accepted_on", "location", "replaces_id")
PAGE, IN_SHORT = 50, 6
H = Handover.__table__.c
SORTS = {"begun": H.created_at, "id": H.id}


def as_typed(row: Any) -> dict[str, str]:
    """The cells of a unit as their inputs hold them."""
    return {name: shown(getattr(row, name)) for name in CELLS}


def handover_page(deal: Deal, user: Person, sheet: Sheet | None = None) -> str:
    """The table in which everybody fills in what is known by now; nine statements."""
    handover = queries.of_deal(deal.id)
    rows = queries.unit_rows(handover.id) if handover else []
    values = {f"{name}-{row.id}": text for row in rows for name, text in as_typed(row).items()}
    typed = Sheet(values | (sheet.values if sheet else {}), values, sheet.errors if sheet else {})
    return render_template(
        "handover/page.html", deal=deal, handover=handover, rows=rows, sheet=typed,
        account=db.session.get_one(Account, deal.account_id), words=words, today_on=today(),
        replaceable=queries.replaceable(deal.id, deal.account_id) if handover else [],
        to_remove=queries.to_remove(handover.id) if handover else [],
        outcome=foresee(deal, False) if handover and deal.stage != "won" else None,
        may_edit=may(user, "edit", "unit"),
        done=sum(1 for row in rows if row.accepted_on), most=queries.MOST_PIECES,
    )  # fmt: skip


def panel(deal: Deal) -> str:
    """What a deal has handed over, beside its page; and what opening it again would do."""
    handover = queries.of_deal(deal.id)
    rows = queries.unit_rows(handover.id) if handover else []
    return render_template(
        "handover/panel.html", deal=deal, handover=handover, rows=rows, words=words,
        numbered=sum(1 for row in rows if row.serial_no),
        done=sum(1 for row in rows if row.accepted_on),
        outcome=foresee(deal, deal.stage != "won") if handover else None,
    )  # fmt: skip


def preview(deal: Deal, won: bool) -> str:
    """What winning a deal, or opening it again, will do."""
    return render_template(
        "handover/preview.html", deal=deal, outcome=foresee(deal, won), won=won, words=words
    )


def list_page(user: Person) -> str:
    """The hand-overs that are still open, or all; the address is the whole state."""
    every = request.args.get("show") == "all"
    sort = choose_sort(request.args.get("sort"), SORTS, "-begun" if every else "begun")
    rows, total = _page([] if every else [H.open], user, sort, request.args.get("cursor"))
    return render_template(
        "handover/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED, every=every, progress=_progress([row.id for row in rows.rows]),
    )  # fmt: skip


def open_panel(user: Person) -> str:
    """The oldest open hand-overs, in short."""
    sort = choose_sort(None, SORTS, "begun")
    rows, total = _page([H.open], user, sort, None)
    some = rows.rows[:IN_SHORT]
    return render_template(
        "handover/open.html", rows=some, total=total, progress=_progress([row.id for row in some])
    )


def _page(
    where: list[sa.ColumnElement[bool]], user: Person, sort: Sort, cursor: str | None
) -> tuple[Page, int]:
    columns = [*H, Deal.title, Account.name.label("account")]
    joins = sa.join(Handover, Deal, Deal.id == H.deal_id).join(Account, Account.id == H.account_id)
    scope = branches(user, "view", "unit", Handover)
    rows = page(columns, H.id, scope, where, sort, cursor, PAGE, joins)
    return rows, count([sa.or_(*scope), *where], H.id)


def _progress(keys: list[int]) -> dict[int, Any]:
    """Hand-over → how many units it has, with numbers, installed, accepted; one statement."""
    done = [
        sa.func.sum(sa.case((condition, 1), else_=0)).label(name)
        for name, condition in (
            ("numbered", Unit.serial_key.is_not(None)),
            ("installed", Unit.installed_on.is_not(None)),
            ("accepted", Unit.accepted_on.is_not(None)),
        )
    ]
    rows = db.session.execute(
        sa.select(HandoverUnit.handover_id, sa.func.count().label("units"), *done)
        .join(Unit, Unit.id == HandoverUnit.unit_id)
        .where(HandoverUnit.handover_id.in_(keys))
        .group_by(HandoverUnit.handover_id)
    )
    return {row.handover_id: row for row in rows}
