"""Whoever presses in the same instant as somebody else is served after that one.

As in tests/support/test_same_instant.py the other one writes between the look at the record and the
change, in the same transaction: to the session that is what a race on PostgreSQL is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crm.campaigns import queries as campaigns
from crm.campaigns.models import Campaign, CampaignItem
from crm.clock import today
from crm.doubles import keeping
from crm.doubles import queries as doubles
from crm.doubles.models import Pair
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.maintenance import queries as maintenance
from crm.maintenance.models import Visit
from crm.service import queries as service
from crm.webhooks import queries as webhooks
from crm.webhooks.models import Webhook
from tests.records import (
    a_campaign,
    a_plan,
    a_product,
    a_unit,
    a_visit,
    a_webhook,
    an_account,
    keep,
)

SKIPPED = {"reason": "休業日のため"}
PRESSES = (
    (campaigns, "get_campaign", Campaign, "/campaigns/{}/end", {}),
    (campaigns, "get_item", CampaignItem, "/campaign-items/{}/outcome", {"status": "informed"}),
    (maintenance, "get_visit", Visit, "/visits/{}/skip", SKIPPED),
    (service, "get_work_order", WorkOrder, "/work-orders/{}/state", {"status": "diagnosing"}),
    (webhooks, "get_webhook", Webhook, "/webhooks/{}/pause", {}),
)
Faster = Callable[..., None]


@pytest.fixture
def faster(monkeypatch) -> Faster:
    """The next door of this name opens a moment before somebody else has written the record."""

    def be(room: Any, name: str, model: Any, **values: Any) -> None:
        open_door, opened = getattr(room, name), []

        def door(*args: Any) -> Any:
            found = open_door(*args)
            if not opened:
                opened.append(found)
                written = sa.update(model).where(model.id == found.id).values(values)
                db.session.execute(written, execution_options={"synchronize_session": False})
            return found

        monkeypatch.setattr(room, name, door)

    return be


@pytest.fixture
def records(app, company) -> dict[Any, int]:
    """Model → the key of a record that somebody can press on."""
    with app.app_context():
        at, product = an_account(company.rep, company.first_team), a_product()
        unit = a_unit(at, product)
        campaign, item = a_campaign(at, unit, product)
        work = WorkOrder(account_id=at, unit_id=unit, kind="repair", opened_on=today())
        pair = Pair(
            kind="account", left_id=at, right_id=an_account(company.rep, company.first_team),
            left_account_id=at, right_account_id=at, score=80, reasons=["name"],
        )  # fmt: skip
        return {
            Campaign: campaign, CampaignItem: item, WorkOrder: keep(work), Pair: keep(pair),
            Visit: a_visit(a_plan(at, unit), unit), Webhook: a_webhook(),
        }  # fmt: skip


@pytest.mark.parametrize(("room", "door", "model", "address", "form"), PRESSES)
def test_nobody_is_told_to_press_again(
    sign_in, company, records, faster, room, door, model, address, form
):
    faster(room, door, model, version=model.version + 1)
    answer = sign_in(company.admin).post(address.format(records[model]), data=form)
    assert answer.status_code == 303, answer.text


def test_what_a_merge_has_settled_is_not_decided_otherwise(app, sign_in, company, records, faster):
    faster(doubles, "get_pair", Pair, state="merged")
    said = sign_in(company.admin).post(
        f"/doubles/{records[Pair]}/decision", data={"decision": "different"}
    )
    assert said.status_code == 409


def test_a_pair_that_is_decided_while_the_night_compares_stays(app, records, monkeypatch):
    with app.app_context():
        known = keeping._known

        def a_moment_before() -> Any:
            found = known()
            decided = sa.update(Pair).values(state="different")
            db.session.execute(decided, execution_options={"synchronize_session": False})
            return found

        monkeypatch.setattr(keeping, "_known", a_moment_before)
        keeping.keep([])
        assert db.session.get_one(Pair, records[Pair]).state == "different"
        db.session.rollback()
