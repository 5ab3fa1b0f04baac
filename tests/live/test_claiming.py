"""A drainer takes as many messages as its lane says, however the database goes about it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.outbox.actions import claim, send_many
from crm.outbox.models import HEAVY
from tests.conftest import POSTGRES

OTHER_WAYS = (
    "enable_hashagg",
    "enable_sort",
    "enable_hashjoin",
    "enable_mergejoin",
    "enable_material",
)
"""Without these PostgreSQL joins by loops, as it chooses to while it knows little of a table."""


@pytest.mark.late
@pytest.mark.parametrize("looping", [False, True])
def test_a_claim_never_takes_more_than_its_batch(app, looping):
    with app.app_context():
        send_many("x", [(f"x:{number}", {}) for number in range(3)], HEAVY)
        db.session.commit()
        for way in OTHER_WAYS if looping and POSTGRES else ():
            db.session.execute(sa.text(f"SET LOCAL {way} = off"))
        assert len(claim(HEAVY)[1]) == 1
        db.session.rollback()
