"""A recall over very many units is written down in steps; each step is taken once."""

from __future__ import annotations

from crm.campaigns import jobs, reaching
from crm.campaigns.models import Campaign
from crm.extensions import db
from tests.campaigns.test_campaigns import items
from tests.records import a_unit

PARTS = [("PW-1000", "open"), ("PW-1002", "open"), ("PW-2000", "open"), ("PW-998", "open")]


def test_a_large_recall_starts_at_once_and_grows_step_by_step_each_taken_once(
    app, api, company, sign_in, field, campaign, work, monkeypatch
):
    monkeypatch.setattr(reaching, "LARGE", 3)
    monkeypatch.setattr(reaching, "WINDOW", 2)
    key, manager = campaign(serials="").json["id"], api(company.manager)
    assert manager.get(f"/campaigns/{key}/figures").json["units"] == 4
    started = manager.post(f"/campaigns/{key}/start", {}).json
    assert (started["status"], started["reach_total"]) == ("running", 4)
    with app.app_context():
        for _twice in range(2):
            jobs.reach({"campaign_id": key, "after": 0})
            db.session.commit()
    page = sign_in(company.manager).get(f"/campaigns/{key}").get_data(as_text=True)
    assert "4台のうち2台" in page and 'value="50"' in page
    with app.app_context():
        late = a_unit(field.yamada, field.product, "PW-3000")
        db.session.commit()
    assert late > 4
    work()
    assert items(app) == sorted([*PARTS, ("PW-3000", "open")])
    assert manager.get(f"/campaigns/{key}").json["reach_total"] is None
    told = api(company.rep).get(f"/accounts/{field.yamada}/timeline").json["items"]
    assert sum("リコール R-1 の対象：" in one["text"] for one in told) == 4


def test_a_large_recall_that_is_ended_or_changed_meanwhile_takes_no_step_of_before(
    app, api, company, field, campaign, work, monkeypatch
):
    monkeypatch.setattr(reaching, "LARGE", 1)
    monkeypatch.setattr(reaching, "WINDOW", 1)
    key, manager = campaign().json["id"], api(company.manager)
    manager.post(f"/campaigns/{key}/start", {})
    version = manager.get(f"/campaigns/{key}").json["version"]
    changed = manager.patch(f"/campaigns/{key}", {"serials": ""}, version)
    assert changed.status_code == 200, changed.text
    assert changed.json["reach_total"] == 4
    work()
    assert items(app) == PARTS
    with app.app_context():
        one = db.session.get_one(Campaign, key)
        one.reach_total, one.reach_after = 9, 0
        db.session.commit()
    assert manager.post(f"/campaigns/{key}/end", {}).json["reach_total"] is None
    with app.app_context():
        jobs.reach({"campaign_id": key, "after": 0})
        assert db.session.get_one(Campaign, key).reach_after is None
