"""The migrations make the tables that the program expects, and can be taken back."""

from __future__ import annotations

import warnings

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm.app import create_app
from crm.extensions import db
from tests.conftest import POSTGRES, own_postgres, settings_for

COMPARED_ON_POSTGRES = ("ix_search_entries_grams", "ix_events_account_at", "ix_events_subject")


def empty_installation(tmp_path, worker_name):
    changes = {"database_url": own_postgres(f"migrate_{worker_name}")} if POSTGRES else {}
    return create_app(settings_for(tmp_path, **changes))


def differences() -> list[object]:
    def ours(_object, name, kind, _reflected, _other) -> bool:
        if kind == "index" and name in COMPARED_ON_POSTGRES:
            return bool(POSTGRES)
        return not (kind == "table" and str(name).startswith("search_fts"))

    with db.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # indexes over expressions cannot be read back
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        return list(compare_metadata(context, db.metadata))


def test_up_down_and_up_again_leaves_the_tables_of_the_program(tmp_path, worker_name):
    app = empty_installation(tmp_path, worker_name)
    with app.app_context():
        flask_migrate.upgrade()
        assert differences() == []
        flask_migrate.downgrade(revision="base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        assert left == set()
        flask_migrate.upgrade()
        assert differences() == []
        if POSTGRES:
            names = {one["name"] for one in sa.inspect(db.engine).get_foreign_keys("deals")}
            assert "fk_deals_from_alert_id" in names
        db.session.remove()
        db.engine.dispose()
