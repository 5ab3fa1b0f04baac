"""The migrations make the tables that the program expects, and can be taken back."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime

import flask_migrate
import sqlalchemy as sa

from crm.app import create_app
from crm.extensions import db
from crm.outbox.models import Message
from crm.search import rebuilding
from tests.conftest import POSTGRES, own_postgres, settings_for


def empty_installation(tmp_path, worker_name):
    changes = {"database_url": own_postgres(f"migrate_{worker_name}")} if POSTGRES else {}
    return create_app(settings_for(tmp_path, **changes))


def check_nothing_is_missing() -> None:
    """What `bin/crm db migrate` would write now: nothing. Ends the test with it otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # indexes over expressions cannot be read back
        flask_migrate.check()


def test_up_down_and_up_again_leaves_the_tables_of_the_program(tmp_path, worker_name):
    app = empty_installation(tmp_path, worker_name)
    with app.app_context():
        flask_migrate.upgrade()
        check_nothing_is_missing()
        flask_migrate.downgrade(revision="base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        flask_migrate.upgrade()
        check_nothing_is_missing()
        if POSTGRES:
            names = {one["name"] for one in sa.inspect(db.engine).get_foreign_keys("deals")}
            assert "fk_deals_from_alert_id" in names
        db.session.remove()
        db.engine.dispose()


LATER = "PRAGMA defer_foreign_keys = ON"
"""SQLite asks whether what a row names is there when all rows are."""

LEFT_OUT = ("alembic_version", "product_relations")
"""The second stands between two different products, and there is one row of everything."""


def old_tables() -> list[sa.Table]:
    """The tables of the first release, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(db.engine)
    kept = [
        one for one in found.sorted_tables
        if one.name not in LEFT_OUT and not one.name.startswith("search_fts")
    ]  # fmt: skip
    assert len(kept) > 40
    return kept


def filled_row(table: sa.Table) -> dict[str, object]:
    """A row that names row 1 of every table it must refer to."""
    usual = {int: 1, str: "x", bool: False, dict: {}, list: [], bytes: b"x"}
    days = {datetime: datetime(2026, 1, 2, tzinfo=UTC), date: date(2026, 1, 2)}
    return {
        column.name: (usual | days)[column.type.python_type]
        for column in table.columns
        if not column.nullable
    }


def counted(tables: list[sa.Table]) -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        number = sa.select(sa.func.count())
        return {
            one.name: connection.scalar(number.select_from(sa.table(one.name))) or 0
            for one in tables
        }


def test_what_the_first_release_kept_is_there_after_an_upgrade_and_back(tmp_path, worker_name):
    app = empty_installation(tmp_path, worker_name)
    with app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flask_migrate.upgrade(revision="0001")
        tables = old_tables()
        later = "SET session_replication_role = replica" if POSTGRES else LATER
        with db.engine.begin() as connection:
            connection.exec_driver_sql(later)
            for table in tables:
                connection.execute(sa.insert(table), filled_row(table))
        before = counted(tables)
        flask_migrate.upgrade()
        assert counted(tables) == before
        flask_migrate.downgrade(revision="0001")
        assert counted(tables) == before
        db.session.remove()
        db.engine.dispose()


def test_an_index_that_never_said_its_make_is_built_anew_after_the_upgrade(tmp_path, worker_name):
    app = empty_installation(tmp_path, worker_name)
    with app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flask_migrate.upgrade(revision="0007")
        entries = next(one for one in old_tables() if one.name == "search_entries")
        with db.engine.begin() as connection:
            connection.execute(sa.insert(entries), filled_row(entries))
        flask_migrate.upgrade()
        assert rebuilding.is_outdated()
        rebuilding.ask()
        kinds = db.session.scalars(sa.select(Message.kind)).all()
        assert kinds == ["search.rebuild"]
        db.session.remove()
        db.engine.dispose()


def test_numbers_and_days_kept_before_are_found_by_ranges(tmp_path, worker_name):
    app = empty_installation(tmp_path, worker_name)
    kept = {"number": ("12.5", 12_500_000), "date": ("2026-11-22", 739942), "text": ("UV", None)}
    with app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flask_migrate.upgrade(revision="0002")
        tables = {one.name: one for one in old_tables()}
        later = "SET session_replication_role = replica" if POSTGRES else LATER
        with db.engine.begin() as connection:
            connection.exec_driver_sql(later)
            for name in ("accounts", "products", "units"):
                connection.execute(sa.insert(tables[name]), filled_row(tables[name]))
            for number, (kind, (value, _place)) in enumerate(kept.items(), 1):
                asked, held = tables["attribute_definitions"], tables["unit_traits"]
                row = filled_row(asked) | {"id": number, "kind": kind, "key": kind}
                connection.execute(sa.insert(asked), row)
                row = filled_row(held) | {"definition_id": number, "value": value}
                connection.execute(sa.insert(held), row)
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            read = "SELECT value, place FROM unit_traits"
            assert dict(map(tuple, connection.exec_driver_sql(read))) == dict(kept.values())
        db.session.remove()
        db.engine.dispose()
