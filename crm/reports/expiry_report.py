"""The list of what ends as a report: what is asked for, its figures, and its way to paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from crm import clock
from crm.accounts.models import Account
from crm.errors import Invalid
from crm.expiry import api, asking, book
from crm.expiry.asking import Asked
from crm.expiry.book import MOST, Book
from crm.expiry.lines import Line
from crm.extensions import db
from crm.products.models import Product
from crm.reports import expiry_paper
from crm.reports.models import ReportJob
from crm.reports.notation import Notation
from crm.reports.paper import Stamp
from crm.reports.payload import fingerprint
from crm.reports.printing import Ready
from crm.rights import Person
from crm.staff.models import Staff, Team

TOO_LONG = "too_long"


def params(fields: Mapping[str, Any], user: Person) -> dict[str, Any]:
    """What the job will read again. Raises Invalid for a record that is not there, and for a list
    too long to print, with the way out."""
    asked = asking.read(fields["filters"], user, clock.today())
    whole(asked)
    return {"as_of": clock.today().isoformat(), "filters": asked.as_fields()}


def whole(asked: Asked) -> Book:
    """The whole list. Raises Invalid when it is longer than can be printed."""
    found = book.read(asked, clock.today(), MOST)
    if found.every is None:
        raise Invalid({"filters": [too_long()]}, too_long())
    return found


def too_long() -> str:
    """Why a list is not printed, and what to do instead."""
    return _(
        "More than %(most)s units are too many to print. Choose a team, a rep or fewer months.",
        most=f"{MOST:,}",
    )


def payload(asked: Asked, found: Book) -> dict[str, Any]:
    """The figures as JSON values: yen as integers, records by their keys, days as ISO texts."""
    assert found.total is not None
    return {
        "kind": "expiry",
        "as_of": clock.today().isoformat(),
        "filters": asked.as_fields(),
        "unit": "yen",
        "months": [_month(one) for one in found.months(found.every)],
        "total": api.as_fields(found.total),
        "units": [_unit(line) for line in found.every or ()],
    }


def _month(month: book.Month) -> dict[str, Any]:
    reps = [
        {"owner_id": group.seat.owner_id, "units": [line.unit.id for line in group.lines]}
        | api.as_fields(group.sums)
        for group in month.groups
    ]
    return {"month": f"{month.first:%Y-%m}", "reps": reps} | api.as_fields(month.sums)


def _unit(line: Line) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in api.row(line).items()
    }


def prepare(job: ReportJob, user: Staff) -> Ready | str:
    """Read everything with the rights of now and set it in HTML, or say why not."""
    asked = asking.read(job.params["filters"], user, clock.today())
    found = book.read(asked, clock.today(), MOST)
    if found.every is None:
        return TOO_LONG
    return ready(asked, found, user.name, f"-{job.id}", job.language)


def ready(asked: Asked, found: Book, by: str, suffix: str, language: str) -> Ready:
    """The sheets of a list, only waiting for the press. `by` is who prints it."""
    figures = payload(asked, found)
    sha256 = fingerprint(figures)
    team = db.session.get(Team, asked.team_id) if asked.team_id else None
    owner = db.session.get(Staff, asked.owner_id) if asked.owner_id else None
    account = db.session.get(Account, asked.account_id) if asked.account_id else None
    product = db.session.get(Product, asked.product_id) if asked.product_id else None
    now = clock.local(clock.now())
    stamp = Stamp(
        company=current_app.extensions["company"](),
        report_number=f"RP-P9-{clock.today():%Y%m%d}{suffix}", printed_by=by, printed_at=now,
        until=now, team=team.name if team else "", owner=owner.name if owner else "",
        sha256=sha256,
    )  # fmt: skip
    with force_locale(language):
        about = [one.name for one in (account, product) if one]
        return Ready(expiry_paper.build(asked, found, stamp, about, Notation(language)), sha256)
