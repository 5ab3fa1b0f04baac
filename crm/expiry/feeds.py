"""The feed of a person: its address made and taken back, and what it holds."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.queries import get_account
from crm.clock import now
from crm.errors import NotFound
from crm.expiry import words
from crm.expiry.agenda import MOST_UNITS, Agenda, Entry, of_account, of_units
from crm.expiry.asking import Asked
from crm.expiry.candidates import candidates
from crm.expiry.dates import Expiry
from crm.expiry.models import CalendarFeed
from crm.expiry.proposing import Proposal
from crm.extensions import db
from crm.installed_base.queries import get_unit
from crm.installed_base.terms import months_after
from crm.rights import may
from crm.staff.models import Staff
from crm.staff.queries import token_hash
from crm.text.icalendar import Event
from crm.timeline.actions import record

MOST_EVENTS = 1000
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of what ends a calendar shows: own, team, one account or one unit."""

    scope: str = "own"
    account_id: int | None = None
    unit_id: int | None = None
    alarm_days: int = 0


def feed_of(staff_id: int) -> CalendarFeed | None:
    """The feed of a person, if there is one."""
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.staff_id == staff_id))


def reader(token: str) -> Staff:
    """Whose feed an address is. Raises NotFound for one that is wrong, was taken back, or whose
    person left or may not see units any more."""
    wanted = token_hash(token)
    feed = db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.token_hash == wanted))
    if feed is None or not hmac.compare_digest(feed.token_hash, wanted):
        raise NotFound
    person = db.session.get(Staff, feed.staff_id)
    if person is None or not person.active or not may(person, "view", "unit"):
        raise NotFound
    return person


def renew(person: Staff) -> str:
    """A new secret address, returned once; the one before leads nowhere from now on."""
    token = secrets.token_urlsafe(32)
    feed = feed_of(person.id)
    if feed is None:
        feed = CalendarFeed(staff_id=person.id, token_hash="", made_at=now())
        db.session.add(feed)
    feed.token_hash, feed.made_at = token_hash(token), now()
    record("staff.feed_renewed", person, person.id, account_id=None, name=person.name)
    return token


def revoke(person: Staff) -> None:
    """Take the address back."""
    feed = feed_of(person.id)
    if feed is not None:
        db.session.delete(feed)
        record("staff.feed_revoked", person, person.id, account_id=None, name=person.name)


def events(wanted: Wanted, person: Staff, today: date, base: str) -> list[Event]:
    """What a person's calendar shows: a month back and a year ahead, read with the rights of now.

    `base` is the address of the application. Raises NotFound for a record not for this person.
    """
    first = months_after(today.replace(day=1), -1)
    last = months_after(first, MONTHS + 2)
    if wanted.unit_id is not None:
        found = of_units([get_unit(wanted.unit_id, person).id], first, last, today)
    elif wanted.account_id is not None:
        found = of_account(get_account(wanted.account_id, person).id, first, last, today)
    else:
        found = _of_person(wanted, person, first, last, today)
    some = [event_of(one, found, today, base) for one in found.entries[:MOST_EVENTS]]
    return [replace(one, alarm_days=wanted.alarm_days) for one in some]


def _of_person(wanted: Wanted, person: Staff, first: date, last: date, today: date) -> Agenda:
    """The units of a person or a team of which something ends first. What is only used up comes
    after all else: it comes back every month, and would push the ends of contracts out."""
    team = person.team_id if wanted.scope == "team" else None
    owner = None if team is not None else person.id
    asked = Asked(first, MONTHS + 2, team_id=team, owner_id=owner)
    days: dict[int, tuple[bool, date]] = {}
    for kind in ("", "notice", "parts", "checks", "recall", "consumable"):
        for one in candidates(replace(asked, kind=kind), MOST_UNITS)[0]:
            place = kind == "consumable", one.on
            days[one.unit_id] = min(place, days.get(one.unit_id, place))
    units = sorted(days, key=lambda key: (days[key], key))[:MOST_UNITS]
    return of_units(units, first, last, today)


def event_of(entry: Entry, found: Agenda, today: date, base: str) -> Event:
    """One day as a calendar has it: what ends, of whom, on which units, and when to propose."""
    one, unit = entry.expiry, entry.unit
    return Event(
        uid_of(entry), one.on, _summary(entry), "\n".join(_lines(entry, found, today)),
        f"{base}/{_page(one, unit.id, unit.account_id)}",
    )  # fmt: skip


def uid_of(entry: Entry) -> str:
    """The same for the same thing, whatever its day."""
    one = entry.expiry
    name = f"{'re-lease' if one.year else one.kind}-{one.record}-{one.record_id}"
    if one.record == "product":
        name += f"-account-{entry.unit.account_id}"
    elif one.record in ("maintenance_plan", "campaign"):
        name += f"-unit-{entry.unit.id}"
    return f"{name}@engawa"


def _summary(entry: Entry) -> str:
    if entry.expiry.kind == "budget":
        return f"{words.title(entry.expiry)} {entry.unit.account}"
    return f"{words.title(entry.expiry)} {entry.unit.account} {_units(entry.units)}"


def _units(units: Sequence[object]) -> str:
    return ", ".join(_names(units[:1])) + (
        " " + _("and %(n)s more units", n=len(units) - 1) if len(units) > 1 else ""
    )


def _names(units: Iterable[object]) -> list[str]:
    return [f"{getattr(unit, 'code', '')} {getattr(unit, 'serial_no', '')}" for unit in units]


def _lines(entry: Entry, found: Agenda, today: date) -> list[str]:
    told = [words.certainty(entry.expiry)] if words.certainty(entry.expiry) else []
    if entry.expiry.kind != "budget":
        told += _names(entry.units[:20])
        reasons = [_why(found.proposals.get(unit.id), today) for unit in entry.units[:1]]
        told += [one for one in reasons if one]
    return told


def _why(proposal: Proposal | None, today: date) -> str:
    return words.reason(proposal, today) if proposal else ""


def _page(one: Expiry, unit_id: int, account_id: int) -> str:
    """Where the day can be read in the application."""
    pages = {
        "contract": f"contracts/{one.record_id}", "visit": f"visits/{one.record_id}",
        "maintenance_plan": f"maintenance-plans/{one.record_id}",
        "account": f"accounts/{account_id}", "campaign": f"campaigns/{one.record_id}",
    }  # fmt: skip
    return pages.get(one.record, f"units/{unit_id}")
