"""Pages of doubles: the queue, two records made one, and what can be taken back."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from crm.doubles import merging, queries, queue, screens, unmerging
from crm.doubles.models import KINDS
from crm.editing import Page
from crm.errors import Conflict, Invalid, NotFound
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.rights import guard, the_user
from crm.typed import LARGEST_KEY, key_of
from crm.web import go

bp = Blueprint("doubles", __name__)

_RECORD = re.compile(
    r"^(?P<api>/api/v1)?/(?P<kind>account|contact|product|unit)s/(?P<id>\d{1,16})(?P<rest>/|$)"
)


@bp.get("/doubles")
@guard("view", "double")
def listing() -> str:
    """The queue."""
    return screens.queue_page(the_user())


@bp.post("/doubles/<int:pair_id>/decision")
@guard("decide", "double")
def decide(pair_id: int) -> Page:
    """Not the same, later, or open again."""
    user = the_user()
    pair = queries.get_pair(pair_id, user, "decide")
    queue.decide(pair, request.form.get("decision", ""), user.id)
    db.session.commit()
    kind = None if pair.kind == "account" else pair.kind
    return go(url_for("doubles.listing", kind=kind))


@bp.post("/doubles/comparison")
@guard("decide", "double")
def compare() -> Page:
    """Compare everything now."""
    send("doubles.compare", screens.on_demand(), {}, HEAVY)
    db.session.commit()
    flash(_("Everything is being compared. Look again in a moment."))
    return go(url_for("doubles.listing"))


def _show(kind: str, record_id: int) -> str:
    user = the_user()
    survivor = queries.get_record(kind, record_id, user)
    if not request.args.get("with"):
        return screens.choose_page(survivor, user)
    return screens.merge_page(survivor, queries.get_record(kind, _other("with"), user))


def _other(name: str) -> int:
    """The other record of an address or a form. Raises NotFound."""
    key = request.values.get(name, type=key_of)
    if key is None:
        raise NotFound
    return key


def _merge(kind: str, record_id: int) -> Page:
    user = the_user()
    survivor = queries.get_record(kind, record_id, user)
    if not request.form.get("lost_id"):
        raise Invalid({"lost_id": [_("Say with which record.")]})
    lost = queries.get_record(kind, _other("lost_id"), user)
    fields = merging.proposed(survivor, lost)
    known = {name: request.form[name] for name in fields if name in request.form}
    try:
        merging.merge(kind, survivor.id, lost.id, known, user.id)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        why = error.errors or {"_schema": [error.detail]}
        survivor = queries.get_record(kind, record_id, user)
        lost = queries.get_record(kind, _other("lost_id"), user)
        return screens.merge_page(survivor, lost, why), 422
    db.session.commit()
    flash(_("The two are one now. It can be taken back for 30 days."))
    return go(f"/{kind}s/{record_id}")


def _merges(kind: str, record_id: int) -> str:
    found = queries.get_record(kind, record_id, the_user(), "view")
    return screens.merges_page(found, queries.merges_into(kind, found.id), the_user())


def _unmerge(kind: str, record_id: int) -> Page:
    user = the_user()
    queries.get_record(kind, record_id, user)
    if not request.form.get("merge_id"):
        raise Invalid({"merge_id": [_("Say which merge.")]})
    left = unmerging.unmerge(queries.get_merge(kind, record_id, _other("merge_id")), user.id)
    db.session.commit()
    flash(
        _("Both are there again. Some things could not be given back; they are listed here.")
        if left else _("Both are there again, and everything was given back.")
    )  # fmt: skip
    return go(f"/{kind}s/{record_id}/merges")


def _pages(kind: str) -> None:
    """The pages of a kind of record: with which one, or how; what was merged; taking it back."""
    here = f"/{kind}s/<int:record_id>"

    @bp.get(f"{here}/merge", endpoint=kind)
    @guard("merge", kind)
    def ask(record_id: int) -> str:
        """With which record, or how."""
        return _show(kind, record_id)

    @bp.post(f"{here}/merge", endpoint=f"merge_{kind}")
    @guard("merge", kind)
    def merge(record_id: int) -> Page:
        """Merge."""
        return _merge(kind, record_id)

    @bp.get(f"{here}/merges", endpoint=f"{kind}_merges")
    @guard("view", kind)
    def merges(record_id: int) -> str:
        """What was merged into a record."""
        return _merges(kind, record_id)

    @bp.post(f"{here}/unmerge", endpoint=f"unmerge_{kind}")
    @guard("merge", kind)
    def unmerge(record_id: int) -> Page:
        """Take a merge back."""
        return _unmerge(kind, record_id)


for _kind in KINDS:
    _pages(_kind)


@bp.after_app_request
def _lead_on(response: Response) -> BaseResponse:
    """The address of a merged record leads to the survivor.

    A page is redirected (302, nothing to remember: the merge may be taken back). A program gets
    its 404 with `merged_into`, so that it learns the new key and does not go on with the old one.
    """
    if response.status_code != 404 or not current_user.is_authenticated:
        return response
    hit = _RECORD.match(request.path)
    survivor = _survivor(hit) if hit else None
    if hit is None or survivor is None:
        return response
    address = f"{hit['api'] or ''}/{hit['kind']}s/{survivor}"
    if hit["api"]:
        told = (response.get_json(silent=True) or {}) | {
            "merged_into": {"id": survivor, "href": address}
        }
        response.set_data(json.dumps(told, ensure_ascii=False))
        return response
    if request.method != "GET":
        return response
    rest = request.full_path[hit.end("id") :].rstrip("?")
    return redirect(address + rest, 302)


def _survivor(hit: re.Match[str]) -> int | None:
    key = int(hit["id"])
    return queries.survivor_of(hit["kind"], key) if key <= LARGEST_KEY else None
