"""Customers, their machines and their calls, as every support test knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.extensions import db
from crm.installed_base.models import ContractUnit, ServiceContract, Unit
from crm.products.models import Product
from crm.text.kana import kana_key
from crm.text.serial import serial_key


@dataclass(frozen=True)
class Customers:
    """Keys. Yamada owns a water purifier out of warranty and a chromatograph under contract."""

    yamada: int
    kawasaki: int
    suzuki: int
    purifier: int
    chromatograph: int
    purifier_product: int
    contract: int
    minato: int
    ono: int
    oven: int


def found_customers(owner_id: int, team_id: int) -> Customers:
    """Write two customers and commit."""
    yamada = Account(
        name="株式会社山田製作所", name_kana="ヤマダセイサクショ", name_core="山田製作所",
        name_key="山田製作所", kana_key=kana_key("ヤマダセイサクショ"), rank="A", owner_id=owner_id,
        team_id=team_id, phone="044-555-0100", phone_e164="+81445550100",
        handling_note="入構申請は前日15時まで。訪問の約束をする前に確認。",
    )  # fmt: skip
    minato = Account(
        name="みなと製薬株式会社", name_kana="ミナトセイヤク", name_core="みなと製薬",
        name_key="ミナト製薬", kana_key=kana_key("ミナトセイヤク"), rank="B", owner_id=owner_id,
        team_id=team_id, phone="03-5555-0199", phone_e164="+81355550199",
    )  # fmt: skip
    db.session.add_all([yamada, minato])
    db.session.flush()
    kawasaki = Site(
        account_id=yamada.id, name="川崎工場", phone="044-555-0132", phone_e164="+81445550132"
    )
    db.session.add(kawasaki)
    db.session.flush()
    suzuki = Contact(
        account_id=yamada.id, site_id=kawasaki.id, family_name="鈴木", given_name="恵子",
        family_name_kana="スズキ", given_name_kana="ケイコ", kana_key=kana_key("スズキケイコ"),
        department="品質保証部", title="課長", email="k.suzuki@yamada.example",
        email_key="k.suzuki@yamada.example",
        phones=[ContactPhone(number="090-1234-5678", e164="+819012345678")],
    )  # fmt: skip
    ono = Contact(
        account_id=minato.id, family_name="大野", given_name="徹", family_name_kana="オオノ",
        given_name_kana="トオル", kana_key=kana_key("オオノトオル"), email="ono@minato.example",
        email_key="ono@minato.example",
    )  # fmt: skip
    water = Product(
        code="PW-10",
        code_key="PW-10",
        name="純水製造装置",
        category="純水",
        list_price=980000,
        maintenance_price=198000,
    )
    lc = Product(code="LX-210", code_key="LX-210", name="液体クロマト", category="分析")
    oven = Product(code="HT-12", code_key="HT-12", name="恒温恒湿槽", category="環境")
    db.session.add_all([suzuki, ono, water, lc, oven])
    db.session.flush()
    purifier = _unit(yamada.id, kawasaki.id, water.id, "PW3381", date(2023, 10, 14))
    chromatograph = _unit(yamada.id, kawasaki.id, lc.id, "A93-20417", date(2020, 3, 31))
    foreign = _unit(minato.id, None, oven.id, "HT-0087", date(2099, 3, 31))
    db.session.add_all([purifier, chromatograph, foreign])
    contract = ServiceContract(
        number="MC-2024-0051", account_id=yamada.id, plan="スタンダード",
        starts_on=date(2024, 4, 1), ends_on=date(2099, 3, 31), annual_amount=420000,
        response_hours=4,
    )  # fmt: skip
    db.session.add(contract)
    db.session.flush()
    db.session.add(ContractUnit(contract_id=contract.id, unit_id=chromatograph.id))
    db.session.commit()
    return Customers(
        yamada.id, kawasaki.id, suzuki.id, purifier.id, chromatograph.id, water.id, contract.id,
        minato.id, ono.id, foreign.id,
    )  # fmt: skip


def _unit(account: int, site: int | None, product: int, serial: str, ends: date) -> Unit:
    return Unit(
        account_id=account, site_id=site, product_id=product, serial_no=serial,
        serial_key=serial_key(serial), warranty_ends_on=ends, installed_on=date(2022, 10, 14),
    )  # fmt: skip
