"""Warranties after the maker's, contracts that renewed by themselves, and a recall that runs."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from crm.alerts.campaigns import about_account
from crm.alerts.jobs import judge
from crm.campaigns.models import Campaign, CampaignItem, CampaignProduct
from crm.demo.book import Book
from crm.extensions import db
from crm.installed_base.models import ContractUnit, ServiceContract, Unit
from crm.installed_base.terms import last_day, months_after
from crm.installed_base.warranty_models import Warranty

RECALLED = "HT-12"
EXTENDED = 24
"""Units with an extended warranty after the maker's."""


def cover(book: Book) -> None:
    """Some younger units were sold with an extended warranty of two years for the parts."""
    young = [
        row for row in book.rows[Unit]
        if row["warranty_ends_on"] and row["warranty_ends_on"] > book.day(500)
    ]  # fmt: skip
    told = {book.keys[tag] for tag in ("山田HT", "山田EB")}
    others = [row for row in young if row["id"] not in told and row["id"] != book.keys["山田SP"]]
    story = [row for row in young if row["id"] == book.keys["山田SP"]]
    sold = [*story, *others[:: max(1, len(others) // EXTENDED)]][:EXTENDED]
    for number, row in enumerate(sold):
        maker_ends = row["warranty_ends_on"]
        first = maker_ends + timedelta(days=1)
        ends = last_day(first, 24)
        book.add(
            Warranty, unit_id=row["id"], kind="maker", starts_on=row["installed_on"],
            ends_on=maker_ends, exchange="return",
        )  # fmt: skip
        book.add(
            Warranty, unit_id=row["id"], kind="extended", starts_on=first, ends_on=ends,
            labour_percent=0, travel_percent=0, transferable=False,
            exchange=("loaner", "advance", "return")[number % 3],
            exclusions="消耗品、設置環境に起因する故障",
        )  # fmt: skip
        row["warranty_ends_on"] = ends


def renew(book: Book) -> None:
    """The contract over 山田's tester has run for three terms; the price rose once."""
    unit = book.keys["山田SP"]
    own = {row["contract_id"] for row in book.rows[ContractUnit] if row["unit_id"] == unit}
    last = next(row for row in book.rows[ServiceContract] if row["id"] in own)
    _decided(book)
    last["auto_renew"] = True
    number, after = last["number"], last
    for place, less in ((2, 0), (1, 12_000)):
        starts = months_after(after["starts_on"], -12)
        ends = after["starts_on"] - timedelta(days=1)
        after["number"] = f"{number}-{place + 1}"
        key = _term(book, last, f"{number}-{place}" if place > 1 else number, starts, ends, less)
        after["renews_id"] = key
        book.link(ContractUnit, contract_id=key, unit_id=unit)
        after = next(row for row in book.rows[ServiceContract] if row["id"] == key)
    _in_order(book)


def _decided(book: Book) -> None:
    """Nothing waits for the first night: what is past its notice day ends, and one contract is to
    be looked at within ten days."""
    running = [row for row in book.rows[ServiceContract] if row["auto_renew"]]
    for row in running:
        if row["ends_on"] - timedelta(days=row["notice_days"]) < book.today:
            row["auto_renew"] = False
    coming = next((row for row in running if row["ends_on"] == book.day(-130)), None)
    if coming is not None:
        coming["notice_days"] = 120


def _term(
    book: Book, like: dict[str, object], number: str, starts: date, ends: date, less: int
) -> int:
    account, amount = int(str(like["account_id"])), int(str(like["annual_amount"])) - less
    return book.add(
        ServiceContract, number=number, account_id=account, plan=like["plan"], starts_on=starts,
        ends_on=ends, notice_days=90, auto_renew=True, annual_amount=amount,
        response_hours=like["response_hours"], renews_id=None,
    )  # fmt: skip


def _in_order(book: Book) -> None:
    """Rows of one table have the same columns, and an earlier term is written before a later."""
    for row in book.rows[ServiceContract]:
        row.setdefault("renews_id", None)
    book.rows[ServiceContract].sort(
        key=lambda row: (row["renews_id"] is not None, row["starts_on"])
    )


def recall(book: Book) -> None:
    """A maker's recall of ovens: some units are done, some refused, most are to be called."""
    product = book.keys[RECALLED]
    key = book.add(
        Campaign, number="RC-2611", kind="recall", title="HT-12 過昇防止器の交換",
        notice_no="TN-0417", serials="", firmware_from="", firmware_to="", labour_percent=100,
        travel_percent=100, parts_percent=100, starts_on=book.day(40), ends_on=None,
        status="running",
    )  # fmt: skip
    book.link(CampaignProduct, campaign_id=key, product_id=product)
    who = book.keys["高橋 健"]
    named = [row for row in book.rows[Unit] if row["product_id"] == product]
    for number, row in enumerate(named):
        status = ("open", "done", "informed", "open", "appointed", "done", "refused")[number % 7]
        closed = status in ("done", "refused")
        book.add(
            CampaignItem, campaign_id=key, unit_id=row["id"], account_id=row["account_id"],
            status=status, done_on=book.working_day(3 + number % 30) if closed else None,
            note="生産計画の都合で来年度" if status == "refused" else "", told=True,
            by_id=None if status == "open" else who,
        )  # fmt: skip
        book.event(
            "campaign.listed", ("unit", row["id"]), row["account_id"], book.at(book.day(40), 10),
            None, campaign_id=key, number="RC-2611", campaign_kind="recall",
            title="HT-12 過昇防止器の交換", unit_id=row["id"], serial_no=row["serial_no"], product_code=RECALLED,
        )  # fmt: skip


def write(book: Book) -> None:
    """After the units are written."""
    book.write(Warranty, Campaign, CampaignProduct, CampaignItem)


def tell(book: Book) -> None:
    """The rep of the story's first customer was told of the recall."""
    campaign = db.session.scalars(sa.select(Campaign).where(Campaign.number == "RC-2611")).one()
    facts = about_account(campaign.id, book.keys["株式会社山田製作所"], book.today)
    if facts is not None:
        judge(facts, "campaign", None)
