"""What the pages of accounts are drawn from; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from crm.accounts import contact_listing, history, parents, queries, words
from crm.accounts.models import ACCOUNT_RANKS, Account, Contact, Site
from crm.attributes import asking, forms, listing
from crm.attributes.ordering import choose
from crm.attributes.values import shown
from crm.clock import local, today
from crm.columns import left_out
from crm.editing import Sheet
from crm.extensions import db
from crm.filters import person_in, word_in
from crm.look import day_short
from crm.neighbours import along
from crm.paging import COUNTED, Sort
from crm.rights import Person, may, the_user
from crm.staff.models import Staff, Team
from crm.text.normal import clean
from crm.timeline.queries import Item
from crm.timeline.sentences.accounts import field_words

PAGE = 50
FILTERS = ("q", "owner", "rank", "industry", "attribute")
EDITABLE = (
    "name", "name_kana", "name_en", "corporate_number", "parent_id", "industry", "rank", "owner_id",
    "service_owner_id", "phone", "postal_code", "address", "fiscal_year_end_month",
    "credit_limit", "screened_on", "customer_since", "handling_note",
)  # fmt: skip
INLINE = {
    "owner_id": "", "service_owner_id": "", "rank": "", "industry": "text",
    "corporate_number": "text", "fiscal_year_end_month": "", "address": "text", "phone": "tel",
    "credit_limit": "text", "screened_on": "date",
}  # fmt: skip
SITE = ("account_id", "name", "postal_code", "address", "phone")
CONTACT = (
    "account_id", "site_id", "family_name", "given_name", "family_name_kana", "given_name_kana",
    "department", "title", "email", "influence", "met_on", "phones",
)  # fmt: skip


def list_page(user: Person) -> str:
    """The list; its address is its whole state."""
    args = request.args
    asked, sort = asked_of(args, user)
    rows, total = queries.account_page(asked, user, sort, args.get("cursor"), PAGE)
    return render_template(
        "accounts/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED or bool(asked.q and total >= queries.FOUND),
        asked=asked, industries=queries.industries(),
        people=words.people(), ranks=words.ranks(), may_create=may(user, "create", "account"),
        along=_list_query(), without=left_out(args, words.columns()),
        filtered=any(args.get(name) for name in FILTERS),
        custom=listing.panel("account", args, user, [row.id for row in rows.rows]),
    )  # fmt: skip


def asked_of(args: Mapping[str, str], user: Person) -> tuple[queries.Asked, Sort]:
    """The list that an address names: by its filters and its order."""
    columns = Account.__table__.c
    sorts = {"kana": columns.kana_key, "updated": columns.updated_at}
    asked = queries.Asked(
        clean(args.get("q", ""))[:200], person_in(args, "owner", user.id),
        word_in(args, "rank", ACCOUNT_RANKS),
        clean(args.get("industry", ""))[:60], listing.conditions("account", args),
    )  # fmt: skip
    return asked, choose("account", args.get("sort"), sorts, "kana")


def _without_words(user: Person) -> tuple[queries.Asked, Person, Sort]:
    asked, sort = asked_of(request.args, user)
    return replace(asked, q=""), user, sort


LIST = ("owner", "rank", "industry", "attribute", "value", "sort")


def _list_query() -> str:
    """What a row takes along, so that its page knows the list it came from."""
    return along(request.args, LIST)


def place_part(account: Account, user: Person) -> str:
    """Where an account stands in the list that the address describes."""
    found = queries.place(*_without_words(user), account)
    return render_template("parts/place.html", place=found, base="/accounts/", along=_list_query())


@dataclass(frozen=True, slots=True)
class Names:
    """Who looks after an account, and the company above it."""

    owner: str
    extension: str
    team: str
    service_owner: str
    parent: str


_rep, _service, _above = aliased(Staff), aliased(Staff), aliased(Account)
_NAMES = (
    sa.select(_rep.name, _rep.extension, Team.name, _service.name, _above.name)
    .select_from(Account)
    .outerjoin(_rep, _rep.id == Account.owner_id)
    .outerjoin(Team, Team.id == _rep.team_id)
    .outerjoin(_service, _service.id == Account.service_owner_id)
    .outerjoin(_above, _above.id == Account.parent_id)
    .where(Account.id == sa.bindparam("account_id"))
)


def names_of(account: Account) -> Names:
    """In one statement."""
    row = db.session.execute(_NAMES, {"account_id": account.id}).one()
    return Names(*(text or "" for text in row))


def record_page(account: Account, user: Person) -> str:
    """One account with its history."""
    groups = request.args.get("history", "")
    part = history.part_of(account, user, groups, request.args.get("cursor"))
    counts = history.counts_of(account)
    before, after = queries.neighbours(*_without_words(user), account)
    return render_template(
        "accounts/record.html", account=account, names=names_of(account),
        sites=queries.sites_of(account.id), contacts=queries.contacts_of(account.id),
        days=by_day(part.items), next=part.next, groups=groups, counts=counts,
        tabs=[(key, name, counts[key]) for key, name in history.group_words().items()],
        may_edit=may(user, "edit", "account", account), along=_list_query(),
        may_merge=may(user, "merge", "account", account),
        previous=before, following=after, custom=shown(account, every=True), **tools(),
    )  # fmt: skip


def history_part(account: Account, user: Person) -> str:
    """Older lines of the history, to be put under those that are there."""
    groups = request.args.get("history", "")
    part = history.part_of(account, user, groups, request.args.get("cursor"))
    return render_template(
        "accounts/_history.html", account=account, days=by_day(part.items), next=part.next,
        groups=groups, **tools(),
    )  # fmt: skip


def by_day(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    """Lines under the label of their day."""

    def label(item: Item) -> str:
        day = local(item.at).date()
        return f"{_('Today')} {day_short(day)}" if day == today() else day_short(day)

    return [(name, list(some)) for name, some in groupby(items, label)]


def tools() -> dict[str, Any]:
    """What the templates ask."""
    return {
        "words": words, "department": words.department, "address_of": history.address_of,
        "has": lambda endpoint: endpoint in current_app.view_functions,
        "labels": field_words(), "phone_errors": _phone_errors,
    }  # fmt: skip


def _phone_errors(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What is wrong with any of the numbers, under the one field they are typed into."""
    found = [f"{int(name.split('.')[1]) + 1}: {why}" for name, some in errors.items()
             if name.startswith("phones.") for why in some]  # fmt: skip
    return {"phones": found or list(errors.get("phones", ()))}


def account_form(sheet: Sheet, account: Account | None) -> str:
    """The form of an account, new or not."""
    parent = sheet["parent_id"]
    known = queries.account_names({int(parent)}) if parent.isdigit() and len(parent) < 16 else {}
    return render_template(
        "accounts/form.html", sheet=sheet, account=account, parent=known,
        found=parents.candidates(
            str(sheet.values.get(parents.FIND, "")), the_user(), account.id if account else 0
        ),
        custom=_custom("account", account, sheet), **tools(),
    )  # fmt: skip


def _custom(kind: str, record: Any, sheet: Sheet) -> list[forms.Drawn]:
    return forms.drawn(record, None if record is not None else asking.asked_of(kind), sheet.values)


def inline_field(account: Account, name: str, sheet: Sheet, action: str) -> str:
    """One field in place of its value."""
    return render_template(
        "accounts/_inline.html", action=action, name=name, label=field_words()[name],
        value=sheet[name], errors=sheet.errors, version=account.version,
        original=sheet.originals.get(name, ""), choices=words.choices(name),
        type=INLINE[name] or "text",
    )  # fmt: skip


def inline_value(account: Account, name: str, edit: str) -> str:
    """A value with the link to its field, after it was saved in place."""
    value = words.spoken(name, getattr(account, name))
    label = field_words()[name]
    return render_template("accounts/_value.html", edit=edit, name=name, label=label, value=value)


def site_form(sheet: Sheet, account: Account, site: Site | None) -> str:
    """The form of a site."""
    return render_template(
        "accounts/site.html", sheet=sheet, account=account, site=site,
        custom=_custom("site", site, sheet), **tools(),
    )  # fmt: skip


def contact_form(sheet: Sheet, account: Account, contact: Contact | None) -> str:
    """The form of a contact."""
    sites = [(one.id, one.name) for one in queries.sites_of(account.id)]
    return render_template(
        "accounts/contact_form.html", sheet=sheet, account=account, contact=contact, sites=sites,
        custom=_custom("contact", contact, sheet), **tools(),
    )  # fmt: skip


def contact_page(contact: Contact, user: Person) -> str:
    """One person."""
    account = queries.get_account(contact.account_id, user)
    site = db.session.get(Site, contact.site_id) if contact.site_id else None
    return render_template(
        "accounts/contact.html", contact=contact, account=account, site=site,
        may_edit=may(user, "edit", "contact", contact),
        may_merge=may(user, "merge", "contact") and may(user, "merge", "account", account),
        custom=shown(contact), along=along(request.args, contact_listing.IN_LIST), **tools(),
    )  # fmt: skip


def phone_lines(contact: Contact) -> str:
    """The numbers of a person as a form holds them, one a line."""
    return "\n".join(
        f"{one.number} 内線 {one.extension}" if one.extension else one.number
        for one in contact.phones
    )


def say(name: str, value: Any) -> str:
    """A value of a form that two people changed."""
    if name in ("parent_id", "account_id") and value:
        return queries.account_names({int(value)}).get(int(value), str(value))
    return words.spoken(name, value)


def labels_of(names: Sequence[str]) -> Mapping[str, str]:
    """The fields of a form in words."""
    every = field_words()
    return {name: every[name] for name in names}
