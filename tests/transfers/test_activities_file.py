"""Visits and calls out of another program: on their day, at their customer, with whom did them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from crm.deals.models import Activity, Deal
from crm.extensions import db
from crm.outbox.drain import drain
from crm.sheets.tables import open_table
from crm.staff.models import Staff
from crm.transfers.drafting import as_mapping, first_draft
from crm.transfers.kinds.table import KINDS
from crm.transfers.profiles import profiles
from crm.transfers.run_actions import start_undo
from crm.transfers.run_models import ImportRow, ImportRun
from tests.records import a_deal, an_account

ROWS = (
    "活動No,訪問日,種別,会社名,商談名,担当者,活動内容,結果,天気,次の一手\n"
    "A1,2025/4/1 10:30,訪問,{account},LX-310 の更新,{rep},見積を説明,良い,晴,見積を直す\n"
    "A2,2025/4/2,架電,{account},,,折り返しを約束,,雨,\n"
    "A3,2025/4/3,訪問,{account},ない商談,,x,,,\n"
    "A4,2199/4/4,会議,{account},LX-310 の更新,,来訪の予定,,,準備\n"
    "A5,2025/3/1,訪問,{account},LX-310 の更新,{rep},初回訪問,,,古い一手\n"
)


def _sent(admin, path: Path, mapping: dict[str, object]) -> None:
    data = {
        "kind": "activities",
        "mapping": json.dumps(mapping),
        "file": (path.open("rb"), "a.csv"),
    }
    headers = {"Authorization": f"Bearer {admin.token}"}
    assert admin.client.post("/api/v1/imports", data=data, headers=headers).status_code == 202


def test_visits_of_another_program_stand_in_the_history_and_go_again(app, api, company, tmp_path):
    admin, path = api(company.admin), tmp_path / "a.csv"
    weather = {"record": "activity", "key": "weather", "label_ja": "天気", "label_en": "Weather"}
    assert admin.post("/attributes", weather).status_code == 201
    with app.app_context():
        at = an_account(company.rep, company.first_team, name="株式会社山田製作所")
        deal = a_deal(at, company.rep, company.first_team, title="LX-310 の更新")
        rep = db.session.get_one(Staff, company.rep).name
        path.write_text(ROWS.format(account="山田製作所", rep=rep), encoding="utf-8")
    with app.test_request_context():
        kind, table = KINDS["activities"], open_table(path)
        rows = list(table.rows())
        draft = first_draft(kind, profiles(table.header, rows), False, rows)
        assert [one.field for one in draft.lines] == [
            "", "at", "kind", "account", "deal", "by", "summary", "result", "", "next_step",
        ]  # fmt: skip
        mapping = as_mapping(kind, draft, table.header, headless=False)
        mapping["fields"]["attributes.weather"] = "天気"
    for _twice in range(2):
        _sent(admin, path, mapping)
        with app.app_context():
            drain("heavy")
    with app.app_context():
        first, again = db.session.scalars(sa.select(ImportRun).order_by(ImportRun.id)).all()
        assert (first.new_count, again.same_count) == (4, 4)
        refused = db.session.scalars(
            sa.select(ImportRow.line).where(
                ImportRow.run_id == first.id, ImportRow.verdict == "refused"
            )
        ).all()
        assert refused == [4]
        done, call, coming, _first = db.session.scalars(sa.select(Activity).order_by(Activity.id))
        assert (done.kind, done.deal_id, done.by_id) == ("visit", deal, company.rep)
        assert (done.result, done.planned, call.kind, coming.planned) == (
            "forward", False, "phone", True,
        )  # fmt: skip
        run = first.id
        moved = db.session.get_one(Deal, deal)
        assert (moved.last_activity_on, moved.next_step) == (date(2025, 4, 1), "見積を直す")
    told = api(company.rep).get(f"/accounts/{at}/timeline").json["items"]
    assert "見積を説明" in str(told) and "deal.changed" in str(told)
    assert len(admin.get("/activities?attribute=weather:雨").json["items"]) == 1
    assert len(admin.get("/search?q=折り返しを約束").json["items"]) == 1
    with app.app_context():
        start_undo(db.session.get_one(ImportRun, run), company.manager)
        db.session.commit()
        drain("heavy")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 0
        back = db.session.get_one(Deal, deal)
        assert (back.last_activity_on, back.next_step) == (None, "")
