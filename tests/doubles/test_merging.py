"""Two records are made one: who may, what moves, where the old address leads."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.alerts.models import Alert
from crm.doubles import merging
from crm.doubles.merging import CHOSEN
from crm.doubles.models import Move
from crm.doubles.referring import LOOSE, OWN, TABLES, references
from crm.doubles.words import tables
from crm.extensions import db
from crm.outbox.drain import drain
from crm.timeline.models import Removal
from crm.transfers.models import ImportKey
from tests.doubles.companies import a_company, pairs
from tests.records import an_account


@pytest.fixture
def two(app, company) -> tuple[int, int]:
    with app.app_context():
        one = a_company(company, "株式会社山田製作所", "A", phone="045-555-0118")
        return one, a_company(company, "㈱山田製作所", "B", corporate_number="7000012050002")


KEPT = {
    "accounts": {"closed_on", "closed_cause", "successor_number", "kana_key", "attributes"},
    "contacts": {"kana_key", "account_id", "attributes"},
    "products": {"attributes"},
    "units": {"attributes"},
}
"""Columns that nobody chooses: they follow from others, stay, or are chosen key by key."""


def test_every_column_of_every_table_that_names_a_record_that_can_be_merged_is_thought_of(app):
    said = tables()
    with app.app_context():
        for kind, name in TABLES.items():
            named = {one.name for one in references(kind)}
            assert {one.split(".")[0] for one in named} - said.keys() == set(), (
                "A table names such records and has no words: crm/doubles/words.py `tables`."
            )
            for table in db.metadata.sorted_tables:
                for column in table.columns:
                    key = column.name in (f"{kind}_id", "record_id", "subject_id") or (
                        column.name.endswith((f"_{kind}_id", "survivor_id", "lost_id"))
                    )
                    if not key or f"{table.name}.{column.name}" in named or column.foreign_keys:
                        continue
                    assert (table.name, column.name) in LOOSE, (
                        f"{table.name}.{column.name} may hold the key of a merged record: say in "
                        "`LOOSE` of crm/doubles/referring.py what becomes of it."
                    )
            fields = {one for name_, more in CHOSEN[kind].items() for one in (name_, *more)}
            own = {"id", "version", "created_at", "updated_at"} | KEPT[name]
            assert set(db.metadata.tables[name].c.keys()) - own == fields
        assert {"merges", "merge_moves"} <= set(OWN)


def test_everything_moves_and_is_told_before_and_after(app, api, sign_in, company, two):
    one, lost = two
    manager = api(company.manager)
    plan = manager.get(f"/accounts/{one}/merge?lost_id={lost}").json
    assert {"contacts.account_id", "units.account_id", "tickets.account_id", "alerts.account_id",
            "attachments.account_id", "import_keys.record_id", "loans.home_account_id",
            "campaign_items.account_id"} <= plan["moves"].keys()  # fmt: skip
    assert plan["clashes"] == {"alerts": 1, "people": 1}
    page = sign_in(company.manager).get(f"/accounts/{one}/merge?with={lost}").get_data(as_text=True)
    assert "7000012050002" in page and "納入機器" in page and "重複の候補に加えます" in page
    with app.app_context():
        state = dict(db.session.execute(sa.select(Account.id, Account.version)).all())
    made = manager.post(
        f"/accounts/{one}/merge", {"lost_id": lost, "choices": {"name": "lost"}},
        Idempotency_Key="m1",
    )  # fmt: skip
    assert made.status_code == 201
    told = {name for name in made.json["counts"] if " " not in name}
    assert told <= plan["moves"].keys()
    again = manager.post(
        f"/accounts/{one}/merge", {"lost_id": lost, "choices": {"name": "lost"}},
        Idempotency_Key="m1",
    )  # fmt: skip
    assert again.json == made.json
    shown = manager.get(f"/accounts/{one}").json
    assert (shown["name"], shown["corporate_number"]) == ("㈱山田製作所", "7000012050002")
    assert (shown["phone"], shown["version"]) == ("045-555-0118", state[one] + 1)
    history = manager.get(f"/accounts/{one}/timeline").json["items"]
    assert history[0]["text"].startswith("㈱山田製作所をこの顧客に統合")
    with app.app_context():
        for reference in references("account"):
            rows = sa.select(sa.func.count()).select_from(reference.table)
            assert db.session.scalar(rows.where(*reference.naming(lost))) == 0, reference.name
        keys = db.session.scalars(sa.select(ImportKey.record_id)).all()
        assert set(keys) == {one}
        removal = db.session.scalar(sa.select(Removal).where(Removal.record_id == lost))
        assert removal is not None and removal.collection == "accounts"


def test_the_old_address_leads_to_the_survivor(app, api, sign_in, company, two):
    one, lost = two
    with app.app_context():
        third = an_account(company.rep, company.first_team, name="三社目")
        merging.merge("account", one, lost, {}, company.manager)
        db.session.commit()
        merging.merge("account", third, one, {}, company.manager)
        db.session.commit()
    clerk = sign_in(company.clerk)
    moved = clerk.get(f"/accounts/{lost}/history?history=ticket")
    assert (moved.status_code, moved.location) == (302, f"/accounts/{third}/history?history=ticket")
    assert clerk.get(f"/accounts/{third + 9}").status_code == 404
    told = api(company.clerk).get(f"/accounts/{lost}")
    assert told.status_code == 404
    assert told.json["merged_into"] == {"id": third, "href": f"/api/v1/accounts/{third}"}
    new = api(company.rep).post("/accounts", {"name": "新しい会社"}).json["id"]
    assert new not in (one, lost)
    assert app.test_client().get(f"/api/v1/accounts/{lost}").status_code == 401


def test_one_open_alert_for_each_subject_stays_open(app, company, two):
    one, lost = two
    with app.app_context():
        merging.merge("account", one, lost, {"owner_id": "survivor"}, company.manager)
        db.session.commit()
        drain("fast")
        alerts = db.session.scalars(
            sa.select(Alert).where(Alert.rule == "R21").order_by(Alert.id)
        ).all()
        assert [alert.state for alert in alerts] == ["open", "expired"]
        assert {alert.subject for alert in alerts} == {f"campaign:1:account:{one}"}
        changed = db.session.scalars(sa.select(Move).where(Move.what == "changed")).all()
        assert [move.row_id for move in changed] == [alerts[1].id]


def test_a_rep_merges_only_what_is_hers_and_nobody_what_cannot_be_one(app, api, company, two):
    one, lost = two
    with app.app_context():
        foreign = an_account(company.stranger, company.second_team)
        middle = an_account(company.rep, company.first_team, name="中間", parent_id=one)
        below = an_account(company.rep, company.first_team, name="孫", parent_id=middle)
        ours = db.session.scalar(sa.select(Contact.id).where(Contact.account_id == one))
        theirs = db.session.scalar(sa.select(Contact.id).where(Contact.account_id == lost))
    rep = api(company.rep)

    def refused(address: str, body: dict[str, object]) -> tuple[int, str]:
        answer = rep.post(address, body)
        return answer.status_code, str(answer.json.get("errors") or answer.json["detail"])

    assert refused(f"/accounts/{foreign}/merge", {"lost_id": one})[0] == 404
    assert refused(f"/accounts/{one}/merge", {"lost_id": foreign})[0] == 422
    assert refused(f"/accounts/{one}/merge", {"lost_id": one})[0] == 422
    assert "あいだに" in refused(f"/accounts/{below}/merge", {"lost_id": one})[1]
    assert "顧客が異なります" in refused(f"/contacts/{ours}/merge", {"lost_id": theirs})[1]
    assert refused(f"/accounts/{one}/merge", {"lost_id": lost, "choices": {"x": "lost"}})[0] == 422
    assert (
        refused(f"/accounts/{one}/merge", {"lost_id": lost, "choices": {"name": "both"}})[0] == 422
    )
    assert api(company.clerk).post(f"/accounts/{one}/merge", {"lost_id": lost}).status_code == 404
    assert rep.post(f"/accounts/{one}/merge", {"lost_id": lost}).status_code == 201
    with app.app_context():
        assert ("contact", ours, theirs) in [pair[:3] for pair in pairs()]
