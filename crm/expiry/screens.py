"""What the pages of expiries are drawn from; nothing here changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app, render_template

from crm.accounts.models import Account
from crm.clock import today
from crm.expiry import agenda, book, words
from crm.expiry.asking import MOST_MONTHS, Asked
from crm.expiry.lines import years_in_tenths
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.terms import months_after
from crm.products.models import Product
from crm.rights import Person, may
from crm.text.legal_form import short

PAGE = 50
IN_PANEL = 6
YEAR = 12
MOST_UNITS = 200
"""Of an account, on its own page; the list has all of them."""
MOST_ENTRIES = 80


def tools() -> dict[str, Any]:
    """What the templates ask."""
    on = today()
    return {
        "words": words, "kinds": words.kinds(), "today_on": on, "short_name": short,
        "years": lambda since: _years(since, on),
        "has": lambda endpoint: endpoint in current_app.view_functions,
    }  # fmt: skip


def _years(since: date | None, on: date) -> str:
    tenths = years_in_tenths(since, on)
    return "" if tenths is None else f"{tenths // 10}.{tenths % 10}"


def list_page(asked: Asked, cursor: str | None, user: Person) -> str:
    """The list, month by month and rep by rep; its address is its whole state."""
    found = book.read(asked, today(), PAGE, cursor)
    return render_template(
        "expiry/list.html", asked=asked, months=found.months(), next=found.next,
        shown=len(found.page), total=found.total, sums=found.sums(), most=book.MOST,
        empty_sums=book.Sums(), people=found.house.people,
        teams=found.house.teams, account=_known(Account, asked.account_id),
        product=_known(Product, asked.product_id),
        before=months_after(asked.month, -asked.months),
        after=months_after(asked.month, asked.months), spans=range(1, MOST_MONTHS + 1),
        may_deal=may(user, "create", "deal"), may_print=may(user, "create", "report"), **tools(),
    )  # fmt: skip


def _known(model: Any, key: int | None) -> Any:
    """A record that the filter's door has read already."""
    return db.session.get(model, key) if key else None


def account_page(account: Account, user: Person) -> str:
    """Everything that is to come for an account in twelve months, with when to propose."""
    on = today()
    found = agenda.of_account(account.id, on, months_after(on, YEAR), on, MOST_UNITS)
    return render_template(
        "expiry/account.html", account=account, agenda=found, most=MOST_UNITS,
        entries=found.entries[:MOST_ENTRIES],
        may_deal=may(user, "create", "deal"), **tools(),
    )  # fmt: skip


def account_panel(account: Account) -> str:
    """The next few days of an account, for its page."""
    on = today()
    found = agenda.of_account(account.id, on, months_after(on, YEAR), on, MOST_UNITS)
    return render_template(
        "expiry/panel.html", account=account, entries=found.entries[:IN_PANEL],
        proposal=_soonest(found), **tools(),
    )  # fmt: skip


def unit_panel(unit: Unit) -> str:
    """The days of one unit and when to propose, for its page."""
    on = today()
    found = agenda.of_units([unit.id], on, months_after(on, 10 * YEAR), on)
    return render_template(
        "expiry/unit_panel.html", unit=unit, entries=found.entries,
        proposal=found.proposals.get(unit.id), **tools(),
    )  # fmt: skip


def _soonest(found: agenda.Agenda) -> Any:
    """The proposal that comes first, with its unit."""
    return min(found.proposals.values(), key=lambda one: (one.first, one.last), default=None)
