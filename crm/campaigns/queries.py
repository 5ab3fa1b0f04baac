"""Ask for campaigns, how far they are, and whom to call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.campaigns.models import CLOSED, OPEN, OUTCOMES, Campaign, CampaignItem, CampaignProduct
from crm.errors import NotFound
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.paging import Page, Sort, count, page
from crm.products.models import Product
from crm.rights import Person, may
from crm.staff.models import Staff

Fields = dict[str, Any]
C, P = Campaign.__table__.c, CampaignItem.__table__.c
DEAL_ENDED = ("won", "lost")
"""Of the stages of deals, which live a floor above."""

NEWEST = Sort("id", C.id, True)
OWNERS_SHOWN = 20
AT_ONCE = 5000
"""Rows of a file that are read at once."""

_owner = aliased(Staff)


def get_campaign(campaign_id: int, user: Person, action: str = "view") -> Campaign:
    """The door to a campaign."""
    found = db.session.get(Campaign, campaign_id)
    if found is None or not may(user, action, "campaign", found):
        raise NotFound
    return found


def get_item(item_id: int, user: Person, action: str = "view") -> CampaignItem:
    """The door to a unit's part of a campaign."""
    found = db.session.get(CampaignItem, item_id)
    if found is None or not may(user, action, "campaign", found):
        raise NotFound
    return found


def fill_products(rows: list[Fields], _user: Person) -> None:
    """Put the products into rows of campaigns, in one statement."""
    held: dict[int, list[int]] = {row["id"]: [] for row in rows}
    links = CampaignProduct.__table__.c
    for link in db.session.execute(
        sa.select(links.campaign_id, links.product_id)
        .where(links.campaign_id.in_(held))
        .order_by(links.product_id)
    ):
        held[link.campaign_id].append(link.product_id)
    for row in rows:
        row["product_ids"] = held[row["id"]]


def products_of(campaign_id: int) -> Sequence[sa.Row[Any]]:
    """The products of a campaign by code."""
    return db.session.execute(
        sa.select(Product.id, Product.code, Product.name)
        .join(CampaignProduct, CampaignProduct.product_id == Product.id)
        .where(CampaignProduct.campaign_id == campaign_id)
        .order_by(Product.code)
    ).all()


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a campaign is, or would reach."""

    units: int = 0
    accounts: int = 0
    deals: int = 0
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """Parts that are not closed."""
        return sum(self.statuses.get(one, 0) for one in OPEN)

    @property
    def closed(self) -> int:
        """Parts that are closed, however."""
        return sum(self.statuses.get(one, 0) for one in CLOSED)

    @property
    def percent(self) -> int:
        """How much of it is closed."""
        return self.closed * 100 // self.units if self.units else 0


def figures(campaign: Campaign) -> Figures:
    """How far a campaign is; three statements."""
    mine = P.campaign_id == campaign.id
    rows = db.session.execute(sa.select(P.status, sa.func.count()).where(mine).group_by(P.status))
    statuses = {row[0]: int(row[1]) for row in rows}
    owners = db.session.scalar(sa.select(sa.func.count(sa.distinct(P.account_id))).where(mine))
    units = sa.select(P.unit_id.label("id")).where(mine).subquery("reached")
    return Figures(
        sum(statuses.values()), owners or 0, db.session.scalar(deals_about(units)) or 0, statuses
    )


def written(campaign_id: int) -> int:
    """How many units are written down; one walk over an index."""
    mine = sa.select(sa.func.count()).where(P.campaign_id == campaign_id)
    return db.session.scalar(mine) or 0


def progress_of_accounts(campaign: Campaign) -> Sequence[sa.Row[Any]]:
    """The accounts with most open parts: units, closed ones, and their rep."""
    open_ = sa.func.sum(sa.case((P.status.in_(OPEN), 1), else_=0)).label("open")
    some = (
        sa.select(P.account_id, sa.func.count().label("units"), open_)
        .where(P.campaign_id == campaign.id)
        .group_by(P.account_id)
        .order_by(open_.desc(), P.account_id)
        .limit(at_most(OWNERS_SHOWN))
        .subquery()
    )
    return with_names(some.c.account_id, [some.c.units, some.c.open], some)


def deals_about(units: sa.FromClause) -> sa.Select[tuple[int]]:
    """How many open deals are about these units."""
    tables = db.metadata.tables
    link, deal = tables["deal_units"].c, tables["deals"].c
    return (
        sa.select(sa.func.count(sa.distinct(deal.id)))
        .select_from(units)
        .join(tables["deal_units"], link.unit_id == units.c.id)
        .join(tables["deals"], deal.id == link.deal_id)
        .where(deal.stage.not_in(DEAL_ENDED))
    )


def with_names(
    account_id: sa.ColumnElement[int], columns: Sequence[Any], some: sa.Subquery
) -> Sequence[sa.Row[Any]]:
    """Accounts with their name, telephone and rep, those with most of the last column first."""
    return db.session.execute(
        sa.select(
            account_id.label("account_id"), Account.name.label("account"), Account.phone,
            _owner.name.label("owner"), *columns,
        )
        .select_from(some)
        .join(Account, Account.id == account_id)
        .outerjoin(_owner, _owner.id == Account.owner_id)
        .order_by(columns[-1].desc(), account_id)
    ).all()  # fmt: skip


def campaigns(
    where: Sequence[sa.ColumnElement[bool]] = (), sort: Sort = NEWEST, limit: int = 200
) -> Sequence[sa.Row[Any]]:
    """All campaigns, the newest first unless asked otherwise."""
    by = sort.value_of(C.id)
    order = [by.desc() if sort.descending else by.asc(), C.id.desc()]
    some = sa.select(*C).where(*where).order_by(by.is_(None), *order).limit(at_most(limit))
    return db.session.execute(some).all()


def progress(campaign_ids: Iterable[int]) -> dict[int, Figures]:
    """Campaign → its parts by status, in one statement."""
    held: dict[int, dict[str, int]] = {key: {} for key in campaign_ids}
    rows = db.session.execute(
        sa.select(P.campaign_id, P.status, sa.func.count())
        .where(P.campaign_id.in_(held))
        .group_by(P.campaign_id, P.status)
    )
    for key, status, number in rows:
        held[key][status] = number
    return {key: Figures(sum(one.values()), statuses=one) for key, one in held.items()}


def _phone() -> sa.ScalarSelect[Any]:
    """The first telephone number of the first contact of an account that has one."""
    return (
        sa.select(ContactPhone.number)
        .join(Contact, Contact.id == ContactPhone.contact_id)
        .where(Contact.account_id == P.account_id)
        .order_by(Contact.id, ContactPhone.id)
        .limit(1)
        .scalar_subquery()
    )


def _contact() -> sa.ScalarSelect[Any]:
    return (
        sa.select(Contact.family_name + " " + Contact.given_name)
        .where(Contact.account_id == P.account_id)
        .order_by(Contact.id)
        .limit(1)
        .scalar_subquery()
    )


ITEM = (
    *P, C.number, C.kind, C.title, C.status.label("campaign_status"), C.starts_on, C.ends_on,
    Unit.serial_no, Unit.firmware, Unit.location, Product.code, Product.name.label("product"),
    Account.name.label("account"), Account.phone, Site.name.label("site"),
    _owner.name.label("owner"),
)  # fmt: skip


def _joined() -> Any:
    return (
        sa.join(CampaignItem, Campaign, C.id == P.campaign_id)
        .join(Unit, Unit.id == P.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == P.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .outerjoin(_owner, _owner.id == Account.owner_id)
    )


def call_page(campaign_id: int, status: str, cursor: str | None, limit: int) -> tuple[Page, int]:
    """One page of whom to call, account by account, and how many match (at most 1,001)."""
    where = [P.campaign_id == campaign_id, *wanted(status)]
    sort = Sort("account", P.account_id)
    columns = [*ITEM, _phone().label("contact_phone"), _contact().label("contact")]
    return page(columns, P.id, [sa.true()], where, sort, cursor, limit, _joined()), count(
        where, P.id
    )


def wanted(status: str) -> list[sa.ColumnElement[bool]]:
    """A status, all that is to do, or everything."""
    if status == "todo":
        return [P.status.in_(OPEN)]
    return [P.status == status] if status in OUTCOMES else []


def items_of_unit(unit_id: int) -> Sequence[sa.Row[Any]]:
    """The campaigns that name a unit, the open ones first."""
    return db.session.execute(
        sa.select(*ITEM)
        .select_from(_joined())
        .where(P.unit_id == unit_id)
        .order_by(P.done_on.is_not(None), P.id.desc())
        .limit(at_most(20))
    ).all()


def rows_for_file(campaign_id: int) -> Iterator[Sequence[sa.Row[Any]]]:
    """Every part of a campaign, account by account, some at a time."""
    every = (
        sa.select(*ITEM, _phone().label("contact_phone"), _contact().label("contact"))
        .select_from(_joined())
        .where(P.campaign_id == campaign_id)
        .order_by(P.account_id, P.id)
        .limit(at_most(AT_ONCE))
    )
    last = (0, 0)
    while some := db.session.execute(every.where(sa.tuple_(P.account_id, P.id) > last)).all():
        yield some
        last = some[-1].account_id, some[-1].id
