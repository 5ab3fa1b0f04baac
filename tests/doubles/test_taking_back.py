"""A merge that was a mistake is taken back, and nothing is lost of what happened meanwhile."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.accounts.models import Account, Contact
from crm.clock import now
from crm.deals.models import Deal
from crm.doubles import merging, unmerging
from crm.doubles.models import Merge, Pair
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.search.queries import Viewer, find
from crm.support.models import Ticket
from tests.doubles.companies import a_company, pairs, state
from tests.records import a_ticket

FIELDS = ("name", "corporate_number", "phone", "address", "owner_id", "parent_id", "industry")
SIDES = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(("survivor", "lost")))


@settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(choices=SIDES, swapped=st.booleans(), related=st.sampled_from(("", "child", "parent")))
def test_what_nobody_touched_comes_back_row_by_row(app, company, choices, swapped, related):
    with app.app_context():
        tag = db.session.scalar(sa.select(sa.func.max(Account.id))) or 0
        one = a_company(company, "株式会社山田製作所", f"A{tag}", phone="045-555-0118")
        two = a_company(company, "㈱山田 製作所", f"B{tag}", industry="精密")
        if related:
            child, parent = (one, two) if related == "child" else (two, one)
            db.session.get_one(Account, child).parent_id = parent
            db.session.commit()
        survivor, lost = (two, one) if swapped else (one, two)
        before = state()
        merge = merging.merge("account", survivor, lost, choices, company.manager)
        db.session.commit()
        assert db.session.get(Account, lost) is None
        assert state() != before
        assert unmerging.unmerge(merge, company.manager) == []
        db.session.commit()
        assert state() == before


def test_two_contacts_come_back_row_by_row(app, company):
    with app.app_context():
        one = a_company(company, "株式会社山田製作所", "A")
        two = a_company(company, "㈱山田製作所", "B")
        merging.merge("account", one, two, {}, company.manager)
        db.session.commit()
        keiko, twin = db.session.scalars(sa.select(Contact.id).order_by(Contact.id)).all()
        assert ("contact", keiko, twin) in [pair[:3] for pair in pairs()]
        before = state()
        merge = merging.merge("contact", keiko, twin, {"department": "lost"}, company.manager)
        db.session.commit()
        assert merge.counts["contact_phones removed"] == 1
        assert {"tickets.contact_id", "deals.contact_id"} <= merge.counts.keys()
        assert unmerging.unmerge(merge, company.manager) == []
        db.session.commit()
        assert state() == before


def test_what_was_done_meanwhile_stays_where_it_belongs(app, company):
    with app.app_context():
        one = a_company(company, "株式会社山田製作所", "A", phone="045-555-0118")
        two = a_company(company, "㈱山田製作所", "B", industry="精密")
        theirs = db.session.scalar(sa.select(Unit.id).where(Unit.account_id == two))
        deal = db.session.scalar(sa.select(Deal.id).where(Deal.account_id == two))
        merge = merging.merge("account", one, two, {"industry": "lost"}, company.manager)
        db.session.commit()
        key = merge.id

        db.session.get_one(Account, one).industry = "食品"
        db.session.get_one(Deal, deal).title = "直した題"
        new = a_ticket(one, company.clerk, company.call_centre, unit_id=theirs)
        own = a_ticket(one, company.clerk, company.call_centre)
        contact = db.session.scalar(
            sa.select(sa.func.min(Contact.id)).where(Contact.account_id == one)
        )
        both = a_ticket(one, company.clerk, company.call_centre, unit_id=theirs, contact_id=contact)
        third = a_company(company, "別の会社", "C")
        moved = db.session.scalar(
            sa.select(sa.func.min(Ticket.id)).where(
                Ticket.account_id == one, Ticket.unit_id == theirs
            )
        )
        db.session.get_one(Ticket, moved).account_id = third
        db.session.commit()

        left = unmerging.unmerge(db.session.get_one(Merge, key), company.manager)
        db.session.commit()
        assert {one["what"]: one.get("table", one.get("field")) for one in left} == {
            "field_edited": "industry", "elsewhere": "tickets", "about_both": "tickets",
        }  # fmt: skip
        assert db.session.get_one(Account, one).industry == "食品"
        assert db.session.get_one(Account, two).industry == "精密"
        assert db.session.get_one(Deal, deal).title == "直した題"
        assert db.session.get_one(Deal, deal).account_id == two
        places = [db.session.get_one(Ticket, one).account_id for one in (new, own, both, moved)]
        assert places == [two, one, one, third]
        sides = sa.select(Pair.left_account_id, Pair.right_account_id)
        both_keikos = db.session.execute(sides.where(Pair.kind == "contact")).all()
        assert both_keikos == [(one, two)]
        found = find(Viewer((f"staff:{company.rep}",)), "山田製作所", ("account",), 10)
        assert {one.record_id for one in found} == {one, two}


def test_after_thirty_days_and_in_the_wrong_order_it_says_why_not(api, app, company):
    with app.app_context():
        keys = [a_company(company, f"山田製作所{n}", f"{n}") for n in range(3)]
        first = merging.merge("account", keys[1], keys[0], {}, company.manager).id
        second = merging.merge("account", keys[2], keys[1], {}, company.manager).id
        db.session.commit()
    manager = api(company.manager)
    refused = manager.post(f"/accounts/{keys[2]}/unmerge", {"merge_id": first})
    assert refused.status_code == 422
    with app.app_context():
        db.session.get_one(Merge, second).at = now() - timedelta(days=31)
        db.session.commit()
    late = manager.post(f"/accounts/{keys[2]}/unmerge", {"merge_id": second})
    assert late.status_code == 409
    assert "30日以内" in late.json["detail"]
