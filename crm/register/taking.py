"""Read a file of the register against our accounts, batch by batch. Nothing here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.register import judging, matching
from crm.register.feed import COLUMNS, Feed, Wrong, cause_of, glance, open_feed, read_change
from crm.register.models import RegisterFile
from crm.register.settling import Settling
from crm.sheets.rows import Row
from crm.timeline.actions import record

BATCH = 1000
MOST_PROBLEMS = 200
_NAME, _SAID = COLUMNS.index("name"), COLUMNS.index("changeCause")
ALIVE = ("01", "11", "12", "13", "22")
"""Kinds of change after which a company exists under the name and address of the row."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row that was glanced at."""

    row: Row
    number: str
    process: str
    correct: bool

    @property
    def absorbed(self) -> list[str]:
        """Numbers of the companies that were taken over."""
        return judging.absorbed_by(self.process, self.row.cells[_SAID])


def take(path: Path, by_id: int | None, whole: bool = False) -> Iterator[RegisterFile]:
    """Read a file; gives what is known of it after each batch, for whoever wants to commit then.

    Raises Refusal when it is no file of the register. What was read before one stays harmless:
    reading again makes nothing twice.
    """
    with TemporaryDirectory() as folder:
        feed = open_feed(path, Path(folder))
        taking = _Taking(feed, by_id, whole)
        rows = feed.rows()
        while batch := list(islice(rows, BATCH)):
            taking.read(batch)
            yield taking.file
        if taking.fresh or taking.file.new:
            record(
                "register.file_taken", taking.file, by_id, account_id=None, file=feed.name,
                rows=taking.file.rows, proposals=taking.file.new,
            )  # fmt: skip
        yield taking.file


class _Taking:
    """One file on its way."""

    def __init__(self, feed: Feed, by_id: int | None, whole: bool) -> None:
        self.whole, self.told = whole, Counter[str]()
        self.problems: list[list[object]] = []
        known = sa.select(RegisterFile).where(RegisterFile.sha256 == feed.sha256)
        there = db.session.scalars(known).one_or_none()
        self.fresh = there is None
        self.file = there or RegisterFile(sha256=feed.sha256)
        self.file.name, self.file.encoding, self.file.by_id = feed.name[:200], feed.encoding, by_id
        self.file.read_at = now()
        for name in ("rows", "corrections", "ours", "new", "updated", "wrong"):
            setattr(self.file, name, 0)
        self.file.told, self.file.problems = {}, []
        db.session.add(self.file)
        db.session.flush()
        self.some_unnumbered = matching.some_without_number()

    def read(self, batch: list[Row]) -> None:
        """Match a batch with our accounts, and settle what it says of them."""
        seen = list(self._glance(batch))
        numbers = {one.number for one in seen} | {key for one in seen for key in one.absorbed}
        accounts = matching.by_number(numbers)
        alike = self._without_number(seen)
        settling = Settling(self.file.id, self.whole)
        for one in seen:
            self._judge(one, accounts, alike, settling)
        settling.write()
        file = self.file
        file.rows += len(batch)
        file.new, file.updated = file.new + settling.new, file.updated + settling.updated
        file.told, file.problems = dict(self.told), list(self.problems)
        db.session.flush()

    def _glance(self, batch: Iterable[Row]) -> Iterator[Seen]:
        for row in batch:
            try:
                number, process, correct = glance(row)
            except Wrong as error:
                self._note(row.line, str(error))
                continue
            if correct:
                self.file.corrections += 1
            else:
                self.told[judging.told(process, cause_of(row))] += 1
            yield Seen(row, number, process, correct)

    def _without_number(self, seen: Iterable[Seen]) -> dict[str, list[judging.Known]]:
        if not self.some_unnumbered:
            return {}
        named = {
            judging.name_key(one.row.cells[_NAME])
            for one in seen
            if one.process in ALIVE and not one.correct
        }
        return matching.without_number(named)

    def _judge(
        self, one: Seen, accounts: dict[str, judging.Known], alike: dict[str, list[judging.Known]],
        settling: Settling,
    ) -> None:  # fmt: skip
        account = accounts.get(one.number)
        gone = [accounts[key] for key in one.absorbed if key in accounts]
        like = [] if account or one.correct or one.process not in ALIVE else self._like(one, alike)
        if account is None and not gone and not like:
            return
        try:
            change = read_change(one.row)
        except Wrong as error:
            self._note(one.row.line, str(error))
            return
        found = judging.drafts(change, account, self.whole) if account else []
        hand = judging.given_up if one.process == judging.VOID else judging.taken_over
        found += [hand(change, two) for two in gone]
        only = [two for two in like if judging.fits(change, two)]
        found += [judging.numbered(change, two) for two in only if len(only) == 1]
        self.file.ours += bool(account or gone or only)
        for draft in found:
            settling.put(draft, correct=one.correct)

    def _like(self, one: Seen, alike: dict[str, list[judging.Known]]) -> list[judging.Known]:
        return alike.get(judging.name_key(one.row.cells[_NAME]), []) if alike else []

    def _note(self, line: int, why: str) -> None:
        self.file.wrong += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append([line, why])
