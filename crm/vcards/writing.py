"""A contact or an account as a card, and what is planned as an entry for one's own calendar."""

from __future__ import annotations

from datetime import datetime, time

from flask_babel import gettext as _

from crm.accounts.models import Account, Contact
from crm.clock import local, now, zone
from crm.deals.models import Activity, Deal
from crm.errors import NotFound
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.installed_base.words import kinds
from crm.products.models import Product
from crm.text.icalendar import Event, entries
from crm.text.vcard import Person, write_card
from crm.timeline.sentences.deals import activity_name

MOBILE = ("+8160", "+8170", "+8180", "+8190")


def card_of_contact(contact: Contact, account: Account, host: str) -> bytes:
    """The card of a person, with the company and its address."""
    phones = [
        (f"{one.number} 内線 {one.extension}" if one.extension else one.number,
         "cell" if (one.e164 or "").startswith(MOBILE) else "work")
        for one in contact.phones
    ]  # fmt: skip
    person = Person(
        contact.family_name, contact.given_name, contact.family_name_kana or "",
        contact.given_name_kana or "", account.name, contact.department or "", contact.title or "",
        [contact.email] if contact.email else [], phones, account.postal_code or "",
        account.address or "",
    )  # fmt: skip
    return write_card(person, f"contact-{contact.id}@{host}")


def card_of_account(account: Account, host: str) -> bytes:
    """The card of a company."""
    person = Person(
        organisation=account.name, family_name_kana=account.name_kana or "",
        phones=[(account.phone, "work")] if account.phone else [],
        postal_code=account.postal_code or "", address=account.address or "",
    )  # fmt: skip
    return write_card(person, f"account-{account.id}@{host}", company=True)


def activity_entry(activity: Activity, root: str) -> bytes:
    """A visit, call or meeting for a calendar; an hour long."""
    account = db.session.get_one(Account, activity.account_id)
    summary = f"{activity_name(activity.kind)} {account.name}"
    event = Event(
        _uid("activity", activity.id, root), local(activity.at).date(), summary,
        activity.summary or activity.next_step or "", f"{root}/activities/{activity.id}",
        starts=activity.at, place=account.address if activity.kind == "visit" else "",
    )  # fmt: skip
    return entries([event], now())


def step_entry(deal: Deal, root: str) -> bytes:
    """The next step of a deal. Raises NotFound where none is planned for a day."""
    if deal.next_step_on is None:
        raise NotFound
    account = db.session.get_one(Account, deal.account_id)
    starts = None
    if deal.next_step_time:
        hour = time.fromisoformat(deal.next_step_time)
        starts = datetime.combine(deal.next_step_on, hour, zone())
    event = Event(
        _uid("deal-step", deal.id, root), deal.next_step_on,
        f"{deal.next_step or _('Next step')} {account.name}", deal.title, f"{root}/deals/{deal.id}",
        starts=starts,
    )  # fmt: skip
    return entries([event], now())


def work_entry(work: WorkOrder, root: str) -> bytes:
    """A visit at a unit. Raises NotFound where no day is planned."""
    if work.planned_on is None:
        raise NotFound
    account = db.session.get_one(Account, work.account_id)
    unit = db.session.get_one(Unit, work.unit_id)
    code = db.session.get_one(Product, unit.product_id).code
    event = Event(
        _uid("work-order", work.id, root), work.planned_on,
        f"{kinds()[work.kind]} {code} {unit.serial_no} {account.name}", work.symptom or "",
        f"{root}/work-orders/{work.id}", starts=work.planned_at, ends=work.planned_until,
        place=" ".join(filter(None, (account.address, unit.location))),
    )  # fmt: skip
    return entries([event], now())


def _uid(what: str, key: int, root: str) -> str:
    return f"{what}-{key}@{root.partition('://')[2]}"
