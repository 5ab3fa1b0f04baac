"""What the demo company asks of its records besides the usual: five believable fields."""

from __future__ import annotations

import random
from typing import Any

import sqlalchemy as sa

from crm.attributes.asking import of_kind
from crm.attributes.kinds import RECORDS, STAFF
from crm.attributes.models import TRAITS, AttributeDefinition
from crm.attributes.values import keep_many
from crm.demo.book import Book
from crm.extensions import db, update_many
from crm.staff.models import Staff

SEED = 35
ASKED: tuple[tuple[str, str, str, str, dict[str, Any], tuple[Any, ...]], ...] = (
    ("account", "delivery_class", "要求納期区分", "Delivery class",
     {"kind": "choice", "choices": ["標準", "短納期", "特急"]}, ("標準", "標準", "短納期", "特急")),
    ("account", "equipment_budget", "年間設備予算", "Yearly equipment budget",
     {"kind": "money"}, (5_000_000, 12_000_000, 30_000_000, 80_000_000)),
    ("deal", "procurement", "発注方式", "Procurement",
     {"kind": "choice", "choices": ["随意契約", "相見積", "入札"], "searchable": True},
     ("随意契約", "相見積", "相見積", "入札")),
    ("ticket", "environment", "設置環境", "Environment",
     {"kind": "choice", "choices": ["一般室", "恒温室", "クリーンルーム", "屋外"]},
     ("一般室", "一般室", "恒温室", "クリーンルーム")),
    ("account", "technical_adviser", "技術担当", "Technical adviser",
     {"kind": "reference", "refers_to": STAFF, "searchable": True},
     ("engineer@example.com", "kobayashi@example.com", "mori@example.com")),
)  # fmt: skip
SHARE = {"account": 0.7, "deal": 0.4, "ticket": 0.5}
"""So many of the records were filled in."""
USUAL: dict[str, Any] = {
    "kind": "text", "category": "", "unit": "", "choices": [], "refers_to": "",
    "required": False, "searchable": False, "version": 1,
}  # fmt: skip


def fill_in(book: Book) -> None:
    """Say what is asked, and fill it in in most of the records that are written already."""
    chance = random.Random(SEED)  # a made-up company, the same each time
    for at, (record, key, ja, en, more, _values) in enumerate(ASKED):
        named = {"record": record, "key": key, "label_ja": ja, "label_en": en, "position": at}
        book.add(AttributeDefinition, **USUAL | more | named)
    book.write(AttributeDefinition, TRAITS["unit"])
    people = dict(db.session.execute(sa.select(Staff.email, Staff.id)).tuples().all())
    for record, share in SHARE.items():
        table = db.metadata.tables[RECORDS[record].table]
        found: list[tuple[int, dict[str, Any]]] = []
        for key in db.session.scalars(sa.select(table.c.id).order_by(table.c.id)):
            some = [one for one in ASKED if one[0] == record and chance.random() < share]
            if some:
                said = {one[1]: chance.choice(one[5]) for one in some}
                found.append((key, {name: people.get(text, text) for name, text in said.items()}))
        asked = of_kind(record)
        update_many(table, ["attributes"], found)
        keep_many(record, [(key, asked, values) for key, values in found])
