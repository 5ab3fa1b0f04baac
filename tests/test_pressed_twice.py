"""Two presses of one form that arrive in the same instant: neither sees the other's key yet."""

from __future__ import annotations

import pytest

from crm import editing, rest
from crm.reports import views


@pytest.fixture
def together(monkeypatch) -> None:
    """Whoever looks whether the key was there before finds nothing."""
    for where in (editing, rest, views):
        monkeypatch.setattr(where, "recall", lambda _user_id: None)


@pytest.mark.usefixtures("together")
def test_the_slower_of_two_presses_is_led_to_what_the_faster_made(company, sign_in, api):
    manager, form = sign_in(company.manager), {"idempotency_key": "pressed"}
    asked = [manager.post("/reports/pipeline", data=form) for _ in range(2)]
    assert [one.status_code for one in asked] == [303, 303]
    assert asked[0].location == asked[1].location
    taken = form | {"name": "青葉精機", "corporate_number": "5010401089998"}
    taken["idempotency_key"] = "entered"
    entered = [manager.post("/accounts", data=taken) for _ in range(2)]
    assert [one.status_code for one in entered] == [303, 303], entered[1].text
    assert entered[0].location == entered[1].location
    body = {"name": "桜精機", "corporate_number": "7000012050002"}
    program = api(company.manager)
    made = [program.post("/accounts", body, Idempotency_Key="twice") for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201], made[1].json
    assert made[0].json["id"] == made[1].json["id"]
    assert program.post("/accounts", body).status_code == 409
