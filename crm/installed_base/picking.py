"""Pick accounts and units by name in forms: what is typed is looked up, with or without script."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.accounts.models import Account
from crm.editing import ORIGINAL, Sheet
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.rights import Person
from crm.search.queries import Viewer, find
from crm.text.normal import clean
from crm.typed import LARGEST_KEY

Choice = tuple[int, str, str]
KINDS = {
    "account_id": "account", "end_user_account_id": "account", "parent_id": "unit",
    "replaces_id": "unit",
}  # fmt: skip
ASKED = "_q"
MOST = 8
LOOKED_AT = 60


def candidates(name: str, q: str, account_id: int, user: Person) -> list[Choice]:
    """Records for a field by what was typed: (key, name, what it is); units of the account only."""
    kind = KINDS[name]
    if not clean(q):
        return []
    found = find(Viewer((f"staff:{user.id}",)), q[:200], (kind,), LOOKED_AT)
    return [
        (one.record_id, one.label, one.sublabel)
        for one in found
        if kind == "account" or one.account_id == account_id
    ][:MOST]


def plain(form: MultiDict[str, str], account_id: int, user: Person) -> MultiDict[str, str]:
    """A form whose search fields have become keys.

    Raises Invalid, naming the field, when nothing or more than one thing is called that.
    """
    kept = form.copy()
    errors: dict[str, list[str]] = {}
    for name in KINDS:
        typed = kept.pop(name + ASKED, "")
        if not clean(typed) or kept.get(name, "") != kept.get(ORIGINAL + name, ""):
            continue
        found = candidates(name, typed, account_id, user)
        if len(found) == 1:
            kept[name] = str(found[0][0])
        else:
            errors[name] = [_("Choose one of these.") if found else _("Nothing is called that.")]
    if errors:
        raise Invalid(errors)
    return kept


def pickers(sheet: Sheet, account_id: int, user: Person) -> dict[str, dict[str, Any]]:
    """Field → what is chosen, in words, and what was found for what is typed; two statements."""
    keys = {name: _key(sheet[name]) for name in KINDS}
    named = _names({k for name, k in keys.items() if k and KINDS[name] == "account"}, "account")
    named |= _names({k for name, k in keys.items() if k and KINDS[name] == "unit"}, "unit")
    return {
        name: {
            "key": keys[name], "words": named.get((kind, keys[name] or 0), ""),
            "q": sheet[name + ASKED],
            "found": candidates(name, sheet[name + ASKED], account_id, user),
        }
        for name, kind in KINDS.items()
    }  # fmt: skip


def _key(text: str) -> int | None:
    good = text.isascii() and text.isdigit() and len(text) < 17 and int(text) <= LARGEST_KEY
    return int(text) if good else None


def _names(keys: set[int], kind: str) -> dict[tuple[str, int], str]:
    if not keys:
        return {}
    if kind == "account":
        rows = db.session.execute(
            sa.select(Account.id, Account.name).where(Account.id.in_(keys))
        ).all()
        return {(kind, row.id): row.name for row in rows}
    units = db.session.execute(
        sa.select(Unit.id, Product.code, Unit.serial_no)
        .join(Product, Product.id == Unit.product_id)
        .where(Unit.id.in_(keys))
    )
    return {(kind, row.id): f"{row.code} {row.serial_no}".strip() for row in units}
