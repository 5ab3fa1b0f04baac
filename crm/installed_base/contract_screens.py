"""What the pages of contracts are drawn from; nothing here changes anything."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _

from crm.accounts.models import Account, Site
from crm.attributes import forms, listing
from crm.attributes.asking import asked_of
from crm.attributes.ordering import choose
from crm.attributes.values import shown
from crm.clock import today
from crm.editing import Sheet
from crm.extensions import db
from crm.installed_base import contract_actions, contract_listing, queries
from crm.installed_base.chain import chain, successor
from crm.installed_base.covering import covered
from crm.installed_base.models import ServiceContract, Unit
from crm.installed_base.renewals import renewing
from crm.installed_base.screens import terms_of_contract, tools
from crm.neighbours import along
from crm.paging import COUNTED
from crm.products.models import Product
from crm.rights import Person, may

MOST = 1000
PAGE = 50
Choices = list[tuple[int, str]]


def list_page(user: Person) -> str:
    """The list of contracts; its address is its whole state."""
    args = request.args
    asked = contract_listing.read(args)
    sort = choose("contract", args.get("sort"), contract_listing.SORTS, "ends_on")
    rows, total = contract_listing.contract_page(asked, user, sort, args.get("cursor"), PAGE)
    return render_template(
        "installed_base/contracts.html", rows=rows.rows, next=rows.next,
        total=min(total, COUNTED),
        capped=total > COUNTED or bool(asked.q and total >= contract_listing.FOUND), asked=asked,
        account=db.session.get(Account, asked.account_id) if asked.account_id else None,
        standings=contract_listing.standings(), standing_of=contract_listing.standing_of,
        may_create=may(user, "create", "contract"),
        custom=listing.panel("contract", args, user, [row.id for row in rows.rows]),
        along=along(args, contract_listing.IN_LIST), **tools(),
    )  # fmt: skip


def contract_page(contract: ServiceContract, user: Person, sheet: Sheet | None = None) -> str:
    """One contract with its chain of terms, what it names and the units it covers."""
    under = sa.select(covered.c.unit_id).where(covered.c.contract_id == contract.id)
    named = contract_actions.under(contract.id)
    return render_template(
        "installed_base/contract.html", contract=contract, wide=_said(named),
        rows=queries.named_units(Unit.id.in_(under), MOST),
        account=db.session.get_one(Account, contract.account_id),
        last_on=terms_of_contract(contract).last_on, terms=chain(contract.id),
        deadline=renewing(contract).deadline if contract.auto_renew else None,
        may_notice=_open_to_notice(contract), sheet=sheet or Sheet({}),
        may_edit=may(user, "edit", "contract", contract), custom=shown(contract),
        along=along(request.args, contract_listing.IN_LIST), **tools(),
    )  # fmt: skip


def place_part(contract: ServiceContract, user: Person) -> str:
    """Where a contract stands in the list that the address describes, with the ones beside it."""
    args = request.args
    sort = choose("contract", args.get("sort"), contract_listing.SORTS, "ends_on")
    found = contract_listing.place(contract, contract_listing.read(args), user, sort)
    query = along(args, contract_listing.IN_LIST)
    return render_template("parts/place.html", place=found, base="/contracts/", along=query)


def _open_to_notice(contract: ServiceContract) -> bool:
    """May notice still be given? Not twice, not when it was cancelled, renewed or has ended."""
    over = contract.notice_given_on or contract.cancelled_on or contract.ends_on < today()
    return not over and successor(contract.id) is None


def _said(named: dict[str, Any]) -> list[str]:
    """What a contract names besides units, in words."""
    said: list[str] = []
    if named["product_ids"]:
        products = sa.select(Product.name, Product.code).where(Product.id.in_(named["product_ids"]))
        rows = db.session.execute(products)
        said += [_("All units of %(product)s", product=_model(*row)) for row in rows]
    if named["site_ids"]:
        sites = sa.select(Site.name).where(Site.id.in_(named["site_ids"]))
        said += [_("All units at %(site)s", site=name) for name in db.session.scalars(sites)]
    return said + ([_("All units of the account")] if named["whole_account"] else [])


def contract_form(sheet: Sheet, account: Account, contract: ServiceContract | None) -> str:
    """The form of a contract; units, products and sites are ticked."""
    return render_template(
        "installed_base/contract_form.html", sheet=sheet, account=account, contract=contract,
        named_units=_units(account), sites=_sites(account),
        products=_products(account), chosen=_chosen(contract),
        custom=forms.drawn(contract, None if contract else asked_of("contract"), sheet.values),
        **tools(),
    )  # fmt: skip


def _chosen(contract: ServiceContract | None) -> dict[str, Any]:
    """What is ticked: as the form was sent, else as the contract stands."""
    lists = ("unit_ids", "product_ids", "site_ids")
    if request.method == "POST":
        sent = request.form
        ticked: dict[str, Any] = {
            name: {int(key) for key in sent.getlist(name) if key.isascii() and key.isdigit()}
            for name in lists
        }
        return ticked | {"whole_account": "1" in sent.getlist("whole_account")}
    if contract is None:
        return dict.fromkeys(lists, ()) | {"whole_account": False}
    return contract_actions.under(contract.id)


def _units(account: Account) -> Choices:
    rows = queries.named_units(Unit.account_id == account.id, MOST)
    return [(row.id, " ".join(filter(None, (row.code, row.serial_no, row.site)))) for row in rows]


def _sites(account: Account) -> Choices:
    rows = sa.select(Site.id, Site.name).where(Site.account_id == account.id).order_by(Site.id)
    return [(key, name) for key, name in db.session.execute(rows.limit(MOST))]


def _products(account: Account) -> Choices:
    """The products of which the account has units."""
    held = sa.select(Unit.product_id).where(Unit.account_id == account.id)
    rows = sa.select(Product.id, Product.name, Product.code).where(Product.id.in_(held))
    found = db.session.execute(rows.order_by(Product.code).limit(MOST))
    return [(key, _model(name, code)) for key, name, code in found]


def _model(name: str, code: str) -> str:
    """A product by name and code, the code once."""
    return name if code in name else f"{name} {code}"
