"""Companies, their sites, and the people who work there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.orm import aliased

from crm.accounts import contact_listing, queries, screens, words
from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.exports.asked import same
from crm.exports.tables import Args, Conditions, Field, Row, Table
from crm.extensions import db
from crm.rights import Person
from crm.staff.models import Staff
from crm.timeline.sentences.accounts import field_words

A, S, C = Account.__table__.c, Site.__table__.c, Contact.__table__.c
_owner, _service, _above = aliased(Staff), aliased(Staff), aliased(Account)


def _labels() -> dict[str, str]:
    return field_words() | {
        "owner": _("Owner"), "service_owner": _("Service owner"), "parent": _("Parent company"),
        "account": _("Account"), "site": _("Site"), "phone": _("Phone"),
        "mobile": pgettext("export", "Second phone"),
        "direct": pgettext("export", "Third phone"),
        "more_phones": pgettext("export", "Further phones"),
    }  # fmt: skip


def _accounts(args: Args, user: Person) -> Conditions:
    asked, _sort = screens.asked_of(args, user)
    return queries.conditions(asked, user)


ACCOUNTS = Table(
    name="accounts",
    record="account",
    model=Account,
    title=lambda: _("Accounts"),
    labels=_labels,
    fields=(
        Field("id", A.id, "record"),
        Field("name", A.name, shown=True),
        Field("name_kana", A.name_kana, shown=True),
        Field("name_en", A.name_en),
        Field("corporate_number", A.corporate_number),
        Field("rank", A.rank, shown=True),
        Field("industry", A.industry, shown=True),
        Field("postal_code", A.postal_code),
        Field("address", A.address, shown=True),
        Field("phone", A.phone, shown=True),
        Field("owner", _owner.name, shown=True),
        Field("owner_id", A.owner_id, "number", key=True),
        Field("service_owner", _service.name),
        Field("parent", _above.name),
        Field("parent_id", A.parent_id, "number", key=True),
        Field("fiscal_year_end_month", A.fiscal_year_end_month, "number"),
        Field("credit_limit", A.credit_limit, "yen"),
        Field("screened_on", A.screened_on, "day"),
        Field("customer_since", A.customer_since, "number"),
        Field("handling_note", A.handling_note),
        Field("updated_at", A.updated_at, "instant", shown=True),
    ),
    joins=sa.outerjoin(Account, _owner, _owner.id == A.owner_id)
    .outerjoin(_service, _service.id == A.service_owner_id)
    .outerjoin(_above, _above.id == A.parent_id),
    where=_accounts,
    filters=("q", "owner", "rank", "industry", "attribute", "value"),
    sorts={"kana": A.kana_key, "updated": A.updated_at, "id": A.id},
    sort="kana",
    page="/accounts",
)
SITES = Table(
    name="sites",
    record="site",
    model=Site,
    title=lambda: _("Sites"),
    labels=_labels,
    fields=(
        Field("id", S.id, "record"),
        Field("account", A.name, shown=True),
        Field("account_id", S.account_id, "number", key=True),
        Field("name", S.name, shown=True),
        Field("postal_code", S.postal_code, shown=True),
        Field("address", S.address, shown=True),
        Field("phone", S.phone, shown=True),
        Field("updated_at", S.updated_at, "instant"),
    ),
    joins=sa.join(Site, Account, A.id == S.account_id),
    where=same(account_id=S.account_id),
    filters=("account_id",),
    sorts={"id": S.id},
)


def _fill_phones(rows: list[Row]) -> None:
    """The first three numbers in columns of their own, as an import takes them; then the rest."""
    held: dict[int, list[str]] = {row["_key"]: [] for row in rows}
    phone: Any = ContactPhone.__table__.c
    found = db.session.execute(
        sa.select(phone.contact_id, phone.number, phone.extension)
        .where(phone.contact_id.in_(held))
        .order_by(phone.id)
    )
    for contact_id, number, extension in found:
        held[contact_id].append(f"{number} 内線 {extension}" if extension else number)
    for row in rows:
        first, second, third, *rest = [*held[row["_key"]], None, None, None]
        more = " / ".join(filter(None, rest))
        row |= {"phone": first, "mobile": second, "direct": third, "more_phones": more}


def _contacts(args: Args, user: Person) -> Conditions:
    return contact_listing.conditions(contact_listing.read(args), user)


CONTACTS = Table(
    name="contacts",
    record="contact",
    model=Contact,
    title=lambda: _("Contacts"),
    labels=_labels,
    fields=(
        Field("id", C.id, "record"),
        Field("account", A.name, shown=True),
        Field("account_id", C.account_id, "number", key=True),
        Field("site", S.name),
        Field("site_id", C.site_id, "number", key=True),
        Field("family_name", C.family_name, shown=True),
        Field("given_name", C.given_name, shown=True),
        Field("family_name_kana", C.family_name_kana, shown=True),
        Field("given_name_kana", C.given_name_kana, shown=True),
        Field("department", C.department, shown=True),
        Field("title", C.title, shown=True),
        Field("email", C.email, shown=True),
        Field("phone", shown=True),
        Field("mobile", shown=True),
        Field("direct"),
        Field("more_phones"),
        Field("influence", C.influence, words=lambda: dict(words.influences())),
        Field("met_on", C.met_on, "day"),
        Field("updated_at", C.updated_at, "instant"),
    ),
    joins=sa.join(Contact, Account, A.id == C.account_id).outerjoin(Site, S.id == C.site_id),
    where=_contacts,
    filters=("q", "account_id", "site_id", "attribute", "value"),
    sorts={"kana": C.kana_key, **contact_listing.SORTS},
    sort="kana",
    fill=_fill_phones,
    page="/contacts",
)
