"""Keep the codes of symptoms, causes and actions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.service.models import FaultCode
from crm.timeline.actions import record

Fields = dict[str, Any]


def add_code(fields: Fields, by_id: int | None) -> FaultCode:
    """Take a code into the list. Raises Conflict when it is there."""
    code = FaultCode(name_en="", active=True)
    for name, value in fields.items():
        setattr(code, name, value)
    same = sa.and_(FaultCode.kind == code.kind, FaultCode.code == code.code)
    if db.session.scalar(sa.select(FaultCode.id).where(same)) is not None:
        why = _("There is a code %(code)s of this kind already.", code=code.code)
        raise Conflict(why, {"code": [why]})
    db.session.add(code)
    db.session.flush()
    record("fault_code.added", code, by_id, account_id=None, **_facts(code))
    return code


def change_code(code: FaultCode, fields: Fields, by_id: int | None) -> None:
    """Rename a code or take it out of use; work orders name it by what it is called."""
    for name in ("kind", "code"):
        if fields.get(name, getattr(code, name)) != getattr(code, name):
            raise Invalid({name: [_("Work orders name it so: make a new code instead.")]})
    for name, value in fields.items():
        setattr(code, name, value)
    facts = _facts(code) | {"fields": list(fields)}
    record("fault_code.changed", code, by_id, account_id=None, **facts)


def _facts(code: FaultCode) -> Fields:
    return {"code_kind": code.kind, "code": code.code, "name": code.name, "active": code.active}
