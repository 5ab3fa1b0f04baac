"""Which products are there already that may be the one being typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.alike import Alike
from crm.extensions import at_most, db
from crm.products.models import Product
from crm.search.queries import Viewer, find
from crm.text.model_alike import bare, folded
from crm.text.serial import serial_key
from crm.text.serial_alike import differences, variants

Fields = dict[str, Any]
READ, SHOWN, BEGINNING = 40, 5, 3
_WORDS = re.compile(r"[^\W\d_]+|\d+")


def reason_words() -> dict[str, str]:
    """What two products share, in words."""
    return {
        "code": _("Same code, written differently"), "letters": _("Code differs in O/0 or I/1"),
        "name": _("Same name"), "code_name": _("The code of one is the name of the other"),
        "maker": _("Same maker"),
    }  # fmt: skip


def products_like(typed: Fields, own_id: int | None = None) -> list[Alike]:
    """Products whose code or name is the typed one but for its spelling or the maker in front.

    By the index of code keys, and by the search for names.
    """
    code, name = str(typed.get("code") or ""), str(typed.get("name") or "")
    keys = sorted(variants(serial_key(code)[:60])) if len(code) > 1 else []
    near = {hit.record_id for said in _asked(code, name)
            for hit in find(Viewer(()), said, ("product",), READ)}  # fmt: skip
    rows = db.session.execute(
        sa.select(Product.id, Product.code, Product.code_key, Product.name, Product.maker)
        .where(Product.id != (own_id or 0))
        .where(sa.or_(Product.code_key.in_(keys), Product.id.in_(near)))
        .limit(at_most(READ * 3))
    ).all()
    makers = {folded(one) for one in (str(typed.get("maker") or ""), *(row.maker for row in rows))}
    found = [
        Alike(row.id, f"{row.code} {row.name}", row.maker, reasons)
        for row in rows if (reasons := _reasons(typed, row, makers))
    ]  # fmt: skip
    return sorted(found, key=lambda one: ("code" not in one.reasons, one.id))[:SHOWN]


def _asked(code: str, name: str) -> set[str]:
    """What is looked for: the words, and the beginning of the longest one in case that it is
    written apart where this one is written together."""
    words = _WORDS.findall(unicodedata.normalize("NFKC", name))
    longest = max(words, key=len, default="")
    return {one for one in (code, " ".join(words), longest[:BEGINNING]) if len(one) > 2}


def _reasons(typed: Fields, row: Any, makers: set[str]) -> tuple[str, ...]:
    """`makers` are those that may stand in front of a name."""
    both = [folded(str(typed.get("maker") or "")), folded(row.maker)]
    if all(both) and both[0] != both[1]:
        return ()
    code, name = (bare(str(typed.get(field) or ""), makers) for field in ("code", "name"))
    theirs, called = bare(row.code, makers), bare(row.name, makers)
    differ = differences(serial_key(str(typed.get("code") or "")), row.code_key)
    reasons = ["code"] if code and code == theirs else []
    reasons += ["letters"] if not reasons and differ == ("letters",) else []
    reasons += ["name"] if name and name == called else []
    crossed = (code and code == called) or (name and name == theirs)
    reasons += ["code_name"] if crossed and not reasons else []
    return tuple([*reasons, "maker"] if reasons and all(both) else reasons)
