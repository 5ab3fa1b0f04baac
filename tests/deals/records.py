"""Customers, products and units that deals are about."""

from __future__ import annotations

from dataclasses import dataclass

from crm.accounts.models import Account, Contact, Site
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product


@dataclass(frozen=True)
class Customer:
    """Keys of a customer's records."""

    id: int
    site: int
    contact: int
    product: int
    unit: int


def customer(
    owner_id: int | None = None, name: str = "株式会社山田製作所", tag: str = "1"
) -> Customer:
    """Write a customer with a site, a person, and a unit of a product; commit."""
    account = Account(name=name, name_core=name.removeprefix("株式会社"), owner_id=owner_id)
    product = Product(code=f"LX-{tag}", code_key=f"lx{tag}", name="高速液体クロマトグラフ")
    db.session.add_all([account, product])
    db.session.flush()
    site = Site(account_id=account.id, name="川崎工場")
    contact = Contact(
        account_id=account.id, family_name="鈴木", given_name="恵子", title="課長",
        department="品質保証部", influence="promotes",
    )  # fmt: skip
    unit = Unit(
        account_id=account.id, product_id=product.id, serial_no=f"A-{tag}", serial_key=f"a{tag}"
    )
    db.session.add_all([site, contact, unit])
    db.session.commit()
    return Customer(account.id, site.id, contact.id, product.id, unit.id)
