"""Find the record that a cell names: by the key of its source, exactly, or by a likeness."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account, Site
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit
from crm.products.models import Product
from crm.service.models import FaultCode
from crm.staff.models import Office, Staff, Team
from crm.text.legal_form import name_core_key
from crm.text.normal import search_key
from crm.text.serial import serial_key, squashed
from crm.transfers.models import ImportKey
from crm.transfers.refusals import Unreadable
from crm.transfers.tables import table_of

Facts = dict[str, Any]
Keys = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Directory:
    """How a kind of record is named. `exact` and `loose` make the keys of its `named` columns."""

    table: sa.Table
    columns: tuple[str, ...]
    named: tuple[str, ...]
    exact: Keys = search_key
    loose: Keys | None = None


PARTED = re.compile(r"[;；、]")

DIRECTORIES: dict[str, Directory] = {
    "account": Directory(
        table_of(Account), ("id", "name", "name_kana", "corporate_number", "owner_id", "address"),
        ("name", "corporate_number"), search_key, name_core_key,
    ),
    "staff": Directory(table_of(Staff), ("id", "name", "email", "team_id"), ("name", "email")),
    "team": Directory(table_of(Team), ("id", "name"), ("name",)),
    "office": Directory(table_of(Office), ("id", "name"), ("name",)),
    "product": Directory(
        table_of(Product), ("id", "code", "name", "list_price", "code_key"), ("code", "name"),
        serial_key, squashed,
    ),
    "site": Directory(table_of(Site), ("id", "name", "account_id"), ("name",)),
    "unit": Directory(
        table_of(Unit), ("id", "serial_no", "serial_key", "account_id", "product_id", "site_id"),
        ("serial_no",), serial_key,
    ),
    "contract": Directory(
        table_of(ServiceContract), ("id", "number", "account_id"), ("number",), serial_key
    ),
    "fault_code": Directory(table_of(FaultCode), ("id", "kind", "code"), ("code",)),
}  # fmt: skip


class Finder:
    """What is there already, loaded once per import and kept up with what the import adds."""

    def __init__(self, source: str, at: datetime) -> None:
        self.source, self.at = source, at
        self.likenesses: Counter[tuple[str, str]] = Counter()
        self._known: dict[str, dict[str, tuple[int, str]]] = {}
        self._facts: dict[str, dict[int, Facts]] = {}
        self._indexes: dict[str, Index] = {}
        self._found: dict[str, dict[str, tuple[int | None, str]]] = defaultdict(dict)
        self._owned: dict[str, tuple[int, dict[tuple[int, str], set[int]]]] = {}

    def known(self, record: str) -> dict[str, tuple[int, str]]:
        """Key → (record, digest) of what this source has brought before."""
        if record not in self._known:
            rows = db.session.execute(
                sa.select(ImportKey.key, ImportKey.record_id, ImportKey.digest).where(
                    ImportKey.source == self.source, ImportKey.kind == record
                )
            )
            self._known[record] = {row.key: (row.record_id, row.digest) for row in rows}
        return self._known[record]

    def facts(self, record: str) -> dict[int, Facts]:
        """Key → what is known of every record of a kind."""
        if record not in self._facts:
            place = DIRECTORIES[record]
            columns = [place.table.c[name] for name in place.columns]
            rows = db.session.execute(sa.select(*columns))
            self._facts[record] = {row.id: dict(row._mapping) for row in rows}
        return self._facts[record]

    def label(self, record: str, record_id: int) -> str:
        """What a record is called."""
        place = DIRECTORIES.get(record)
        facts = self.facts(record).get(record_id, {}) if place else {}
        return str(facts.get(place.named[0], record_id)) if place else str(record_id)

    def add(self, record: str, key: str, record_id: int, digest: str, facts: Facts) -> None:
        """A record has come with this import."""
        self.known(record)[key] = (record_id, digest)
        self._found.pop(record, None)
        if record in DIRECTORIES:
            names = DIRECTORIES[record].columns
            said = {name: facts.get(name) for name in names} | {"id": record_id}
            self.facts(record)[record_id] = said
            if record in self._indexes:
                self._indexes[record].enter(said)

    def find(self, record: str, text: str) -> int | None:
        """The one record a text names. Raises Unreadable when there are several."""
        found = self._found[record].get(text)
        if found is None:
            found = self._found[record][text] = self._search(record, text)
        record_id, likeness = found
        if likeness:
            self.likenesses[(text, likeness)] += 1
        return record_id

    def find_of(self, record: str, account_id: int, text: str) -> int | None:
        """The one record of an account that a text names: many have a site called 本社.

        Raises Unreadable when there are several.
        """
        if text in self.known(record):
            found = self.known(record)[text][0]
            return found if self.facts(record)[found]["account_id"] == account_id else None
        facts, place = self.facts(record), DIRECTORIES[record]
        number, index = self._owned.get(record, (-1, {}))
        if number != len(facts):
            index = defaultdict(set)
            for key, said in facts.items():
                for name in filter(said.get, place.named):
                    index[(said["account_id"], place.exact(str(said[name])))].add(key)
            self._owned[record] = (len(facts), index)
        return _only(index.get((account_id, place.exact(text)), ()), text)

    def many(self, record: str, text: str | None) -> list[int]:
        """The records that a cell names, parted by semicolons or Japanese commas.

        Raises Unreadable naming the first that is not there.
        """
        found = set()
        for one in filter(None, map(str.strip, PARTED.split(text or ""))):
            key = self.find(record, one)
            if key is None:
                raise Unreadable(_("There is no %(name)s.", name=one[:80]))
            found.add(key)
        return sorted(found)

    def many_of(self, record: str, account_id: int, text: str | None) -> list[int]:
        """The same among the records of one account. Raises Unreadable."""
        found = set()
        for one in filter(None, map(str.strip, PARTED.split(text or ""))):
            key = self.find_of(record, account_id, one)
            if key is None:
                raise Unreadable(
                    _("There is no %(kind)s %(text)s of this customer.", kind=record, text=one[:80])
                )
            found.add(key)
        return sorted(found)

    def _search(self, record: str, text: str) -> tuple[int | None, str]:
        if text in self.known(record):
            return self.known(record)[text][0], ""
        if record not in DIRECTORIES:
            return None, ""
        if record not in self._indexes:
            self._indexes[record] = Index(DIRECTORIES[record], self.facts(record).values())
        return self._indexes[record].search(text)


class Index:
    """The records of one kind by their names."""

    def __init__(self, place: Directory, every: Iterable[Facts]) -> None:
        self._place = place
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._loose: dict[str, set[int]] = defaultdict(set)
        self._labels: dict[int, str] = {}
        for facts in every:
            self.enter(facts)

    def enter(self, facts: Facts) -> None:
        """Let a record be found."""
        place = self._place
        self._labels[facts["id"]] = str(facts[place.named[0]])
        for name in filter(facts.get, place.named):
            self._exact[place.exact(str(facts[name]))].add(facts["id"])
            if place.loose is not None:
                self._loose[place.loose(str(facts[name]))].add(facts["id"])

    def search(self, text: str) -> tuple[int | None, str]:
        """The one record of that name, else the one of a like name with how it is really called."""
        exact = _only(self._exact.get(self._place.exact(text), ()), text)
        if exact is not None or self._place.loose is None:
            return exact, ""
        alike = _only(self._loose.get(self._place.loose(text), ()), text)
        return (None, "") if alike is None else (alike, self._labels[alike])


def _only(found: Iterable[int], text: str) -> int | None:
    ids = list(found)
    if len(ids) > 1:
        raise Unreadable(_("%(n)s records are called %(name)s.", n=len(ids), name=text))
    return ids[0] if ids else None
