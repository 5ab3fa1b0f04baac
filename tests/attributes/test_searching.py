"""What custom fields say is found by the search, as long as they are marked for it."""

from __future__ import annotations

import csv
import io

from crm.extensions import db
from crm.outbox.drain import drain
from crm.transfers.foreground import import_file
from tests.attributes.filling import form_of


def test_a_record_is_found_by_its_custom_fields_and_by_marked_ones_alone(
    app, api, company, fields, account
):
    one = account("株式会社山田製作所", delivery="特急", budget=1_200_000)
    account("ケーズ商会株式会社", delivery="標準")
    manager, admin = api(company.manager), api(company.admin)

    def found(q: str) -> list[int]:
        return [hit["id"] for hit in manager.get(f"/search?q={q}").json["items"]]

    assert found("特急") == [one["id"]]
    assert found("1200000") == []
    address = f"/accounts/{one['id']}"
    changed = manager.patch(address, {"attributes": {"delivery": "短納期"}}, one["version"])
    assert changed.status_code == 200
    assert (found("特急"), found("短納期")) == ([], [one["id"]])
    for searchable in (False, True):
        place = f"/attributes/{fields['account', 'delivery']}"
        version = admin.get(place).json["version"]
        said = admin.patch(place, {"searchable": searchable}, version)
        assert said.status_code == 200, said.json
        with app.app_context():
            drain("fast")
            drain("heavy")
        assert found("短納期") == ([one["id"]] if searchable else [])


def test_a_colleague_in_a_field_is_chosen_found_taken_out_and_in_and_may_leave(
    app, api, sign_in, company, account, tmp_path
):
    admin, rep, browser = api(company.admin), api(company.rep), sign_in(company.rep)
    asked = {"record": "account", "key": "adviser", "label_ja": "技術相談", "label_en": "Adviser",
             "kind": "reference", "refers_to": "staff", "searchable": True}  # fmt: skip
    assert admin.post("/attributes", asked).status_code == 201
    engineer = admin.get(f"/staff/{company.engineer}").json
    one = account("株式会社山田製作所", adviser=engineer["id"])
    account("株式会社青木")
    assert account_page(browser, one).count(engineer["name"]) == 1

    def found(q: str) -> list[int]:
        return [hit["id"] for hit in rep.get(f"/search?q={q}").json["items"]]

    assert found(engineer["name"]) == [one["id"]]
    for asked_for in (str(engineer["id"]), engineer["name"], engineer["email"]):
        listed = rep.get(f"/accounts?attribute=adviser:{asked_for}").json["items"]
        assert [it["id"] for it in listed] == [one["id"]], asked_for
    file = rep.get("/accounts.csv?names=words")
    row = next(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert row["技術相談"].startswith(engineer["name"])
    path = tmp_path / "more.csv"
    rows = (row["技術相談"], engineer["email"], engineer["name"])
    lines = "".join(f"{at},新しい{at}商会,{said}\n" for at, said in enumerate(rows))
    path.write_text(f"id,name,技術相談\n{lines}", encoding="utf-8")
    with app.app_context():
        assert import_file("accounts", path).new == 3
        db.session.commit()
    named = rep.get(f"/accounts?attribute=adviser:{engineer['id']}").json["items"]
    assert len(named) == 4
    gone = {"active": False, "name": "退職 太郎"}
    changed = admin.patch(f"/staff/{company.engineer}", gone, engineer["version"])
    assert changed.status_code == 200, changed.json
    with app.app_context():
        drain("fast")
        drain("heavy")
        drain("heavy")
    assert one["id"] in found("退職 太郎")
    assert "退職 太郎（退職）" in account_page(browser, one)
    refused = rep.post("/accounts", {"name": "新社", "attributes": {"adviser": engineer["id"]}})
    assert list(refused.json["errors"]) == ["attributes.adviser"]
    edited = form_of(browser.get(f"/accounts/{one['id']}/edit").text)
    assert edited["attr-adviser"] == [str(engineer["id"])]
    assert (
        browser.post(f"/accounts/{one['id']}/edit", data=edited | {"rank": "A"}).status_code == 303
    )


def account_page(browser, one) -> str:
    """The page of an account."""
    return str(browser.get(f"/accounts/{one['id']}").text)
