"""A maker's list of products is imported again, and what it announces is told at once."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from crm.alerts.models import Alert
from crm.clock import now, today
from crm.extensions import db
from crm.installed_base.terms import months_after
from crm.outbox.drain import drain
from crm.outbox.models import Message
from crm.products.models import Product
from crm.timeline.models import Event
from tests.records import a_unit, an_account

HEADER = "code,name,installable,serialised,list_price,end_of_sale_on,end_of_support_on\n"


def products(path: Path, support: str, sale: str = "") -> Path:
    """Two models; the support of the first ends on a day."""
    first = f"LX-210,液体クロマトグラフ,1,1,6000000,{sale},{support}\n"
    path.write_text(f"{HEADER}{first}GX-400,ガスクロマトグラフ,1,1,5000000,,\n", encoding="utf-8")
    return path


def told(app) -> list[dict[str, object]]:
    with app.app_context():
        kind = Event.kind == "product.life_changed"
        return list(db.session.scalars(sa.select(Event.facts).where(kind).order_by(Event.id)))


def test_the_end_of_support_in_a_new_list_reaches_owners_and_reps_at_once(
    app, company, take, tmp_path
):
    file = tmp_path / "products.csv"
    assert take("products", products(file, "")).new == 2
    with app.app_context():
        product = db.session.scalars(sa.select(Product.id).where(Product.code == "LX-210")).one()
        account = an_account(company.rep, company.first_team)
        units = [a_unit(account, product, f"A{n}") for n in range(3)]
        ends = months_after(today(), 10)
    assert told(app) == []
    outcome = take("products", products(file, ends.isoformat()))
    assert (outcome.changed, outcome.same) == (1, 1)
    [facts] = told(app)
    assert facts["changes"] == {"end_of_support_on": [None, ends.isoformat()]}
    assert facts["code"] == "LX-210"
    with app.app_context():
        while drain("fast") + drain("heavy"):
            pass
        assert not db.session.scalar(sa.select(Message.last_error).limit(1))
        raised = db.session.scalars(sa.select(Alert).where(Alert.rule == "R08")).all()
        assert {one.unit_id for one in raised} == set(units)
        announced = sa.select(Event.account_id).where(Event.kind == "product.announced")
        assert list(db.session.scalars(announced)) == [account]
    assert take("products", file).same == 2
    assert len(told(app)) == 1


def test_what_a_list_fills_in_is_news_and_what_cannot_be_is_refused(app, take, tmp_path):
    with app.app_context():
        db.session.add(Product(code="LX-210", code_key="LX-210", name="液クロ"))
        db.session.commit()
    file = tmp_path / "products.csv"
    refused = take("products", products(file, "2027-03-31", sale="2028-03-31")).refused
    assert [one.line for one in refused] == [2]
    assert "サポート終了" in refused[0].reason
    assert take("products", products(file, f"{now():%Y}-12-31")).changed == 1
    [facts] = told(app)
    assert facts["name"] == "液クロ"
    assert facts["changes"]["end_of_support_on"] == [None, f"{now():%Y}-12-31"]
