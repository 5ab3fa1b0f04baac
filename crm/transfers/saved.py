"""Mappings that people keep by name: found again by the columns of the next file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Invalid
from crm.extensions import at_most, db
from crm.timeline.actions import record
from crm.transfers.kinds import Kind
from crm.transfers.models import ImportMapping

LONGEST = 80
MOST = 100


def mappings_of(kind: Kind) -> Sequence[ImportMapping]:
    """The mappings of a kind that people have kept, the last changed first."""
    newest = (ImportMapping.updated_at.desc(), ImportMapping.id.desc())
    found = sa.select(ImportMapping).where(ImportMapping.kind == kind.name).order_by(*newest)
    return db.session.scalars(found.limit(at_most(MOST))).all()


def keep(
    kind: Kind, name: str, mapping: dict[str, Any], fingerprint: str, by_id: int
) -> ImportMapping:  # fmt: skip
    """Keep a mapping under a name; one of that name is replaced. Raises Invalid."""
    plain = " ".join(name.split())
    if not 0 < len(plain) <= LONGEST:
        raise Invalid({"name": [_("From 1 to %(n)s characters.", n=LONGEST)]})
    kept = db.session.scalar(
        sa.select(ImportMapping).where(ImportMapping.kind == kind.name, ImportMapping.name == plain)
    )
    if kept is None:
        kept = ImportMapping(kind=kind.name, name=plain)
        db.session.add(kept)
    kept.mapping, kept.fingerprint, kept.by_id = mapping, fingerprint, by_id
    db.session.flush()
    record("mapping.kept", kept, by_id, account_id=None, name=plain, import_kind=kind.name)
    return kept
