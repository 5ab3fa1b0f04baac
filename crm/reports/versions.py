"""Reports that were made before with the same filters: what a report can be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm import clock
from crm.errors import Invalid, named
from crm.extensions import at_most, db
from crm.reports import asking, queries
from crm.reports.lines import Filters, Moment, Version, Wanted
from crm.reports.models import ReportJob
from crm.reports.printing import number
from crm.rights import Person, branches
from crm.staff.models import Staff

SHOWN = 6
"""So many versions are offered at once."""
LOOKED_AT = 40
"""So many of the newest are looked at for one before the moment."""


def earlier(filters: Filters, moment: Moment, user: Person) -> list[Version]:
    """What was made with the same filters, by anybody whose reports this person may see, and holds
    the figures of an earlier instant: the newest first."""
    columns = (ReportJob.id, ReportJob.params, ReportJob.created_at, Staff.name)
    rows = db.session.execute(
        sa.select(*columns)
        .join(Staff, Staff.id == ReportJob.requested_by_id)
        .where(
            ReportJob.kind == "pipeline", ReportJob.state == "done", *_same(filters),
            sa.or_(*branches(user, "view", "report", ReportJob)),
        )
        .order_by(ReportJob.id.desc())
        .limit(at_most(LOOKED_AT))
    )  # fmt: skip
    found = [_version(*row) for row in rows]
    return [one for one in found if one.moment.until < moment.until][:SHOWN]


def wanted(asked: Mapping[str, Any], user: Person) -> Wanted:
    """What is asked for: `as_of`, the filters, and the report to `compare` with. Raises Invalid."""
    filters, moment = asking.filters(asked, user), asking.moment(asked.get("as_of"))
    return Wanted(filters, moment, chosen(asked.get("compare"), filters, moment, user))


def chosen(report_id: int | None, filters: Filters, moment: Moment, user: Person) -> Version | None:
    """The version that is asked for; None is asked with None.

    Raises Invalid for a report that is not there or not for this person, that is not done, was made
    with other filters, or holds no earlier figures.
    """
    if report_id is None:
        return None
    with named("compare"):
        job = queries.get_job(report_id, user)
    if job.kind != "pipeline" or job.state != "done":
        raise Invalid({"compare": [_("This is not a finished pipeline report.")]})
    if job.params["filters"] != kept(filters):
        raise Invalid({"compare": [_("That report was made with other filters.")]})
    by = db.session.scalar(sa.select(Staff.name).where(Staff.id == job.requested_by_id))
    version = _version(job.id, job.params, job.created_at, by or "")
    if version.moment.until >= moment.until:
        raise Invalid({"compare": [_("That report holds no figures of an earlier moment.")]})
    return version


def kept(filters: Filters) -> dict[str, Any]:
    """The filters as a report on its way keeps them."""
    return {
        "team_id": filters.team_id,
        "owner_id": filters.owner_id,
        "period": filters.period.code,
    }


def _same(filters: Filters) -> Sequence[sa.ColumnElement[bool]]:
    asked: Any = ReportJob.params["filters"]
    return [
        asked["team_id"].as_integer().is_not_distinct_from(filters.team_id),
        asked["owner_id"].as_integer().is_not_distinct_from(filters.owner_id),
        asked["period"].as_string() == filters.period.code,
    ]


def _version(report_id: int, params: dict[str, Any], asked_at: datetime, by: str) -> Version:
    """A day that was not over when its report was made holds what was known then."""
    moment = asking.moment(params["as_of"])
    read_at = datetime.fromisoformat(params["read_at"]) if "read_at" in params else asked_at
    name = number(report_id, moment)
    if moment.until > read_at:
        moment = Moment(clock.local(read_at).date(), read_at, whole_day=False)
    return Version(report_id, name, by, moment)
