"""The telephones inside the house: typed in any width, dialled behind the office's number."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.outbox.drain import drain
from crm.staff.models import Office, Staff
from crm.text.phone import dialled, extension, spoken

WRONG = ("総務", "2104a", "03-5555-0100 内線 2104", "2104-", "--", "1" * 21, "+2104", "2104,2105")


def _person(app, key):
    with app.app_context():
        return db.session.get_one(Staff, key)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("２１０４", "2104"),
        (" 21ー04 ", "21-04"),
        ("内線 2104", "2104"),
        ("ext. 12", "12"),
        ("", ""),
    ],
)
def test_an_extension_is_understood_however_it_is_typed(typed, kept):
    assert extension(typed) == kept


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_extension_is_refused_by_name(app, api, sign_in, company, typed):
    answer = api(company.admin).patch(f"/staff/{company.rep}", {"extension": typed}, version=1)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["extension"])
    own = {"language": "ja", "theme": "auto", "extension": typed}
    page = sign_in(company.rep).post("/settings", data=own)
    assert page.status_code == 422 and 'id="why-extension"' in page.text
    assert f'value="{typed}"' in page.text
    assert _person(app, company.rep).extension == ""


def test_a_telephone_dials_the_extension_behind_the_office():
    assert dialled("０３－５５５５－０１００", "2104") == "tel:+81355550100;ext=2104"
    assert dialled("", "21-04") == "tel:21-04"
    assert dialled("03-5555-0100", "") == "tel:+81355550100"
    assert dialled("0000 内線なし", "2104") == "tel:0000;ext=2104"


def test_a_number_that_rings_is_read_as_people_say_it():
    assert spoken("+81445550132") == "044-555-0132" == spoken("0445550132")
    assert spoken("+819055552001") == "090-5555-2001"
    assert spoken("+12125550123") == "+1 212-555-0123"
    assert [spoken(odd) for odd in ("", "非通知", "110")] == ["", "非通知", "110"]


def test_an_administrator_enters_extensions_and_everybody_finds_them(app, api, sign_in, company):
    admin, rep = sign_in(company.admin), sign_in(company.rep)
    with app.app_context():
        db.session.get_one(Office, company.office).phone = "045-555-0100"
        db.session.commit()
    form = admin.get(f"/staff/{company.rep}").text
    assert 'name="extension"' in form
    typed = {"version": "1", "extension": "２１０４", "original_extension": ""}
    assert admin.post(f"/staff/{company.rep}", data=typed).status_code == 303
    assert api(company.clerk).get(f"/staff/{company.rep}").json["extension"] == "2104"
    page = rep.get("/staff").text
    assert 'href="tel:+81455550100;ext=2104"' in page and "045-555-0100" in page
    assert f'href="/staff/{company.rep}"' not in page
    assert rep.get(f"/staff/{company.rep}").status_code == 404
    wrong = admin.post(f"/staff/{company.rep}", data=typed | {"version": "2", "extension": "総務"})
    assert wrong.status_code == 422 and 'value="総務"' in wrong.text
    assert 'value="2104"' in rep.get("/settings").text
    own = {"language": "ja", "theme": "auto", "extension": "21-05"}
    assert rep.post("/settings", data=own).status_code == 303
    assert rep.post("/settings", data={"language": "ja", "theme": "auto"}).status_code == 303
    assert _person(app, company.rep).extension == "21-05"


def test_the_extension_stands_where_one_looks_for_a_colleague(app, api, sign_in, company):
    with app.app_context():
        db.session.get_one(Staff, company.rep).extension = "2104"
        db.session.commit()
    clerk = sign_in(company.clerk)
    account = api(company.rep).post("/accounts", {"name": "青葉精機"}).json["id"]
    ticket = api(company.clerk).post("/tickets", {"account_id": account, "subject": "漏れ"})
    address = f"/tickets/{ticket.json['id']}"
    assert "佐藤 美咲　内線 2104" in clerk.get(f"{address}/assignment").text
    clerk.post(f"{address}/assignment", data={"assignee_id": str(company.rep)})
    assert 'href="tel:2104"' in clerk.get(address).text
    assert "内線 2104" in clerk.get(f"/accounts/{account}").text


def test_a_file_of_people_brings_their_extensions_and_a_wrong_one_is_said(app, api, company):
    lines = "メール,氏名,権限,内線番号\na@b.test,新井 葵,rep,２１０７\nc@d.test,原 光,rep,総務\n"
    admin = api(company.admin)
    sent = app.test_client(use_cookies=False).post(
        "/api/v1/imports", headers={"Authorization": f"Bearer {admin.token}"},
        data={"kind": "staff", "file": (BytesIO(lines.encode()), "people.csv")},
    )  # fmt: skip
    assert sent.status_code == 202, sent.json
    with app.app_context():
        drain("heavy")
    told = admin.get(f"/imports/{sent.json['id']}").json
    assert (told["new"], told["refused"], told["mapping"]["key"]) == (1, 1, "{メール}")
    with app.app_context():
        found = sa.select(Staff.name, Staff.extension).where(
            Staff.email.in_(("a@b.test", "c@d.test"))
        )
        assert [tuple(row) for row in db.session.execute(found)] == [("新井 葵", "2107")]
