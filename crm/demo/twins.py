"""Customers, a model and a machine that were entered twice, so that the queue of doubles has
something to say."""

from __future__ import annotations

from typing import Any

from crm.accounts import actions
from crm.accounts.models import Account
from crm.demo.book import Book
from crm.doubles import catalogue, comparing, keeping, machines
from crm.extensions import db
from crm.installed_base import actions as units
from crm.installed_base.models import Unit
from crm.products import actions as products
from crm.products.models import Product

TWINS: tuple[dict[str, Any], ...] = (
    {"name": "㈱山田製作所", "phone": "045-555-0118", "owner": "佐藤 美咲"},
    {"name": "髙見精機(株)", "name_kana": "タカミセイキ", "address": "埼玉県川口市",
     "owner": "佐藤 美咲"},
    {"name": "湘南食品研究所", "phone": "0466-55-0114", "address": "神奈川県藤沢市"},
    {"name": "川崎環境計量センター株式会社", "phone": "044-555-0129"},
)  # fmt: skip
"""As a call centre and a trade fair enter them: short forms, other kanji, half of the fields."""


def enter(book: Book) -> None:
    """Enter the twins and compare everything once."""
    for said in TWINS:
        fields = {name: value for name, value in said.items() if name != "owner"}
        owner = book.keys.get(said.get("owner", ""))
        account = actions.add_account(fields | ({"owner_id": owner} if owner else {}), None)
        if said["name"] == "㈱山田製作所":
            _a_person(account)
    _a_machine(book)
    companies, people = comparing.read_companies(), comparing.read_humans()
    found = [*comparing.doubles_of_accounts(companies), *comparing.doubles_of_contacts(people)]
    models = catalogue.read_products()
    alike = list(catalogue.doubles_of_products(models))
    known = machines.catalogue(models, alike)
    found += [*alike, *machines.doubles_of_units(machines.read_units(), known)]
    keeping.note_round(len(companies), len(people), keeping.keep(found))
    db.session.flush()


def _a_person(account: Account) -> None:
    """Known by her mail address: her telephone is to lead to one caller."""
    actions.add_contact(
        {
            "account_id": account.id, "family_name": "鈴木", "given_name": "恵子",
            "department": "品質保証部", "email": "1000@customer.example",
            "phones": [{"number": "045-555-0118"}],
        },
        None,
    )  # fmt: skip


def _a_machine(book: Book) -> None:
    """As a spreadsheet brings it: the model without its hyphen, a zero read as a letter."""
    unit = db.session.get_one(Unit, book.keys["三崎HT"])
    model = db.session.get_one(Product, unit.product_id)
    said = {"code": model.code.replace("-", ""), "name": f"{model.maker} {model.name}"}
    twin = products.add_product(said | {"category": model.category}, None)
    number = unit.serial_no.replace("-", " ").replace("0", "O", 1)
    units.add_unit(
        {"account_id": unit.account_id, "product_id": twin.id, "serial_no": number}, None
    )  # fmt: skip
