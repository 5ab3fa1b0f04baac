"""The list of activities of everybody."""

from __future__ import annotations

from flask import render_template, request

from crm.accounts.models import Account
from crm.attributes import listing
from crm.attributes.ordering import choose
from crm.deals import activity_listing
from crm.deals.blueprint import bp
from crm.deals.words import ACTIVITY_ICONS, RESULT_ICONS, activities
from crm.extensions import db
from crm.paging import COUNTED
from crm.rights import guard, may, the_user
from crm.staff.queries import everybody
from crm.timeline.sentences.deals import result_name

PAGE = 50


@bp.get("/activities")
@guard("view", "activity")
def activity_list() -> str:
    """Visits, calls and meetings, done and planned; the address is the whole state of the list."""
    user, args = the_user(), request.args
    asked = activity_listing.read(args, user)
    sort = choose("activity", args.get("sort"), activity_listing.SORTS, "-at")
    rows, total = activity_listing.activity_page(asked, user, sort, args.get("cursor"), PAGE)
    return render_template(
        "deals/activities.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED or bool(asked.q and total >= activity_listing.FOUND), asked=asked,
        account=db.session.get(Account, asked.account_id) if asked.account_id else None,
        kinds={key: name for key, name, _icon in activities()}, icons=ACTIVITY_ICONS,
        result_icons=RESULT_ICONS, result_name=result_name, people=everybody(),
        may_create=may(user, "create", "activity"), me=user.id,
        may_edit=lambda row: may(user, "edit", "activity", row),
        custom=listing.panel("activity", args, user, [row.id for row in rows.rows]),
    )  # fmt: skip
