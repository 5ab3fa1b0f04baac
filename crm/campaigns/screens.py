"""What the pages of campaigns are drawn from; nothing here changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from crm.attributes import forms
from crm.attributes import listing as narrowing
from crm.attributes.asking import asked_of
from crm.attributes.ordering import choose
from crm.attributes.values import shown
from crm.campaigns import queries, words
from crm.campaigns.foreseen import foreseen
from crm.campaigns.models import OUTCOMES, Campaign
from crm.clock import today
from crm.editing import Sheet
from crm.errors import BadRequest
from crm.installed_base.models import Unit
from crm.paging import COUNTED
from crm.products import queries as products
from crm.rights import Person, may
from crm.text.cells import harmless

PAGE = 50
FIELDS = (
    "number", "kind", "title", "notice_no", "serials", "firmware_from", "firmware_to",
    "labour_percent", "travel_percent", "parts_percent", "starts_on", "ends_on",
)  # fmt: skip


def tools() -> dict[str, Any]:
    """What the templates ask."""
    return {"words": words, "labels": words.labels(), "today_on": today()}


def list_page(user: Person) -> str:
    """All campaigns with their progress."""
    sort = choose("campaign", request.args.get("sort"), {"id": Campaign.__table__.c.id}, "-id")
    rows = queries.campaigns(narrowing.conditions("campaign", request.args), sort)
    return render_template(
        "campaigns/list.html", rows=rows, progress=queries.progress(row.id for row in rows),
        may_create=may(user, "create", "campaign"),
        custom=narrowing.panel("campaign", request.args, user, [row.id for row in rows]),
        **tools(),
    )  # fmt: skip


def campaign_page(campaign: Campaign, user: Person) -> str:
    """One campaign: whom it would reach, or how far it is."""
    planned = campaign.status == "planned"
    if campaign.reach_total is not None:
        return render_template(
            "campaigns/reaching.html", campaign=campaign, may_edit=may(user, "edit", "campaign"),
            written=queries.written(campaign.id), **tools(),
        )  # fmt: skip
    ahead = foreseen(campaign) if planned else None
    return render_template(
        "campaigns/campaign.html", campaign=campaign, planned=planned,
        figures=ahead.figures if ahead else queries.figures(campaign),
        owners=ahead.owners if ahead else queries.progress_of_accounts(campaign),
        products=queries.products_of(campaign.id), may_edit=may(user, "edit", "campaign"),
        may_remove=may(user, "delete", "campaign"), custom=shown(campaign), **tools(),
    )  # fmt: skip


def calls_page(campaign: Campaign, user: Person) -> str:
    """Whom to call, account by account."""
    status = request.args.get("status", "todo")
    if status not in ("todo", "all", *OUTCOMES):
        why = _("One of: %(all)s.", all=", ".join(("todo", "all", *OUTCOMES)))
        raise BadRequest(_("There is no such filter."), {"status": [why]})
    rows, total = queries.call_page(campaign.id, status, request.args.get("cursor"), PAGE)
    return render_template(
        "campaigns/calls.html", campaign=campaign, rows=rows.rows, next=rows.next, status=status,
        total=min(total, COUNTED), capped=total > COUNTED, figures=queries.figures(campaign),
        may_log=may(user, "log", "campaign") and campaign.status == "running", **tools(),
    )  # fmt: skip


def panel(unit: Unit, user: Person) -> str:
    """The campaigns that name a unit, for its page; one statement."""
    return render_template(
        "campaigns/panel.html", unit=unit, rows=queries.items_of_unit(unit.id),
        may_log=may(user, "log", "campaign"), **tools(),
    )  # fmt: skip


def form(sheet: Sheet, campaign: Campaign | None, chosen: set[int]) -> str:
    """The form of a campaign."""
    return render_template(
        "campaigns/form.html", sheet=sheet, campaign=campaign, chosen=chosen,
        products=products.choices(), **tools(),
        custom=forms.drawn(campaign, None if campaign else asked_of("campaign"), sheet.values),
    )  # fmt: skip


def file_of(campaign: Campaign) -> Iterator[str]:
    """The list as a file that a spreadsheet opens, no cell of it a formula, piece by piece."""
    labels, said = words.labels(), words.outcomes()
    heads = (
        labels["account_id"], labels["site_id"], _("Contact"), _("Telephone"),
        labels["product_id"], labels["serial_no"], labels["firmware"], labels["status"],
        labels["done_on"], labels["note"], _("Sales rep"),
    )  # fmt: skip
    yield "\ufeff" + _written([heads])
    for some in queries.rows_for_file(campaign.id):
        yield _written(_cells(row, said[row.status]) for row in some)


def _cells(row: Any, status: str) -> tuple[Any, ...]:
    return (
        row.account, row.site, row.contact, row.contact_phone or row.phone, row.code,
        row.serial_no, row.firmware, status, row.done_on.isoformat() if row.done_on else "",
        row.note, row.owner,
    )  # fmt: skip


def _written(rows: Iterable[tuple[Any, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([harmless(str(cell or "")) for cell in row] for row in rows)
    return out.getvalue()
