"""Take a customer's signature under the report of a work order."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.service.actions import finish_work
from crm.service.onsite_report import content_of, fingerprint
from crm.service.signature_models import WorkSignature
from crm.service.steps import following
from crm.timeline.actions import record

Fields = dict[str, Any]


def sign(work: WorkOrder, fields: Fields, by_id: int) -> WorkSignature:
    """Keep a signature with what was signed; earlier ones stay.

    Raises Conflict when the report says something else now than what the customer was shown.
    """
    content = content_of(work)
    sha256 = fingerprint(content)
    if fields["sha256"] != sha256:
        raise Conflict(
            _("The report has changed since it was shown. Show it again and let it be signed anew.")
        )
    reason = fields.get("reason", "")
    made = WorkSignature(
        work_order_id=work.id, name=fields["name"], reason=reason, content=content, sha256=sha256,
        strokes=[] if reason else fields["strokes"], taken_by_id=by_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    record(
        "work_order.signed", work, by_id, account_id=work.account_id, work_order_id=work.id,
        number=work.number, unit_id=work.unit_id, name=made.name, reason=reason, sha256=sha256,
    )  # fmt: skip
    return made


def may_end(work: WorkOrder) -> bool:
    """Can the work end here and now? What waits for an approval or has ended cannot."""
    return "returned" in following(work.status)


def end(work: WorkOrder, by_id: int) -> bool:
    """The engineer says with the signature that the work is done. False when something speaks
    against it: the signature is kept all the same."""
    if not may_end(work):
        return False
    try:
        with db.session.begin_nested():
            finish_work(work, {}, by_id)
    except (Invalid, Conflict):
        db.session.refresh(work)
        return False
    return True


def signatures_of(work_id: int) -> list[WorkSignature]:
    """The signatures under a work order, the newest first."""
    wanted = sa.select(WorkSignature).where(WorkSignature.work_order_id == work_id)
    return list(db.session.scalars(wanted.order_by(WorkSignature.id.desc()).limit(20)))
