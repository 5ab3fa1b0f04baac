"""The page of all that stands at a customer."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from crm.accounts.queries import get_account
from crm.clock import today
from crm.errors import NotFound
from crm.installed_base import account_tree as tree
from crm.installed_base.judging import verdicts
from crm.installed_base.screens import tools
from crm.rights import guard, may, the_user

bp = Blueprint("account_tree", __name__)
PAGE = 50


@bp.get("/accounts/<int:account_id>/units")
@guard("view", "unit")
def show(account_id: int) -> str:
    """The places of a customer, and one page of the units at one of them with their parts."""
    user = the_user()
    account, removed, on = get_account(account_id, user), "removed" in request.args, today()
    places = tree.places(account.id, removed)
    chosen = _chosen(places)
    rows = tree.units_at(account.id, chosen, request.args.get("cursor"), PAGE, removed)
    nodes = tree.with_parts(rows.rows, removed)
    shown = tree.every(nodes)
    further = bool(request.args.get("cursor")) and "HX-Request" in request.headers
    return render_template(
        f"installed_base/{'tree_rows' if further else 'tree'}.html", **tools(), account=account,
        spots=places, chosen=chosen, rooms=tree.by_room(nodes), next=rows.next, removed=removed,
        verdicts=verdicts(shown, on), repairs=tree.repairs([row.id for row in shown], on),
        may_create=may(user, "create", "unit"), total=sum(one.units for one in places),
    )  # fmt: skip


def _chosen(places: list[tree.Place]) -> int:
    """The site that the address names, else the first one."""
    text = request.args.get("site_id", "")
    if not text:
        return places[0].site_id if places else tree.NOWHERE
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound
    return int(text)
