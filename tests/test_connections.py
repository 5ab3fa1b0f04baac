"""What a connection remembers: one plan for a statement, whatever its keys."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from crm.connections import looks_only
from crm.extensions import db, keys_given, one_of, takes_arrays
from crm.staff.models import Office, Staff

S = Staff.__table__.c


def test_one_plan_serves_few_keys_and_many_small_ones_and_large(app, company):
    with app.app_context():
        held(company.manager)


def held(chief: int) -> None:
    """Ask for people by their keys in both ways, again and again."""
    made_once = sa.select(S.id).where(keys_given("people", takes_arrays())(S.id)).order_by(S.id)
    for keys in ([chief], [chief, 2**40], [chief, *range(2**20, 2**20 + 300)]) * 5:
        assert db.session.scalars(made_once, {"people": keys}).all() == [chief]
        there = sa.select(sa.func.count()).where(one_of(S.id, keys), S.id <= keys[-1])
        assert db.session.scalar(there) == 1
    assert db.session.scalars(made_once, {"people": []}).all() == []
    if takes_arrays():
        plans = db.session.execute(sa.text(
            "SELECT custom_plans, generic_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%ANY%staff%' OR statement LIKE '%staff%ANY%'"
        )).all()  # fmt: skip
        assert len(plans) == 2
        assert all(anew == 5 <= kept for anew, kept in plans), plans


def test_a_number_beyond_all_keys_is_no_record(company, sign_in):
    assert sign_in(company.clerk).get(f"/api/v1/tickets/{2**64}").status_code == 404


LOOK = sa.select(S.name).where(S.role == "manager").order_by(S.id)
BEGINNING = {
    "a lock": LOOK.with_for_update(),
    "a shared lock": LOOK.with_for_update(read=True),
    "a change": sa.update(Staff).values(extension="1"),
    "rows on demand": LOOK.execution_options(yield_per=1),
    "a number taken": sa.select(sa.func.nextval("staff_id_seq")),
    "a change on the way": sa.select(
        sa.insert(Office).values(name="支社").returning(Office.id).cte()
    ),
    "a setting": sa.text("SET LOCAL lock_timeout = '1s'"),
}


def open_transaction() -> bool:
    """Has PostgreSQL begun one for this session?"""
    connection = db.session.connection().connection.dbapi_connection
    return connection.pgconn.transaction_status != TransactionStatus.IDLE


@pytest.mark.late
def test_a_look_begins_no_transaction(app, company):
    with app.app_context():
        if not takes_arrays():
            pytest.skip("SQLite begins at once")
        for ask in (LOOK, LOOK.execution_options(planned_anew=True)):
            assert len(db.session.scalars(ask).all()) == 2
            assert not open_transaction()
        with pytest.raises(sa.exc.ProgrammingError):
            db.session.execute(sa.text("SELECT nothing FROM nowhere"))
        db.session.rollback()
        assert len(db.session.scalars(LOOK).all()) == 2
        assert not open_transaction()


@pytest.mark.late
@pytest.mark.parametrize("what", BEGINNING)
def test_whatever_does_more_begins_one_that_later_looks_belong_to(app, company, what):
    with app.app_context():
        if not takes_arrays():
            pytest.skip("SQLite begins at once")
        assert db.session.scalar(sa.select(S.extension).where(S.id == company.rep)) == ""
        db.session.execute(BEGINNING[what])
        assert open_transaction()
        db.session.execute(sa.update(Staff).values(extension="2"))
        assert db.session.scalar(sa.select(S.extension).where(S.id == company.rep)) == "2"
        db.session.rollback()
        assert db.session.scalar(sa.select(S.extension).where(S.id == company.rep)) == ""
        assert not open_transaction()


def test_where_in_doubt_a_statement_is_more_than_a_look():
    assert looks_only("SELECT staff.name FROM staff")
    assert looks_only("WITH one AS (SELECT 1) SELECT * FROM one")
    for more in ("VACUUM", "SELECT 1 FOR NO KEY UPDATE", "SELECT 1 INTO x", "(SELECT 1)"):
        assert not looks_only(more)
