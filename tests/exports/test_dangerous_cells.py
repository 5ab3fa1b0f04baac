"""Whatever people write into their records: no spreadsheet takes it for a formula, and it comes
back as it was, for every kind of record and every column of text there is."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.accounts.models import Account
from crm.attributes.actions import add_attribute
from crm.exports.kinds.every import TABLES
from crm.exports.tables import Field, Table, label_of
from crm.extensions import db
from crm.sheets.writing import CP932, UTF8
from crm.staff.models import Staff
from crm.text.cells import harmless, restored
from crm.text.normal import clean
from crm.transfers.choosing import KEYS, plain_reader
from crm.transfers.foreground import import_file
from crm.transfers.kinds.table import KINDS
from tests.exports.test_coming_back import ORDER, _a_bit_of_everything, _taken, _without_keys
from tests.people import Company, found_company
from tests.records import an_account

pytestmark = pytest.mark.once

SIGNS = (
    "=1+1", "+1", "-1", "@A1", "＝1+1", "＋1", "－1", "＠A1", "'=1", "''", "-", "?", "\t=1", "\r=1",
    "\n=1", "\u3000=1", "=cmd|'/C calc'!A0", '="0012"', "%0A=1", ";=1", " \u3000@1",
)  # fmt: skip
LIVE = re.compile(r"[\s\u3000]*[=+\-@＝＋－＠]|[\t\r\n]")


def _texts(table: Table) -> list[Field]:
    """The columns of text of a kind that are its own: what people type, and what is made of it."""
    own = table.model.__table__.columns
    return [
        one for one in table.fields
        if one.kind == "text" and one.words is None and one.column is not None
        and one.column in set(own) and isinstance(one.column.type, sa.String)
        and one.column.type.python_type is str
    ]  # fmt: skip


def _spoil(table: Table) -> int:
    """Put something dangerous into every text of every record; how many cells that were."""
    place = table.model.__table__
    keys = db.session.scalars(sa.select(place.c.id).order_by(place.c.id)).all()
    texts = [one for one in _texts(table) if not one.column.foreign_keys]
    for row, key in enumerate(keys):
        said = {
            one.column: f"{SIGNS[(row + at) % len(SIGNS)]}{key}"[: one.column.type.length]
            for at, one in enumerate(texts)
        }
        if said:
            db.session.execute(sa.update(place).where(place.c.id == key).values(said))
    return len(keys) * len(texts)


def test_a_field_that_is_called_like_a_formula_comes_back(
    app: Flask, company: Company, tmp_path: Path
) -> None:
    with app.app_context(), force_locale("ja"):
        said = {"key": "k", "label_ja": "=1+1", "label_en": "-x", "kind": "text", "choices": []}
        add_attribute({"record": "account", **said}, None)
        key = an_account(company.rep, company.first_team, attributes={"k": "=2"})
        file = _taken("accounts", company.admin, tmp_path / "accounts.csv")
        text = file.read_text("utf-8-sig")
        assert text.splitlines()[0].endswith(",'=1+1")
        file.write_text(text.replace("'=2", "'=3"), "utf-8-sig", newline="")
        assert import_file("accounts", file).changed == 1
        db.session.expire_all()
        assert db.session.get_one(Account, key).attributes == {"k": "=3"}


def test_nothing_in_a_file_of_any_kind_is_a_live_formula(
    app: Flask, company: Company, tmp_path: Path
) -> None:
    with app.app_context(), force_locale("ja"):
        _a_bit_of_everything(company)
        spoiled = {name: _spoil(table) for name, table in TABLES.items()}
        db.session.commit()
        for name, table in TABLES.items():
            texts = {label_of(table, one) for one in table.fields if one.kind == "text"}
            for encoding in (UTF8, CP932):
                file = _taken(name, company.admin, tmp_path / f"{name}.csv", encoding)
                text = file.read_bytes().decode("utf-8-sig" if encoding == UTF8 else CP932)
                rows = list(csv.DictReader(io.StringIO(text, newline="")))
                cells = [row[label] for row in rows for label in row if label in texts]
                assert not [one for one in cells if LIVE.match(one)], name
                assert sum(one.startswith("'") for one in cells) >= 0.5 * spoiled[name], name
            book = zipfile.ZipFile(_taken(name, company.admin, tmp_path / f"{name}.xlsx"))
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml"), name


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=6
)
TEXT = st.builds(str.__add__, st.sampled_from(SIGNS), WORDS)


def _free(name: str) -> tuple[dict[str, int], set[str]]:
    """Columns of a kind's file in which people may write what they like, with the most characters,
    and those of them that tell its records apart."""
    table, kind = TABLES[name], KINDS[name]
    own = [
        one for one in _texts(table)
        if one.name in kind.fields and plain_reader(kind, one.name) in ("line", "words")
        and one.name not in kind.choices
    ]  # fmt: skip
    telling = {*kind.required, *KEYS.get(name, ())}
    return (
        {label_of(table, one): one.column.type.length or 200 for one in own},
        {label_of(table, one) for one in own if one.name in telling},
    )


def _rewritten(files: dict[str, Path], draw: Any) -> None:
    """The same records with other words, wherever one names the other as well."""
    said: dict[str, str] = {}
    for name in ORDER:
        columns, telling = _free(name)
        rows = list(csv.reader(io.StringIO(files[name].read_text("utf-8-sig"), newline="")))
        for row in rows[1:]:
            for at, label in enumerate(rows[0]):
                old = restored(row[at])
                if old and label in columns and old not in said:
                    more = f" {len(said)}" if label in telling else ""
                    new = " ".join(clean(draw(TEXT)).split())[: min(columns[label], 20)]
                    said[old] = f"{new}{more}".strip() or "x"
                row[at] = harmless(said[old]) if old in said else row[at]
        with files[name].open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)


@pytest.fixture
def files(app: Flask, tmp_path: Path) -> dict[str, bytes]:
    """Files of every kind, of a company with a bit of everything."""
    with app.app_context(), force_locale("ja"):
        company = found_company()
        _a_bit_of_everything(company)
        return {
            name: _taken(name, company.admin, tmp_path / f"{name}.csv").read_bytes()
            for name in ORDER
        }


@settings(
    max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.data(), st.sampled_from(["csv", "xlsx"]))
def test_records_of_every_kind_come_back_as_they_were_whatever_is_written_in_them(
    app: Flask, empty: Any, tmp_path: Path, files: dict[str, bytes], data: Any, suffix: str
) -> None:
    brought = {name: tmp_path / f"{name}.csv" for name in ORDER}
    for name, path in brought.items():
        path.write_bytes(files[name])
    _rewritten(brought, data.draw)
    empty()
    elsewhere = {"SECRET_KEY": app.config["SECRET_KEY"] + "of another installation"}
    with patch.dict(app.config, elsewhere), app.app_context(), force_locale("ja"):
        for name in ORDER:
            found = import_file(name, brought[name])
            assert (found.refused, found.new) == ([], found.rows), (name, found.refused)
        admin = db.session.query(Staff).filter_by(role="admin").one().id
        for name in ORDER:
            again = _taken(name, admin, tmp_path / f"{name}-again.csv")
            before, after = _without_keys(brought[name]), _without_keys(again)
            assert sorted(map(str, after)) == sorted(map(str, before)), name
            same = import_file(name, _taken(name, admin, tmp_path / f"{name}-own.{suffix}"))
            assert (same.same, same.refused) == (same.rows, []), name
