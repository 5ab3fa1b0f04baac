"""The first page of the day, for each role what it works with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request

from crm.advice import screens as advice
from crm.alerts import queries as alerts
from crm.clock import local, now, today
from crm.closed_days.queries import workdays
from crm.deals import activity_queries, board
from crm.deals.filters import Filters
from crm.deals.models import OPEN_STAGES, Deal
from crm.deals.words import ACTIVITY_ICONS, activity_short
from crm.home import queries, words
from crm.home.since import since_last_week
from crm.home.week import appointments, span, strip
from crm.installed_base.words import kinds as work_kinds
from crm.installed_base.words import work_statuses
from crm.rights import Person, guard, the_user
from crm.support import counting
from crm.support import queries as tickets
from crm.timeline.sentences.deals import stage_name

bp = Blueprint("home", __name__)

SHOWN_ALERTS = 4


@bp.get("/")
@guard("view", "profile")
def page() -> str:
    """Home differs by role."""
    user = the_user()
    draw = {"rep": _rep, "clerk": _clerk, "engineer": _engineer}.get(user.role, _manager)
    return draw(user)


def _tools() -> dict[str, Any]:
    return {
        **advice.mine(the_user()),
        "long_day": words.long_day, "strip_day": words.strip_day, "month_name": words.month_name,
        "department": words.department, "change_name": words.change, "stage_name": stage_name,
        "activity_short": activity_short, "activity_icons": ACTIVITY_ICONS,
        "lang": alerts.language(), "now": now,
    }  # fmt: skip


def _rep(user: Person) -> str:
    whole_week = request.args.get("steps") == "week"
    until = today() + timedelta(days=6 - today().weekday() if whole_week else 0)
    first, last = span(today())
    calendar = activity_queries.calendar(user, first, last)
    ahead = queries.next_steps(user, max(until, last))
    entries: list[Any] = [*calendar, *appointments(ahead, calendar, today())]
    visits = [one for one in entries if one.kind == "visit" and _is_today(one)]
    return render_template(
        "home/rep.html", weeks=strip(today(), entries, workdays()),
        steps=[row for row in ahead if row.next_step_on <= until], whole_week=whole_week,
        visits=len(visits),
        stale=queries.stale_deals([Deal.owner_id == user.id]),
        cards=alerts.panel(user, limit=SHOWN_ALERTS), month=queries.month_of(user),
        moves=queries.of_other_departments(user, queries.yesterday()), **_tools(),
    )  # fmt: skip


def _is_today(one: Any) -> bool:
    return local(one.at).date() == today()


def _clerk(user: Person) -> str:
    return render_template(
        "home/clerk.html", mine=tickets.my_tickets(user), soon=tickets.breaching_soon(user),
        free=tickets.unassigned(user), counts=counting.counts(user), **_tools(),
    )  # fmt: skip


def _engineer(user: Person) -> str:
    return render_template(
        "home/engineer.html", work=queries.work_of(user), mine=tickets.my_tickets(user),
        soon=tickets.breaching_soon(user), work_kinds=work_kinds(),
        work_statuses=work_statuses(), **_tools(),
    )  # fmt: skip


def _manager(user: Person) -> str:
    team_id = user.team_id if user.role == "manager" else None
    filters = Filters(team_id=team_id)
    sums = board.sums(filters, user)
    return render_template(
        "home/manager.html", sums=sums, total=sum(sums.values(), board.Sums()),
        changes=since_last_week(team_id), unanswered=queries.unanswered(team_id),
        stale=queries.stale_deals(filters.where()), open_stages=OPEN_STAGES, **_tools(),
    )  # fmt: skip
