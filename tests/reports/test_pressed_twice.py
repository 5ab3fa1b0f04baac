"""Two presses of one form that arrive in the same instant."""

from __future__ import annotations

from crm.reports import views


def test_the_slower_of_two_presses_is_led_to_the_report_of_the_faster(
    company, sign_in, monkeypatch
):
    manager, form = sign_in(company.manager), {"idempotency_key": "pressed"}
    first = manager.post("/reports/pipeline", data=form)
    assert first.status_code == 303
    monkeypatch.setattr(views, "recall", lambda _user_id: None)
    second = manager.post("/reports/pipeline", data=form)
    assert (second.status_code, second.location) == (303, first.location)
