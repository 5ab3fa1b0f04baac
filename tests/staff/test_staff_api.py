"""People through the API."""

from __future__ import annotations

import pytest

from crm.staff.cli import staff_group


def test_an_administrator_enters_a_person(api, company):
    answer = api(company.admin).post(
        "/staff", {"email": "new@company.test", "name": "新井 葵", "role": "rep"}
    )
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/staff/{answer.json['id']}"
    assert answer.headers["ETag"] == '"1"'


def test_a_rep_may_not_enter_a_person(api, company):
    answer = api(company.rep).post(
        "/staff", {"email": "new@company.test", "name": "新井 葵", "role": "rep"}
    )
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"


def test_an_unknown_field_is_refused_by_name(api, company):
    answer = api(company.admin).post(
        "/staff", {"email": "a@b.test", "name": "x", "role": "rep", "password_hash": "x"}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["password_hash"]


def test_an_update_without_a_version_is_refused(api, company):
    admin = api(company.admin)
    assert admin.patch(f"/staff/{company.rep}", {"name": "x"}).status_code == 428
    assert admin.patch(f"/staff/{company.rep}", {"name": "x"}, version=7).status_code == 412
    assert admin.patch(f"/staff/{company.rep}", {"name": "x"}, version=1).status_code == 200


def test_the_same_key_makes_one_person(api, company):
    admin = api(company.admin)
    body = {"email": "new@company.test", "name": "新井 葵", "role": "rep"}
    first = admin.post("/staff", body, Idempotency_Key="k1")
    second = admin.post("/staff", body, Idempotency_Key="k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    other = admin.post("/staff", body | {"name": "z"}, Idempotency_Key="k1")
    assert other.status_code == 422


def test_a_read_token_does_not_write(api, company):
    reader = api(company.admin, "read")
    assert reader.get("/staff").status_code == 200
    assert reader.post("/offices", {"name": "大阪"}).status_code == 403


def test_pages_of_staff_follow_each_other(api, company):
    reader = api(company.rep)
    seen, cursor = [], ""
    while cursor is not None:
        path = "/staff?limit=3&sort=-name" + (f"&cursor={cursor}" if cursor else "")
        answer = reader.get(path).json
        seen += [one["name"] for one in answer["items"]]
        cursor = answer["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 8


@pytest.mark.parametrize("field", ["team_id", "office_id"])
def test_a_key_too_large_for_any_record_is_refused_by_name(api, company, field):
    body = {"email": "new@company.test", "name": "新井 葵", "role": "rep", field: 10**30}
    answer = api(company.admin).post("/staff", body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@pytest.mark.parametrize("blank", ["   ", "\u3000"])
def test_a_person_has_a_name_that_can_be_read(api, company, blank):
    admin = api(company.admin)
    answer = admin.post("/staff", {"email": "new@company.test", "name": blank, "role": "rep"})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["name"])
    assert admin.patch(f"/staff/{company.rep}", {"name": blank}, version=1).status_code == 422


@pytest.mark.parametrize(
    ("email", "name", "said"),
    [
        ("rep@company.test", "新井", "email: Somebody else already has this mail address."),
        ("nobody", "新井", "email: This is not a mail address."),
        ("new@company.test", " ", "name: Fill this in, with at most 100 characters."),
    ],
)
def test_the_command_says_in_a_sentence_who_cannot_be_entered(app, company, email, name, said):
    words = ["add", email, "--name", name, "--role", "rep", "--password", "x" * 12]
    done = app.test_cli_runner().invoke(staff_group, words)
    assert (done.exit_code, done.output) == (1, f"Error: {said}\n")


def test_who_asks_is_read_once_for_a_change(api, company, statements):
    rep = api(company.rep)
    statements.clear()
    assert rep.post("/accounts", {"name": "泉食品株式会社"}).status_code == 201
    assert sum("staff.password_hash" in one for one in statements) == 1, statements


def test_who_asks_is_read_once_for_a_refusal_too(api, company, statements):
    rep = api(company.rep)
    statements.clear()
    assert rep.post("/accounts", {"name": 5}).status_code == 422
    assert sum("staff.password_hash" in one for one in statements) == 1, statements
