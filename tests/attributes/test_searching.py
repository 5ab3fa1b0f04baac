"""What custom fields say is found by the search, as long as they are marked for it."""

from __future__ import annotations

from crm.outbox.drain import drain


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
