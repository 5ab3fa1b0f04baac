"""Places and attributes of the demo company's units, and a won deal half handed over to service."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.reading import folded
from crm.clock import today
from crm.deals.actions import move_deal, open_deal
from crm.deals.models import Deal, DealChange
from crm.demo.book import Book
from crm.extensions import db
from crm.handover import filling, queries
from crm.handover.models import Handover
from crm.installed_base.models import Location, Unit, UnitState
from crm.staff.models import Staff
from crm.support.models import Ticket, TicketNote
from crm.timeline.models import Event

SEED = 27
FAMILY = "クロマトグラフ"
ASKED: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("detector", "検出器", "Detector",
     {"kind": "choice", "choices": ["UV", "PDA", "RI", "蛍光"]}),
    ("pressure", "最高耐圧", "Pressure limit", {"kind": "number", "unit": "MPa"}),
    ("software", "ソフトウェアの版", "Software version", {}),
)  # fmt: skip
ROOMS = {"1階": ("洗浄室",), "2階": ("分析室", "環境室"), "強度試験室": ()}
"""The works of Kawasaki; the paths are what its units said before."""
SINCE = 6
"""So many days ago the deal was won."""


def furnish(book: Book) -> None:
    """Places of the story's works, and what is known of liquid chromatographs."""
    for row in book.rows[Unit]:
        row |= {"location_id": None, "attributes": {}}
    for row in book.rows[UnitState]:
        row["location_id"] = None
    _rooms(book, book.keys["株式会社山田製作所/川崎工場"])
    _attributes(book)


def write(book: Book) -> None:
    """What units refer to; to be written before them."""
    book.write(Location, AttributeDefinition)


def _rooms(book: Book, site: int) -> None:
    named = {}
    for floor, rooms in ROOMS.items():
        above = named[floor] = book.add(
            Location, site_id=site, parent_id=None, name=floor, version=1
        )
        for room in rooms:
            named[f"{floor} {room}"] = book.add(
                Location, site_id=site, parent_id=above, name=room, version=1
            )
    for row in (*book.rows[Unit], *book.rows[UnitState]):
        if row.get("site_id") == site and row["location"] in named:
            row["location_id"] = named[row["location"]]


def _attributes(book: Book) -> None:
    chance = random.Random(SEED)  # a made-up company, the same each time
    keys = {}
    for place, (key, ja, en, more) in enumerate(ASKED):
        values = {"kind": "text", "unit": "", "choices": []} | more
        keys[key] = book.add(
            AttributeDefinition, category=FAMILY, key=key, label_ja=ja, label_en=en,
            required=False, position=place, version=1, **values,
        )  # fmt: skip
    liquid = {book.keys[code]: most for code, most in (("LX-310", 130), ("LX-210", 66))}
    for row in book.rows[Unit]:
        if row["product_id"] not in liquid:
            continue
        row["attributes"] = {
            "detector": chance.choice(ASKED[0][3]["choices"]),
            "pressure": liquid[row["product_id"]], "software": f"5.{chance.randint(0, 9)}",
        }  # fmt: skip
        for key, value in row["attributes"].items():
            book.link(
                TRAITS["unit"], unit_id=row["id"], definition_id=keys[key], value=folded(value),
                place=value * 10**6 if key == "pressure" else None,
            )  # fmt: skip


def hand_over(book: Book) -> None:
    """Three chambers were sold last week: one is accepted, one delivered, one still to come."""
    rep = db.session.get_one(Staff, book.keys["佐藤 美咲"])
    place = next(
        (account, site)
        for account, site in book.places
        if any(row["id"] == account and row["owner_id"] == rep.id for row in book.accounts)
    )
    last = db.session.scalar(sa.select(sa.func.max(Event.id))) or 0
    line = {"product_id": book.keys["HT-12"], "quantity": 3, "unit_price": 1_180_000}
    deal = open_deal(
        {
            "title": "HT-12 増設（3台）", "account_id": place[0], "site_id": place[1], "rank": "A",
            "lines": [line | {"description": "恒温恒湿槽 HT-12", "unit_cost": 930_000}],
        },
        rep,
    )  # fmt: skip
    won_on = book.working_day(SINCE)
    move_deal(deal, "won", rep, closed_on=won_on, won_reason="納期と保守の近さ")
    handover = queries.of_deal(deal.id)
    if handover is None:
        return
    one, two, _three = (row.id for row in queries.unit_rows(handover.id))
    day = today() - timedelta(days=2)
    rows = {
        one: {"serial_no": "N31204", "delivered_on": won_on, "installed_on": day,
              "accepted_on": day, "location": "試験棟 1階"},
        two: {"serial_no": "N31211", "delivered_on": day},
    }  # fmt: skip
    filling.fill(handover, rows, book.keys["高橋 健"])
    _backdate(book, deal, handover, last)


def _backdate(book: Book, deal: Deal, handover: Handover, last: int) -> None:
    """It did not happen while the demo company was being loaded."""
    at = book.office_hour(book.working_day(SINCE))
    db.session.flush()
    began = at - timedelta(days=40)
    for table, where, values in (
        (Event, Event.id > last, {"at": at}),
        (DealChange, DealChange.deal_id == deal.id, {"at": at, "stage_since": at}),
        (Deal, Deal.id == deal.id, {"created_at": began, "updated_at": at, "stage_since": at}),
        (Ticket, Ticket.id == handover.ticket_id, {"opened_at": at, "due_at": None}),
        (TicketNote, TicketNote.ticket_id == handover.ticket_id, {"at": at}),
        (Handover, Handover.id == handover.id, {"created_at": at}),
    ):
        db.session.execute(
            sa.update(table).where(where).values(values)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    db.session.expire_all()
