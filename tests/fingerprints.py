"""Everything that stands in a database as short texts, to see whether anything changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import sqlalchemy as sa
from flask import Flask

from crm.extensions import db

SIGNED_IN = ("sign_ins", "api_tokens")


def fingerprint(app: Flask, without: Collection[str] = SIGNED_IN) -> str:
    """All rows of all tables but the named ones, as one hash."""
    return hashlib.sha256("".join(fingerprints(app, without).values()).encode()).hexdigest()


def fingerprints(app: Flask, without: Collection[str] = SIGNED_IN) -> dict[str, str]:
    """The rows of each table but the named ones as a hash.

    They are taken as the database tells them, and PostgreSQL reckons the hashes itself: to make
    Python's values of a large company's rows takes ten times as long.
    """
    with app.app_context():
        tables = [one for one in db.metadata.sorted_tables if one.name not in without]
        connection = db.session.connection()
        look = _by_itself if connection.dialect.name == "postgresql" else _row_by_row
        found = look(connection, tables)
        db.session.remove()
    return found


def _order(table: sa.Table) -> str:
    return ", ".join(column.name for column in table.primary_key.columns)


def _by_itself(connection: sa.Connection, tables: list[sa.Table]) -> dict[str, str]:
    told = " UNION ALL ".join(
        f"SELECT '{one.name}', md5(string_agg(a_row::text, ' ' ORDER BY {_order(one)}))"
        f" FROM {one.name} AS a_row"
        for one in tables
    )
    # sorted, as several processes of the server may answer, whoever is first
    return {name: said or "" for name, said in sorted(connection.exec_driver_sql(told))}


def _row_by_row(connection: sa.Connection, tables: list[sa.Table]) -> dict[str, str]:
    found = {}
    for one in tables:
        told = f"SELECT * FROM {one.name} ORDER BY {_order(one)}"
        rows = connection.exec_driver_sql(told).cursor.fetchall()
        found[one.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found
