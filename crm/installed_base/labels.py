"""Labels to stick on units: a QR code that opens the unit's page on a phone."""

from __future__ import annotations

import segno
import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from crm.errors import BadRequest
from crm.installed_base import queries
from crm.installed_base.models import Unit
from crm.typed import LARGEST_KEY
from crm.web import own_address

MOST = 200


def qr_code(address: str) -> Markup:
    """An address as an SVG drawing, readable with a seventh of it scratched away."""
    code = segno.make(address, error="m", micro=False)
    drawn: str = code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn from an address of ours, which segno escapes


def address_of(unit_id: int) -> str:
    """The page of a unit as a phone finds it: at CRM_PUBLIC_URL, else where we are asked."""
    return own_address() + url_for("installed_base.show", unit_id=unit_id)


def sheet() -> str:
    """Labels of the units that the address names: `ids=1,2`, or all of `account_id`.

    Raises BadRequest and NotFound.
    """
    keys = [_key(text) for text in request.args.get("ids", "").split(",") if text.strip()]
    where: sa.ColumnElement[bool] = Unit.id.in_(keys[:MOST])
    account = None
    if not keys:
        account = queries.account_named(request.args)
        where = sa.and_(
            Unit.account_id == account.id, Unit.status != "removed", Unit.serial_key.is_not(None)
        )
    rows = queries.named_units(where, MOST + 1)
    labels = [(row, qr_code(address_of(row.id))) for row in rows[:MOST]]
    return render_template(
        "installed_base/labels.html", labels=labels, account=account, more=len(rows) > MOST,
        most=MOST,
    )  # fmt: skip


def _key(text: str) -> int:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 17 and int(plain) <= LARGEST_KEY):
        raise BadRequest(_("There is no such filter."), {"ids": [_("A record's number.")]})
    return int(plain)
