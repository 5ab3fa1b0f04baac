"""Imported companies that were merged and parted again go with their import as ever."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.extensions import db
from crm.outbox.drain import drain

COMPANIES = "name,address\n株式会社山田製作所,横浜市1-1\n㈱ヤマダ精機,横浜市1-1\n港商会,神戸市\n"
PEOPLE = (
    "id,account,family_name,department\n1,ヤマダ精機,鈴木,購買部\n2,ヤマダ精機,佐藤,技術部\n"
    "3,ヤマダ精機,高橋,総務部\n4,港商会,田中,営業部\n"
)
LATER = PEOPLE.replace("技術部", "開発部").replace("営業部", "営業一部")


def test_what_a_merge_moved_and_gave_back_goes_with_its_import_and_what_was_edited_stays(
    app, api, company, take, tmp_path: Path
):
    manager, path = api(company.manager), tmp_path / "list.csv"

    def brought(kind: str, text: str) -> int:
        path.write_text(text, encoding="utf-8")
        return int(take(kind, path).run_id)

    def taken_back(run: int) -> tuple[int, int, list[str]]:
        assert manager.post(f"/imports/{run}/undo", {}).status_code == 202
        with app.app_context():
            drain("heavy")
        done, kept = manager.get(f"/imports/{run}").json, manager.get(f"/imports/{run}/kept").json
        return done["undone"], done["kept"], [one["why"] for one in kept["items"]]

    companies, people = brought("accounts", COMPANIES), brought("contacts", PEOPLE)
    with app.app_context():
        one, two, port = db.session.scalars(sa.select(Account.id).order_by(Account.id)).all()
        suzuki = db.session.scalar(sa.select(Contact.id).where(Contact.family_name == "鈴木"))
    merge = manager.post(f"/accounts/{one}/merge", {"lost_id": two, "choices": {"name": "lost"}})
    assert merge.status_code == 201, merge.json
    meanwhile = brought("contacts", LATER.replace("ヤマダ精機", "株式会社山田製作所"))
    version = manager.get(f"/contacts/{suzuki}").json["version"]
    assert manager.patch(f"/contacts/{suzuki}", {"title": "課長"}, version).status_code == 200
    back = manager.post(f"/accounts/{one}/unmerge", {"merge_id": merge.json["id"]})
    assert (back.status_code, back.json["left_over"]) == (201, [])
    assert taken_back(meanwhile)[:2] == (3, 1)
    with app.app_context():
        departments = set(db.session.scalars(sa.select(Contact.department)))
        assert departments == {"購買部", "技術部", "総務部", "営業部"}
    edited = "その後に編集されています。"
    assert taken_back(people) == (3, 1, [edited])
    undone, kept, why = taken_back(companies)
    assert (undone, kept, len(why)) == (2, 1, 1)
    with app.app_context():
        assert list(db.session.scalars(sa.select(Account.id))) == [two]
    told = manager.get("/removals?updated_since=2020-01-01T00:00:00Z").json["items"]
    gone = {(one["collection"], one["record_id"]) for one in told}
    assert {("accounts", one), ("accounts", port)} <= gone and ("contacts", suzuki) not in gone
