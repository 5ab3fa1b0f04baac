"""What follows for advice in the transaction of a change elsewhere."""

from __future__ import annotations

from crm.advice import actions, queries, reach
from crm.extensions import db
from crm.search.sources import refresh
from crm.staff.models import Staff
from crm.timeline.models import Event


def follow_staff(event: Event) -> None:
    """A colleague who left answers no more: what waited for her goes back to who asked."""
    person = db.session.get(Staff, event.subject_id)
    if person is None or person.active or "active" not in event.facts.get("fields", ()):
        return
    for one in queries.open_of_person(person.id):
        actions.give_back(one, "advice.left")


def follow_ticket(event: Event) -> None:
    """Advice over a ticket is found by whom the ticket is found. Of one that became confidential
    nobody is asked any more who may not see it."""
    keys = queries.keys_on(event.subject_id)
    if not keys:
        return
    refresh("advice", keys)
    if not event.restricted:
        return
    ticket = reach.record_of("ticket_id", event.subject_id)
    for one in queries.open_on_ticket(event.subject_id):
        if not reach.sees(db.session.get_one(Staff, one.asked_id), "ticket_id", ticket):
            actions.give_back(one, "advice.shut_out")
