"""Ask for a change of many records, and for putting it back; note its end."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask_babel import gettext as _

from crm.bulk import insert_many
from crm.clock import now
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.mass_changes import queries
from crm.mass_changes.kinds import Fields
from crm.mass_changes.models import BUSY, MassChange, MassChangeItem
from crm.mass_changes.queries import MOST, Target
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.rights import Person
from crm.timeline.actions import record
from crm.versions import lock

log = structlog.get_logger()
KEPT_DAYS = 90
"""How long it is kept what became of each record."""
STUCK = timedelta(days=1)
"""A change that was not done by then never will be."""


def request_mass_change(fields: Fields, user: Person, language: str) -> MassChange:
    """Write down what is to be changed in which records, and a message for the job.

    `fields` as in MassChangeSchema. The keys are those that match now. Raises Invalid, and
    Forbidden for a list of which the role may change nothing.
    """
    kind = queries.kind_named(fields["list"], user)
    values = queries.values_of(kind, fields["fields"])
    target = queries.target_of(kind, fields.get("ids"), fields.get("filters"))
    number = target.number(user) if target.filters is not None else len(target.ids)
    if number > MOST:
        raise Invalid({"filters": [queries.too_many()]})
    if not number:
        raise Invalid({"filters": [_("None of them is yours to change.")]})
    change = MassChange(
        list=kind.name, filters=target.filters, fields=queries.plain(values), language=language,
        requested_by_id=user.id,
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    _write_items(change, target, user)
    go_on(change, number)
    _tell("mass_change.asked", change, user, number)
    return change


def _write_items(change: MassChange, target: Target, user: Person) -> None:
    if target.filters is None:
        rows = [{"record_id": one} for one in target.ids]
        insert_many(MassChangeItem.__table__, rows, {"change_id": change.id})  # type: ignore[arg-type]
        return
    keys = target.keys(user).add_columns(sa.literal(change.id))
    db.session.execute(sa.insert(MassChangeItem).from_select(["record_id", "change_id"], keys))


def _tell(event: str, change: MassChange, user: Person, number: int) -> None:
    names = sorted(change.fields)
    log.info(event, change=change.id, list=change.list, fields=names, number=number, by=user.id)
    record(
        event, change, user.id, account_id=None, what=change.list, fields=names, number=number
    )  # fmt: skip


def go_on(change: MassChange, left: int) -> None:
    """A message for what is left; the next one, with less left, is another message."""
    dedupe = f"mass_change:{change.id}:{change.state}:{left}"
    send("mass_changes.work", dedupe, {"change_id": change.id}, HEAVY)


def put_back(change: MassChange, user: Person) -> MassChange:
    """Give each record its old values again where nobody has changed them since. Raises Conflict
    when it is too late, or was done before."""
    lock(change)
    number = queries.tallies([change.id])[change.id]
    if not queries.can_return(change, user, number):
        raise Conflict(_("This can be put back once, within 24 hours after it was done."))
    change.state = "returning"
    go_on(change, number["changed"])
    _tell("mass_change.returned", change, user, number["changed"])
    return change


def begin(change: MassChange) -> None:
    """It is being done."""
    if change.state == "queued":
        change.state = "running"


def finish(change: MassChange) -> None:
    """Every record was tried."""
    back = change.state == "returning"
    change.state, change.finished_at = "returned" if back else "done", now()
    log.info("mass_change.done", change=change.id, state=change.state)


def give_up(change: MassChange) -> None:
    """Who asked for it has left; what was done stays."""
    change.state, change.finished_at = "failed", now()


def forget_old() -> None:
    """What became of each record is kept for a while, who changed what for good. A change that is
    stuck since yesterday has failed."""
    old = sa.select(MassChange.id).where(MassChange.finished_at < now() - timedelta(KEPT_DAYS))
    gone = sa.delete(MassChangeItem).where(MassChangeItem.change_id.in_(old))
    db.session.execute(gone.execution_options(synchronize_session=False))
    stuck = (MassChange.state.in_(BUSY), MassChange.updated_at < now() - STUCK)
    for change in db.session.scalars(sa.select(MassChange).where(*stuck)):
        give_up(change)
