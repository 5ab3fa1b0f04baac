"""Custom fields come in with files, go out with lists, and come back as they were."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.attributes.models import TRAITS
from crm.extensions import db
from crm.outbox.drain import drain
from crm.sheets.tables import open_table
from crm.transfers.custom import asked
from crm.transfers.drafting import as_mapping, first_draft
from crm.transfers.foreground import import_file
from crm.transfers.kinds.table import KINDS
from crm.transfers.profiles import profiles
from crm.transfers.run_actions import start_undo
from crm.transfers.run_models import ImportRow, ImportRun
from tests.records import a_product

HEAD = "id,name,要求納期区分,budget,attributes.audited\n"


def _file(folder: Path, rows: str, name: str = "new.csv", head: str = HEAD) -> Path:
    path = folder / name
    path.write_text(head + rows, encoding="utf-8")
    return path


def _held() -> dict[str, object]:
    rows = db.session.execute(sa.select(Account.name, Account.attributes).order_by(Account.id))
    return {row.name: row.attributes for row in rows}


def _traits() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(TRAITS["account"])) or 0


def test_columns_called_like_custom_fields_are_read_by_their_kind_and_taken_back(
    app, api, company, fields, tmp_path
):
    with app.app_context():
        path = _file(tmp_path, (
            "1,青木製作所,特急,￥1，200，000,令和8年4月1日\n2,伊藤工業,ＴＯＫＫＹＵ,100,2026-01-01\n"
            "3,上田商会,,12万円,2026/13/1\n4,江口精機,標準,,\n"
        ))  # fmt: skip
        tried = import_file("accounts", path, trial=True)
        done = import_file("accounts", path)
        assert (tried.new, done.new) == (2, 2)
        refused = [(one.line, one.reason.split(":")[0]) for one in done.refused]
        assert refused == [(3, "attributes.delivery"), (4, "attributes.audited")]
        first = {"delivery": "特急", "budget": 1_200_000, "audited": "2026-04-01"}
        assert _held() == {"青木製作所": first, "江口精機": {"delivery": "標準"}}
        assert import_file("accounts", path).same == 2
        db.session.commit()
        manager = api(company.manager)
        aoki = manager.get("/accounts?attribute=budget:>=1000000").json["items"][0]
        assert aoki["name"] == "青木製作所"
        manager.patch(f"/accounts/{aoki['id']}", {"attributes": {"audited": "2026-05-05"}}, 1)
        again = "1,青木製作所,短納期,1200000,令和8年4月1日\n4,江口精機,標準,9,2026/1/2\n"
        more = import_file("accounts", _file(tmp_path, again, "more.csv"))
        assert (more.changed, more.conflict, more.refused) == (2, 0, [])
        assert _held()["青木製作所"] == first | {"delivery": "短納期", "audited": "2026-05-05"}
        shown = db.session.scalars(
            sa.select(ImportRow.changes)
            .where(ImportRow.verdict == "changed")
            .order_by(ImportRow.line)
        ).all()
        assert shown[0] == {"attributes.delivery": ["特急", "短納期"]}
        clash = "1,青木製作所,短納期,1200000,2026/9/9\n"
        assert import_file("accounts", _file(tmp_path, clash, "clash.csv")).conflict == 1
        run = db.session.get_one(ImportRun, more.run_id)
        start_undo(run, company.manager)
        db.session.commit()
        drain("heavy")
        db.session.expire_all()
        assert _held()["江口精機"] == {"delivery": "標準"}
        assert _traits() == 4


def test_a_list_goes_out_with_its_custom_fields_and_comes_back_unchanged(
    app, api, company, fields, account, tmp_path
):
    one = account("株式会社青木", delivery="特急", budget=5, audited="2026-04-01")
    account("有限会社伊藤", delivery="標準")
    delivery = f"/attributes/{fields['account', 'delivery']}"
    offered = {"choices": ["短納期", "特急"]}  # and 標準 no more
    assert api(company.admin).patch(delivery, offered, 1).status_code == 200
    api(company.rep).post("/deals", {
        "title": "更新", "account_id": one["id"], "next_step": "訪問", "next_step_on": "2026-12-01",
        "expected_close_on": "2026-12-31",
        "attributes": {"rival": "乙社", "rival_price": 900_000, "partner": one["id"]},
    })  # fmt: skip
    manager = api(company.manager)
    for kind, changes in (("accounts", ("要求納期区分", "特急", "短納期")),
                          ("deals", ("競合メーカー", "乙社", "丙社"))):  # fmt: skip
        content = manager.get(f"/{kind}.csv?names=words").data
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(content)
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        column, before, after = changes
        assert before in [row[column] for row in rows]
        with app.app_context():
            outcome = import_file(kind, path)
            assert (outcome.same, outcome.refused) == (len(rows), [])
            path.write_text(content.decode("utf-8-sig").replace(before, after), "utf-8")
            outcome = import_file(kind, path)
            assert (outcome.changed, outcome.same) == (1, len(rows) - 1)
    filtered = manager.get("/accounts.csv?attribute=delivery:短納期&columns=shown").data.decode()
    assert filtered.count("\n") == 2 and "株式会社青木" in filtered
    plain = manager.get("/deals.csv").data.decode("utf-8-sig")
    assert f"丙社,900000,{one['id']}" in plain
    assert manager.get("/accounts.csv?attribute=nothing:1").status_code == 422


def test_a_strange_file_is_guessed_to_hold_custom_fields_and_families_keep_their_own(
    app, api, company, fields, tmp_path
):
    with app.test_request_context():
        kind = asked(KINDS["accounts"])
        path = _file(
            tmp_path,
            "青木;短納期;31/01/2026;1.200.000\n伊藤;特急;28/02/2026;99\n",
            head="社名;Delivery class;監査日;年間予算\n",
        )
        table = open_table(path)
        rows = list(table.rows())
        draft = first_draft(kind, profiles(table.header, rows), True, rows)
        lines = [(one.field, one.read) for one in draft.lines[1:]]
        assert lines == [
            ("attributes.delivery", "line"), ("attributes.audited", "day_first"),
            ("attributes.budget", "yen_comma"),
        ]  # fmt: skip
        assert draft.lines[1].words == {"短納期": "短納期", "特急": "特急"}
        mapping = as_mapping(kind, draft, table.header, headless=False)
    admin = api(company.admin)
    sent = {"kind": "accounts", "mapping": json.dumps(mapping), "file": (path.open("rb"), "a.csv")}
    headers = {"Authorization": f"Bearer {admin.token}"}
    assert admin.client.post("/api/v1/imports", data=sent, headers=headers).status_code == 202
    said = {"record": "unit", "key": "detector", "label_ja": "検出器", "label_en": "Detector"}
    assert admin.post("/attributes", said | {"category": "クロマト"}).status_code == 201
    with app.app_context():
        drain("heavy")
        first = {"delivery": "短納期", "audited": "2026-01-31", "budget": 1_200_000}
        assert _held()["青木"] == first
        a_product("LX-1", category="クロマト")
        a_product("PW-1", category="純水")
        head = "id,account,product,serial_no,検出器\n"
        units = "1,青木,LX-1,A,UV\n2,青木,PW-1,B,\n3,青木,PW-1,C,UV\n"
        done = import_file("units", _file(tmp_path, units, "units.csv", head))
        assert done.new == 2
        assert [one.reason.split(":")[0] for one in done.refused] == ["attributes.detector"]
    found = admin.get("/units?attribute=detector:uv").json["items"]
    assert [one["serial_no"] for one in found] == ["A"]


def test_what_has_to_be_filled_in_is_asked_of_files_that_have_no_column_for_it(
    app, api, sign_in, company, fields, account, tmp_path
):
    place = f"/attributes/{fields['account', 'delivery']}"
    assert api(company.admin).patch(place, {"required": True}, 1).status_code == 200
    account("株式会社青木", delivery="特急")
    rows = "id,name\n1,株式会社青木\n2,株式会社伊藤\n"
    browser = sign_in(company.manager)
    sent = {"kind": "accounts", "file": (io.BytesIO(rows.encode()), "plain.csv")}
    address = browser.post("/imports/new", data=sent, content_type="multipart/form-data").location
    page = browser.get(address).text
    assert "要求納期区分 *" in page and "値を指定しないと" in page
    name = "fixed-attributes.delivery"
    form = {"field-0": "", "field-1": "name", "was-1": "name", "key": "0", "begin": "1"}
    wrong = browser.post(address, data=form | {name: "来世紀"})
    assert wrong.status_code == 422 and f'id="why-{name}"' in wrong.text
    assert browser.post(address, data=form | {name: "標準"}).status_code == 303
    with app.app_context():
        run = db.session.scalars(sa.select(ImportRun)).one()
        assert run.mapping["fields"]["attributes.delivery"] == {"value": "標準"}
        plain = import_file("accounts", _file(tmp_path, "7,株式会社江口\n", head="id,name\n"))
        assert (plain.new, len(plain.refused)) == (0, 1)
        assert "要求納期区分" in plain.refused[0].reason
        again = import_file("accounts", _file(tmp_path, "8,小川,標準\n", head="id,name,delivery\n"))
        more = import_file("accounts", _file(tmp_path, "8,小川工業\n", head="id,name\n"))
        assert (again.new, more.changed, more.refused) == (1, 1, [])
