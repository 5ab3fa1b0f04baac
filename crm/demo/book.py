"""Rows of the demo company, kept until they are written at once in the order of their tables."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now, today, zone
from crm.extensions import db
from crm.search.sources import refresh, sources
from crm.timeline.models import Event

SEED = 20261121
MANY = 100_000
"""More records than the demo company has of any kind."""


class Book:
    """Collects rows per table with keys of its own; `write` puts them into the database."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.today: date = today()
        self.now: datetime = now().replace(second=0, microsecond=0)
        self.midday: datetime = self._midday()
        """When the story is told: late in the morning of the last working day."""
        self.rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.next_key: dict[Any, int] = defaultdict(lambda: 1)
        self.keys: dict[str, int] = {}
        """Names under which the story finds its records again."""
        self.accounts: list[dict[str, Any]] = []
        """The rows of all customers."""
        self.places: list[tuple[int, int]] = []
        """Account and site of everybody but the story's first customer."""

    def add(self, table: Any, tag: str = "", /, **values: Any) -> int:
        """Put down one row; `tag` lets others look its key up."""
        key = values.setdefault("id", self.next_key[table])
        self.next_key[table] = max(self.next_key[table], key + 1)
        self.rows[table].append(values)
        if tag:
            self.keys[tag] = key
        return int(key)

    def _midday(self) -> datetime:
        for ago in range(10):
            day = self.day(ago)
            told = self.at(day, 11, 18)
            if day.weekday() < 5 and told <= self.now:
                return told
        return self.now

    def link(self, table: Any, **values: Any) -> None:
        """Put down a row that has no key of its own."""
        self.rows[table].append(values)

    def event(
        self, kind: str, subject: tuple[str, int], account_id: int, at: datetime,
        by_id: int | None, /, **facts: Any,
    ) -> None:  # fmt: skip
        """Put down a line of the history."""
        self.add(
            Event, kind=kind, at=at, account_id=account_id, subject_type=subject[0],
            subject_id=subject[1], by_id=by_id, facts=facts, restricted=False,
        )  # fmt: skip

    def day(self, ago: int) -> date:
        """So many days before today; after it when negative."""
        return self.today - timedelta(days=ago)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An instant of a day on the company's clock."""
        return datetime.combine(day, time(hour, minute), zone()).astimezone(UTC)

    def office_hour(self, day: date) -> datetime:
        """Some minute of the working day; never after now."""
        moment = self.at(day, self.chance.randint(9, 17), self.chance.randint(0, 59))
        return min(moment, self.now - timedelta(minutes=self.chance.randint(20, 90)))

    def working_day(self, ago: int) -> date:
        """A weekday about so many days ago."""
        day = self.day(ago)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
        return day

    def ahead(self, days: int) -> date:
        """A weekday so many days from now or soon after; today and what is past as they are."""
        day = self.day(-days)
        while days > 0 and day.weekday() >= 5:
            day += timedelta(days=1)
        return day

    def write(self, *tables: Any) -> None:
        """Write the rows of these tables, in this order, and forget them."""
        for table in tables:
            rows = self.rows.pop(table, [])
            if rows:
                db.session.execute(sa.insert(table), rows)

    def finish(self) -> None:
        """Index what can be found and let the database go on counting after our keys."""
        for kind, source in sources().items():
            refresh(kind, source.keys(0, MANY))
        if db.session.get_bind().dialect.name != "postgresql":
            return
        for table in db.metadata.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement:
                newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                db.session.execute(
                    sa.select(sa.func.setval(sequence, newest)).where(newest.is_not(None))
                )
