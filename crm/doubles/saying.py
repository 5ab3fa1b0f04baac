"""The fields of two records as a reader sees them, with the names of what they name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts import words as accounts_words
from crm.accounts.models import Account, Contact, Site
from crm.doubles.kinds import Record, kind_of, label
from crm.extensions import db
from crm.installed_base import words as unit_words
from crm.installed_base.models import Unit
from crm.look import day, yen
from crm.products import words as product_words
from crm.products.models import Product
from crm.staff.models import Staff
from crm.timeline.sentences.accounts import field_words

Names = dict[tuple[str, int], str]
NOTHING = "―"
NAMED: Mapping[str, Mapping[str, str]] = {
    "account": {"parent_id": "account", "owner_id": "staff", "service_owner_id": "staff"},
    "contact": {"account_id": "account", "site_id": "site"},
    "product": {"successor_id": "product"},
    "unit": {
        "account_id": "account", "site_id": "site", "product_id": "product", "parent_id": "unit",
        "replaces_id": "unit", "end_user_account_id": "account",
    },
}  # fmt: skip
"""Kind → the fields that hold a key → the kind of record it names."""
MODELS: Mapping[str, Any] = {
    "account": Account, "site": Site, "staff": Staff, "product": Product, "unit": Unit,
}  # fmt: skip
MONEY = ("list_price", "maintenance_price")


def labels(kind: str) -> dict[str, str]:
    """The fields of a kind of record in words."""
    words: Mapping[str, Callable[[], dict[str, str]]] = {
        "product": product_words.labels, "unit": unit_words.labels,
    }  # fmt: skip
    return words.get(kind, field_words)()


def names_of(found: Iterable[Record]) -> Names:
    """What the records are called that these name, and units themselves; in one statement."""
    ids: dict[str, set[int]] = {}
    for one in found:
        of = kind_of(one)
        named = {**NAMED[of], **({"id": of} if of == "unit" else {})}
        for name, kind in named.items():
            key = getattr(one, name, None)
            if key:
                ids.setdefault(kind, set()).add(key)
    asked = [_called(kind, keys) for kind, keys in sorted(ids.items())]
    rows = db.session.execute(sa.union_all(*asked)) if asked else ()
    return {(row.kind, row.id): row.name.strip() for row in rows}


def _called(kind: str, keys: set[int]) -> sa.Select[Any]:
    model: Any = MODELS[kind]
    named: dict[str, Any] = {
        "product": Product.code + " " + Product.name, "unit": Product.code + " " + Unit.serial_no,
    }  # fmt: skip
    name: Any = named.get(kind, getattr(model, "name", None))
    asked = sa.select(sa.literal(kind).label("kind"), model.id.label("id"), name.label("name"))
    if kind == "unit":
        asked = asked.join(Product, Product.id == Unit.product_id)
    return asked.where(model.id.in_(keys))


def called(found: Record, names: Names) -> str:
    """What a record is called; a unit by what is known of it already."""
    return names.get((kind_of(found), found.id)) or label(found)


def said(found: Record, name: str, names: Names) -> str:
    """A value of a record as a reader sees it."""
    kind = kind_of(found)
    if name == "kana" and isinstance(found, Contact):
        return f"{found.family_name_kana or ''} {found.given_name_kana or ''}".strip() or NOTHING
    if name == "phones" and isinstance(found, Contact):
        return _(", ").join(one.number for one in found.phones) or NOTHING
    if name in NAMED[kind]:
        named = names.get((NAMED[kind][name], getattr(found, name) or 0), "")
        place = found.location if isinstance(found, Unit) and name == "site_id" else ""
        return " ".join(filter(None, (named, place))) or NOTHING
    value = getattr(found, name)
    if kind in ("account", "contact"):
        return accounts_words.spoken(name, value) or NOTHING
    return spoken(name, value)


def spoken(name: str, value: Any) -> str:
    """A value of a unit or a product."""
    words: dict[str, Callable[[], dict[str, str]]] = {
        "status": unit_words.statuses, "ownership": unit_words.ownerships,
    }  # fmt: skip
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return day(value)
    if name in words:
        return words[name]()[value]
    return yen(value) if name in MONEY else str(value)
