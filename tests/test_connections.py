"""What a connection remembers: one plan for a statement, whatever its keys."""

from __future__ import annotations

import sqlalchemy as sa

from crm.extensions import db, keys_given, one_of, takes_arrays
from crm.staff.models import Staff

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
