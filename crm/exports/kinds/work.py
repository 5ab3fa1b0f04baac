"""Work on units, and what customers tell us."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.accounts.models import Account
from crm.exports.tables import Args, Conditions, Field, Table
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.rights import Person
from crm.service import listing as works
from crm.service import words as work_words
from crm.staff.models import Staff
from crm.support import listing as tickets
from crm.support import queries, words
from crm.support.models import Ticket

W, T = WorkOrder.__table__.c, Ticket.__table__.c


def _work_labels() -> dict[str, str]:
    every = work_words.labels()
    return every | {
        "unit": every["unit_id"], "account": every["account_id"], "ticket": every["ticket_id"],
        "product": every["product_id"], "assignee": every["assignee_id"],
        "invoice_amount": pgettext("export", "Invoice without tax"),
    }  # fmt: skip


def _works(args: Args, _user: Person) -> Conditions:
    asked = works.read(args)
    return [sa.or_(*asked.ways), *asked.where]


WORK_ORDERS = Table(
    name="work-orders",
    record="work_order",
    model=WorkOrder,
    title=lambda: _("Work orders"),
    labels=_work_labels,
    fields=(
        Field("id", W.id, "record"),
        Field("account", Account.name, shown=True),
        Field("account_id", W.account_id, "number", key=True),
        Field("product", Product.code, shown=True),
        Field("unit", Unit.serial_no, shown=True),
        Field("unit_id", W.unit_id, "number", key=True),
        Field("ticket", W.ticket_id, "record"),
        Field("kind", W.kind, words=work_words.kinds, shown=True),
        Field("status", W.status, words=work_words.statuses, shown=True),
        Field("assignee", Staff.name, shown=True),
        Field("opened_on", W.opened_on, "day", shown=True),
        Field("planned_on", W.planned_on, "day", shown=True),
        Field("done_on", W.done_on, "day", shown=True),
        Field("returned_on", W.returned_on, "day"),
        Field("symptom", W.symptom, shown=True),
        Field("cause", W.cause),
        Field("action", W.action),
        Field("symptom_code", W.symptom_code),
        Field("cause_code", W.cause_code),
        Field("action_code", W.action_code),
        Field("labour_amount", W.labour_amount, "yen"),
        Field("travel_amount", W.travel_amount, "yen"),
        Field("parts_amount", W.parts_amount, "yen"),
        Field("invoice_amount", W.invoice_amount, "yen"),
        Field("chargeable", W.chargeable, "flag", shown=True),
        Field("charge_reason", W.charge_reason),
        Field("labour_minutes", W.labour_minutes, "number"),
        Field("travel_km", W.travel_km, "number"),
        Field("downtime_minutes", W.downtime_minutes, "number"),
        Field("labour_share", W.labour_share, "number"),
        Field("travel_share", W.travel_share, "number"),
        Field("parts_share", W.parts_share, "number"),
        Field("updated_at", W.updated_at, "instant"),
    ),
    joins=sa.join(WorkOrder, Unit, Unit.id == W.unit_id)
    .join(Product, Product.id == Unit.product_id)
    .join(Account, Account.id == W.account_id)
    .outerjoin(Staff, Staff.id == W.assignee_id),
    where=_works,
    filters=("status", "kind", "who", "account_id", "day", "attribute", "value"),
    sorts=works.SORTS,
    sort="planned",
    page="/work-orders",
)


def _ticket_labels() -> dict[str, str]:
    return {
        "number": _("Number"), "account": _("Account"), "product": pgettext("unit", "Product"),
        "unit": pgettext("export", "Serial number"), "subject": pgettext("export", "Subject"),
        "voice": pgettext("export", "The customer's words"),
        "category": pgettext("export", "Category"), "symptom": pgettext("unit", "Symptom"),
        "severity": pgettext("export", "Severity"), "status": _("Status"),
        "channel": pgettext("export", "Channel"), "assignee": pgettext("export", "In charge"),
        "opened_at": pgettext("export", "Opened at"),
        "first_response_at": pgettext("export", "First answer at"),
        "due_at": pgettext("export", "Promised by"), "solved_at": pgettext("export", "Solved at"),
        "closed_at": pgettext("export", "Closed at"),
        "resolution": pgettext("export", "What solved it"),
    }  # fmt: skip


def _tickets(args: Args, user: Person) -> Conditions:
    return tickets.read(args, user).where


TICKETS = Table(
    name="tickets",
    record="ticket",
    model=Ticket,
    title=lambda: _("Tickets"),
    labels=_ticket_labels,
    fields=(
        Field("id", T.id, "record"),
        Field("number", T.id, "number", shown=True),
        Field("account", Account.name, shown=True),
        Field("account_id", T.account_id, "number", key=True),
        Field("product", Product.code, shown=True),
        Field("unit", Unit.serial_no, shown=True),
        Field("unit_id", T.unit_id, "number", key=True),
        Field("subject", T.subject, shown=True),
        Field("voice", T.voice),
        Field("category", T.category, words=lambda: dict(words.categories()), shown=True),
        Field("symptom", T.symptom),
        Field("severity", T.severity, words=lambda: dict(words.severities()), shown=True),
        Field("status", T.status, words=lambda: {k: v for k, v, *_r in words.statuses()},
              shown=True),
        Field("channel", T.channel, words=lambda: dict(words.channels())),
        Field("assignee", Staff.name, shown=True),
        Field("opened_at", T.opened_at, "instant", shown=True),
        Field("first_response_at", T.first_response_at, "instant"),
        Field("due_at", T.due_at, "instant", shown=True),
        Field("solved_at", T.solved_at, "instant"),
        Field("closed_at", T.closed_at, "instant"),
        Field("resolution", T.resolution),
        Field("updated_at", T.updated_at, "instant"),
    ),
    joins=queries.JOINS,
    where=_tickets,
    filters=(
        "view", "q", "status", "category", "severity", "assignee", "account_id", "unit_id",
        "attribute", "value",
    ),
    sorts=queries.SORTS,
    sort="-id",
    page="/tickets",
)  # fmt: skip
