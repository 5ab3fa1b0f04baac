"""What has served is removed once a day; what nobody looked at stays."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.operations import jobs
from crm.outbox.models import Message
from crm.staff.models import SignIn


def test_old_work_is_removed_piece_by_piece_and_dead_work_is_kept(app, company, monkeypatch):
    monkeypatch.setattr(jobs, "PIECE", 2)
    old = now() - timedelta(days=31)
    with app.app_context():
        db.session.add_all(
            [
                *(Message(kind="a", dedupe=f"done long ago {n}", done_at=old) for n in range(5)),
                Message(kind="a", dedupe="done today", done_at=now()),
                Message(kind="a", dedupe="waiting", run_at=old),
                Message(kind="a", dedupe="dead", dead_at=old),
                SignIn(token_hash="1", staff_id=company.rep, created_at=old, expires_at=old),
                SignIn(
                    token_hash="2", staff_id=company.rep, created_at=old,
                    expires_at=now() + timedelta(days=1),
                ),
            ]
        )  # fmt: skip
        db.session.commit()
        jobs.tidy({})
        db.session.commit()
        assert set(db.session.scalars(sa.select(Message.dedupe))) == {
            "done today", "waiting", "dead",
        }  # fmt: skip
        assert db.session.scalars(sa.select(SignIn.token_hash)).all() == ["2"]
