"""Deals, what was done for them, and what support told sales."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.accounts.models import Account
from crm.alerts.models import STATES, Alert
from crm.alerts.queries import language
from crm.alerts.views import dismissal_words
from crm.clock import local
from crm.deals import activity_listing, words
from crm.deals.board import SORTS
from crm.deals.filters import read
from crm.deals.models import ACTIVITY_KINDS, RESULTS, Activity, Deal, DealLine, deal_number
from crm.errors import BadRequest
from crm.exports.asked import same
from crm.exports.tables import Args, Conditions, Field, Row, Table
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.rights import Person
from crm.staff.models import Staff
from crm.timeline.sentences.deals import activity_name, field_name, result_name

D, V, R = Deal.__table__.c, Activity.__table__.c, Alert.__table__.c


def _deal_labels() -> dict[str, str]:
    fields = (
        "title", "rank", "amount", "gross_profit", "expected_close_on", "revenue_on", "owner",
        "next_step", "next_step_on", "competitor", "account", "origin",
    )  # fmt: skip
    return {name: field_name(name) for name in fields} | {
        "number": _("Number"), "stage": _("Stage"), "product": pgettext("unit", "Product"),
        "opened_on": _("Opened"), "closed_on": pgettext("export", "Closed on"),
        "won_reason": pgettext("export", "Why it was won"),
        "lost_reason": pgettext("export", "Why it was lost"),
    }  # fmt: skip


def _deals(args: Args, user: Person) -> Conditions:
    asked = read(args, user)
    return [D.stage.in_(asked.stages), *asked.where()]


def _fill_deals(rows: list[Row]) -> None:
    """Number, day of opening, and the product of the first line."""
    line: Any = DealLine.__table__.c
    found = db.session.execute(
        sa.select(line.deal_id, Product.code)
        .join(Product, Product.id == line.product_id)
        .where(line.deal_id.in_([row["_key"] for row in rows]))
        .order_by(line.position.desc(), line.id.desc())
    )
    first: dict[int, str] = dict(found.tuples().all())
    for row in rows:
        opened = row["opened_on"]
        row["number"] = deal_number(opened, row["_key"])
        row["opened_on"] = local(opened).date()
        row["product"] = first.get(row["_key"])


DEALS = Table(
    name="deals",
    record="deal",
    model=Deal,
    title=lambda: _("Deals"),
    labels=_deal_labels,
    fields=(
        Field("id", D.id, "record"),
        Field("number"),
        Field("title", D.title, shown=True),
        Field("account", Account.name, shown=True),
        Field("account_id", D.account_id, "number", key=True),
        Field("stage", D.stage, words=lambda: dict(words.stages()), shown=True),
        Field("rank", D.rank, shown=True),
        Field("amount", D.amount, "yen", amount=True, shown=True),
        Field("gross_profit", D.gross_profit, "yen", amount=True),
        Field("product"),
        Field("owner", Staff.name, shown=True),
        Field("owner_id", D.owner_id, "number", key=True),
        Field("opened_on", D.created_at, "day"),
        Field("expected_close_on", D.expected_close_on, "day", shown=True),
        Field("revenue_on", D.revenue_on, "day"),
        Field("closed_on", D.closed_on, "day"),
        Field("next_step", D.next_step, shown=True),
        Field("next_step_on", D.next_step_on, "day", shown=True),
        Field("origin", D.origin, words=lambda: dict(words.origins())),
        Field("competitor", D.competitor),
        Field("won_reason", D.won_reason),
        Field("lost_reason", D.lost_reason, words=lambda: dict(words.reasons())),
        Field("updated_at", D.updated_at, "instant"),
    ),
    joins=sa.join(Deal, Account, Account.id == D.account_id).outerjoin(
        Staff, Staff.id == D.owner_id
    ),
    where=_deals,
    filters=(
        "q", "owner", "team", "account", "rank", "stage", "close_from", "close_to", "undated",
        "origin", "attribute", "value",
    ),
    sorts=SORTS,
    sort="expected_close_on",
    fill=_fill_deals,
    page="/deals",
)  # fmt: skip


def _activity_labels() -> dict[str, str]:
    return {
        "kind": _("Kind"), "account": _("Account"), "deal": pgettext("export", "Deal"),
        "at": pgettext("export", "When"), "planned": pgettext("export", "Planned"),
        "by": pgettext("export", "Who"), "summary": pgettext("export", "What was said"),
        "result": pgettext("export", "Result"), "next_step": field_name("next_step"),
        "promised": pgettext("export", "Promised to the customer"),
    }  # fmt: skip


def _activities(args: Args, user: Person) -> Conditions:
    return activity_listing.conditions(activity_listing.read(args, user), user)


ACTIVITIES = Table(
    name="activities",
    record="activity",
    model=Activity,
    title=lambda: pgettext("export", "Activities"),
    labels=_activity_labels,
    fields=(
        Field("id", V.id, "record"),
        Field("at", V.at, "instant", shown=True),
        Field("kind", V.kind, shown=True,
              words=lambda: {one: activity_name(one) for one in ACTIVITY_KINDS}),
        Field("account", Account.name, shown=True),
        Field("account_id", V.account_id, "number", key=True),
        Field("deal", Deal.title, shown=True),
        Field("deal_id", V.deal_id, "number", key=True),
        Field("by", Staff.name, shown=True),
        Field("planned", V.planned, "flag"),
        Field("summary", V.summary, shown=True),
        Field("result", V.result, shown=True,
              words=lambda: {"": ""} | {one: result_name(one) for one in RESULTS}),
        Field("next_step", V.next_step, shown=True),
        Field("promised", V.promised, "flag"),
        Field("updated_at", V.updated_at, "instant"),
    ),
    joins=sa.join(Activity, Account, Account.id == V.account_id)
    .outerjoin(Deal, Deal.id == V.deal_id)
    .outerjoin(Staff, Staff.id == V.by_id),
    where=_activities,
    filters=(
        "q", "kind", "account_id", "deal_id", "by_id", "planned", "attribute", "value",
    ),
    sorts=activity_listing.SORTS,
    sort="-at",
    page="/activities",
)  # fmt: skip


def _alert_labels() -> dict[str, str]:
    return {
        "raised_at": pgettext("export", "Raised at"), "rule": pgettext("export", "Rule"),
        "account": _("Account"), "unit": pgettext("export", "Serial number"),
        "reason": pgettext("export", "Why"), "state": _("Status"), "owner": _("Owner"),
        "estimated_value": pgettext("export", "Estimated value"),
        "dismissal": pgettext("export", "Why it was dismissed"),
        "decided_at": pgettext("export", "Decided at"),
    }  # fmt: skip


def alert_states() -> dict[str, str]:
    """How far an alert is."""
    said = (
        _("Undecided"), _("Accepted"), _("Dismissed"), _("Snoozed"), _("Held back"), _("Expired"),
    )  # fmt: skip
    return dict(zip(STATES, said, strict=True))


def _alerts(args: Args, user: Person) -> Conditions:
    """Of one state, as the inbox shows them: the open ones unless the address says otherwise."""
    state = args.get("state") or "open"
    if state not in STATES:
        raise BadRequest(_("There is no such state."), {"state": [", ".join(STATES)]})
    return [R.state == state, *same(account_id=R.account_id)(args, user)]


def _fill_alerts(rows: list[Row]) -> None:
    """The sentence in the reader's language."""
    for row in rows:
        row["reason"] = row["reason"][language()]


ALERTS = Table(
    name="alerts",
    record="alert",
    model=Alert,
    title=lambda: pgettext("export", "Alerts"),
    labels=_alert_labels,
    fields=(
        Field("id", R.id, "record"),
        Field("raised_at", R.raised_at, "instant", shown=True),
        Field("rule", R.rule),
        Field("account", Account.name, shown=True),
        Field("account_id", R.account_id, "number", key=True),
        Field("unit", Unit.serial_no, shown=True),
        Field("reason", R.reason, shown=True),
        Field("estimated_value", R.estimated_value, "yen", amount=True, shown=True),
        Field("state", R.state, words=alert_states, shown=True),
        Field("owner", Staff.name, shown=True),
        Field("dismissal", R.dismissal, words=lambda: dict(dismissal_words()), shown=True),
        Field("decided_at", R.decided_at, "instant"),
        Field("updated_at", R.updated_at, "instant"),
    ),
    joins=sa.join(Alert, Account, Account.id == R.account_id)
    .outerjoin(Unit, Unit.id == R.unit_id)
    .outerjoin(Staff, Staff.id == R.owner_id),
    where=_alerts,
    filters=("state", "account_id"),
    sorts={"id": R.id, "raised_at": R.raised_at},
    sort="-id",
    fill=_fill_alerts,
    page="/alerts",
)
