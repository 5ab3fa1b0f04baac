"""R09: a repair that ended without the unit being repaired asks for a replacement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.alerts.ended_repair_rules import not_repaired
from crm.alerts.facts import RepairFacts
from crm.alerts.repair_rules import chargeable_repair
from tests.alerts.test_rules import LX210, LX310, TODAY, UNIT, about
from tests.installed_base.conftest import plant, unit

__all__ = ["plant", "unit"]

GONE = RepairFacts(2091, TODAY, 0, True, "炎が消える", status="unrepairable")
DECLINED = replace(GONE, status="estimate_declined", estimate=168_000, why="更新を検討")
OLD = replace(UNIT, product=LX210, successor=LX310)


def test_what_cannot_be_repaired_is_to_be_replaced():
    finding = not_repaired(about(OLD, repair=GONE))
    assert finding is not None
    assert finding.ja == "LX-210（PW3381）は、修理できませんでした。"
    assert finding.en == "LX-210 (PW3381) cannot be repaired."
    assert (finding.value, finding.product_id) == (7_380_000, LX310.id)
    assert finding.subject == "work_order:2091"
    assert [one.type for one in finding.evidence] == ["work_order", "product"]


def test_a_declined_estimate_is_told_with_its_amount_and_reason():
    finding = not_repaired(about(OLD, repair=DECLINED))
    assert finding is not None
    assert finding.ja == "LX-210（PW3381）の修理見積 ¥168,000 を、お客様が辞退されました。"
    assert finding.en == (
        "The customer declined the estimate of ¥168,000 for repairing LX-210 (PW3381)."
    )
    assert finding.evidence[1].ja == "理由：更新を検討"
    bare = not_repaired(about(OLD, repair=replace(DECLINED, estimate=None)))
    assert bare is not None
    assert bare.en == "The customer declined the estimate for LX-210 (PW3381)."


@pytest.mark.parametrize(
    ("unit", "repair"),
    [
        (OLD, replace(GONE, status="returned")),
        (replace(OLD, in_use=False), GONE),
        (None, GONE),
        (OLD, None),
    ],
)
def test_a_repair_that_succeeded_or_a_unit_that_is_gone_says_nothing(unit, repair):
    assert not_repaired(about(unit, repair=repair)) is None


def test_only_what_the_customer_pays_of_a_repair_counts_as_paid():
    half = replace(GONE, status="returned", amount=120_000, paid=20_000)
    finding = chargeable_repair(about(replace(UNIT, repairs=(half,)), repair=half))
    assert finding is not None
    assert "¥20,000" in finding.ja


def test_the_end_of_a_work_order_reaches_the_rep(api, company, unit, plant, drained):
    engineer = api(company.engineer)
    body = {"unit_id": unit().json["id"], "symptom": "炎が消える"}
    work = engineer.post("/work-orders", body).json
    done = engineer.post(f"/work-orders/{work['id']}/finish", {"status": "unrepairable"})
    assert done.status_code == 200, done.json
    drained()
    found = [one for one in api(company.rep).get("/alerts").json["items"] if one["rule"] == "R09"]
    assert [one["estimated_value"] for one in found] == [7_380_000]
