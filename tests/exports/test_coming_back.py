"""What was taken out comes back: into the same company it changes nothing; companies are the same
again in an empty one (the other kinds in test_dangerous_cells)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.accounts.actions import add_account
from crm.accounts.models import Account
from crm.accounts.schemas import AccountSchema
from crm.attributes.actions import add_attribute
from crm.campaigns.models import Campaign
from crm.clock import now
from crm.deals.models import Activity, Deal, DealLine
from crm.exports import queries
from crm.exports.kinds.every import TABLES
from crm.exports.tables import label_of, rows
from crm.extensions import db
from crm.installed_base.models import ContractUnit, WorkOrder
from crm.maintenance.models import PlanUnit
from crm.sheets.writing import UTF8, Written, csv_parts
from crm.sheets.writing_workbooks import write_workbook
from crm.staff.models import Staff
from crm.text.houjin import check_digit
from crm.transfers.choosing import shipped
from crm.transfers.foreground import import_file
from crm.transfers.kinds.table import KINDS
from tests.people import Company, found_company
from tests.records import (
    a_campaign,
    a_contact,
    a_contract,
    a_plan,
    a_product,
    a_site,
    a_ticket,
    a_unit,
    an_account,
    keep,
)

ORDER = (
    "staff", "products", "accounts", "sites", "contacts", "units", "contracts", "tickets",
    "work-orders", "deals", "activities", "campaigns", "maintenance-plans",
)  # fmt: skip
EVERYTHING = {"deals": {"stage": "any", "team": "all"}, "work-orders": {"status": "all"}}


def _taken(name: str, person: int, path: Path, encoding: str = UTF8) -> Path:
    """The whole list of a kind as a file."""
    wanted = queries.wanted_of(TABLES[name], EVERYTHING.get(name, {}), "all", "words")
    user = db.session.get_one(Staff, person)
    if path.suffix == ".xlsx":
        write_workbook(path, name, wanted.header(user), rows(wanted, user))
    else:
        parts = csv_parts(wanted.header(user), rows(wanted, user), encoding, Written())
        path.write_bytes(b"".join(parts))
    db.session.rollback()
    return path


def _without_keys(path: Path) -> list[dict[str, str]]:
    read = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    left = ("レコードID", "更新日時", "番号", "問い合わせ")
    return [{name: cell for name, cell in row.items() if name not in left} for row in read]


def _a_bit_of_everything(company: Company) -> None:
    """Records of every kind, with what a spreadsheet likes to break."""
    rep = db.session.get_one(Staff, company.rep)
    rep.name_kana, rep.extension = "サトウ ミサキ", "0211-4"
    product = a_product(maker="=自社", end_of_sale_on=date(2027, 3, 31))
    account = an_account(
        company.rep, company.first_team, corporate_number="7000012050002", phone="+81 3 5555 0101",
        phone_e164="+81355550101", screened_on=date(2026, 4, 1), handling_note="-入構は\n@前日まで",
        service_owner_id=company.engineer, credit_limit=20_000_000, postal_code="001-0001",
    )  # fmt: skip
    below = an_account(
        None, None, name="山田製作所精機", name_key="山田製作所精機", parent_id=account
    )
    site = a_site(account, address="神奈川県川崎市１−２")
    a_contact(account, site_id=site, title="部長", email="k.suzuki@yamada.example")
    unit = a_unit(
        account, product, "0012", site_id=site, is_competitor=True, lot="=7", lessor="-東都リース",
        criticality="medium", end_of_support_on=date(2031, 3, 31),
        parts_supply_end_on=date(2032, 3, 31),
    )  # fmt: skip
    twins = [a_unit(below, one, "PW9") for one in (product, a_product("LX 300"))]
    covering = a_contract(below, twins, date(2026, 4, 1), date(2027, 3, 31))
    plan = a_plan(below, twins[0], contract_id=covering, assignee_id=company.engineer)
    keep(PlanUnit(plan_id=plan, unit_id=twins[1]))
    a_plan(below, twins[1], name="=週次", every=7, period="days", rule="floating", active=False)
    moved = a_unit(account, product, "MOVED-1")
    keep(PlanUnit(plan_id=plan, unit_id=moved))
    db.session.add(ContractUnit(contract_id=covering, unit_id=moved))
    ticket = a_ticket(account, company.clerk, company.call_centre, unit_id=unit, site_id=site,
                      opened_at=now().replace(microsecond=0), due_at=None)  # fmt: skip
    keep(WorkOrder(unit_id=unit, account_id=account, ticket_id=ticket, kind="repair",
                   status="returned", opened_on=date(2026, 11, 1), done_on=date(2026, 11, 2),
                   symptom="=水\n漏れ", cause="", action="交換", labour_amount=12_000))  # fmt: skip
    deal = Deal(title="+増設", account_id=account, owner_id=company.rep, team_id=company.first_team,
                stage="won", rank="A", amount=1_234_000, stage_since=now(), origin="support",
                created_at=now() - timedelta(days=40), closed_on=date(2026, 11, 20),
                revenue_on=date(2026, 12, 1),
                expected_close_on=date(2026, 11, 20))  # fmt: skip
    deal.lines = [DealLine(product_id=product, unit_price=1_234_000)]
    keep(deal)
    recall = db.session.get_one(Campaign, a_campaign(account, unit, product)[0])
    recall.status, recall.serials = "planned", "0001 〜 0099\n=A-7"
    for more in ({"deal_id": deal.id, "result": "forward"}, {"planned": True, "by_id": None}):
        made = {"summary": "=更新の\n相談", "at": now().replace(microsecond=0), "kind": "visit"}
        keep(Activity(account_id=account, **made | {"by_id": company.rep} | more))


def test_an_export_imported_into_the_same_company_changes_nothing(
    app: Flask, company: Company, tmp_path: Path
) -> None:
    with app.app_context():
        _a_bit_of_everything(company)
        for language, suffix, names in (
            ("ja", "csv", ORDER), ("en", "xlsx", ("accounts", "units", "tickets"))
        ):  # fmt: skip
            with force_locale(language):
                for name in names:
                    file = _taken(name, company.admin, tmp_path / f"{name}.{suffix}")
                    found = import_file(name, file)
                    assert found.mapping.startswith("engawa"), (name, found.mapping)
                    assert (found.new, found.changed, found.refused) == (0, 0, []), (name, found)
                    assert found.same == found.rows > 0


def test_only_what_was_edited_in_the_spreadsheet_changes_and_newer_edits_stay(
    app: Flask, company: Company, tmp_path: Path
) -> None:
    with app.app_context(), force_locale("ja"):
        first = an_account(company.rep, company.first_team, name="山田", industry="化学")
        second = an_account(company.rep, company.first_team, name="鈴木", industry="化学")
        gone = an_account(company.rep, company.first_team, name="佐藤", industry="化学")
        file = _taken("accounts", company.admin, tmp_path / "accounts.csv")
        edited = file.read_text("utf-8-sig").replace("化学", "機械")
        file.write_text(edited, "utf-8-sig", newline="")
        account = db.session.get_one(Account, second)
        account.phone, account.updated_at = "03-5555-0101", now() + timedelta(minutes=1)
        db.session.delete(db.session.get_one(Account, gone))
        db.session.commit()
        found = import_file("accounts", file)
        assert (found.changed, found.conflict, len(found.refused)) == (1, 1, 2)
        assert db.session.get_one(Account, first).industry == "機械"
        assert db.session.get_one(Account, second).industry == "化学"
        assert db.session.get_one(Account, second).phone == "03-5555-0101"
        assert import_file("accounts", file).same == 1


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=8
)
SIGNS = st.sampled_from(["", "=", "+", "-", "@", "＝", "'", "'=", " ", "?", "㈱", "0", "1,2"])
TEXT = st.builds(str.__add__, SIGNS, WORDS)
ASKED = {
    "note": TEXT,
    "size": st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
    "price": st.integers(0, 10**12),
    "seen": st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str),
    "class": st.sampled_from(["標準", "=特急", "ＶＩＰ"]),
}
"""Custom fields: one of each kind."""
COMPANIES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.builds("{}社{}".format, SIGNS, WORDS), "industry": TEXT, "address": TEXT,
            "handling_note": st.builds("{}\n{}".format, TEXT, TEXT),
            "rank": st.sampled_from(["A", "B", "C", None]),
            "credit_limit": st.none() | st.integers(0, 10**12),
            "customer_since": st.none() | st.integers(1800, 2199),
            "fiscal_year_end_month": st.none() | st.integers(1, 12),
            "corporate_number": st.none() | st.integers(10**11, 10**12 - 1).map(
                lambda base: f"{check_digit(str(base))}{base}"
            ),
            "attributes": st.fixed_dictionaries({}, optional=ASKED),
        }
    ),
    max_size=9, unique_by=lambda one: one["corporate_number"] or id(one),
)  # fmt: skip
NAMED = ("name", "industry", "address", "handling_note", "rank", "credit_limit",
         "customer_since", "fiscal_year_end_month", "corporate_number", "legal_form", "name_key",
         "kana_key")  # fmt: skip


def _ask() -> None:
    """An administrator asks these of accounts."""
    kinds = {"note": "text", "size": "number", "price": "money", "seen": "date"}
    for name in ASKED:
        said = {"key": name, "label_ja": f"項目{name}", "label_en": name}
        more = {"kind": kinds.get(name, "choice"), "choices": ["標準", "=特急", "ＶＩＰ"]}
        add_attribute({"record": "account", **said, **more}, None)


@settings(
    max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(COMPANIES, st.sampled_from(["csv", "xlsx"]))
def test_companies_come_back_as_they_were_whatever_they_are_called(
    app: Flask, empty: Any, tmp_path: Path, companies: list[dict[str, Any]], suffix: str
) -> None:
    def there() -> list[tuple[Any, ...]]:
        every = db.session.query(Account).order_by(Account.id)
        return [
            (*(getattr(one, name) for name in NAMED), sorted(one.attributes.items()))
            for one in every
        ]

    empty()
    with app.app_context(), force_locale("ja"):
        person = found_company().admin
        _ask()
        for one in companies:
            add_account(AccountSchema().load(one), person)
        db.session.commit()
        before = there()
        file = _taken("accounts", person, tmp_path / f"accounts.{suffix}")
    empty()
    elsewhere = {"SECRET_KEY": app.config["SECRET_KEY"] + "of another installation"}
    with patch.dict(app.config, elsewhere), app.app_context(), force_locale("ja"):
        _ask()
        found = import_file("accounts", file) if companies else None
        assert found is None or found.refused == []
        assert sorted(map(str, there())) == sorted(map(str, before))


def test_the_mappings_of_our_own_lists_name_the_columns_that_we_write(app: Flask) -> None:
    with app.test_request_context():
        for language, tail in (("ja", ""), ("en", "_en")):
            with force_locale(language):
                for name in ORDER:
                    _check(name, f"engawa_{name}{tail}")


def _check(name: str, mapping: str) -> None:
    (found,) = (one for one in shipped(KINDS[name]) if one.name == mapping)
    table = TABLES[name]
    labels = {one.name: label_of(table, one) for one in table.fields if not one.key}
    assert found.key == f"{{{labels['id']}}}"
    assert len(set(labels.values())) == len(labels), name
    named = {source.name: source for source in found.fields}
    assert named.keys() == {one for one in labels if one in KINDS[name].fields}
    for one in table.fields:
        if one.name in named:
            assert named[one.name].column == labels[one.name], (mapping, one.name)
            known = {word for word in (one.words() if one.words else {}).values() if word}
            assert known == named[one.name].words.keys(), (mapping, one.name)
