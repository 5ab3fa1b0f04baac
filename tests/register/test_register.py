"""A change in the corporate register becomes a proposal, and a proposal a change of the account."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.alerts.models import Alert
from crm.clock import now, today
from crm.extensions import db
from crm.register import queries
from crm.register.models import RegisterFile, RegisterProposal
from crm.register.taking import take
from tests.records import a_contract, a_product, a_unit
from tests.register.conftest import NUMBERS, file_of, row

MERGED = "令和３年７月１日東京都港区芝９丁目９番９号港製作所株式会社（4011001098993）に合併し解散"
DAY = (
    row("山田", "11", name="株式会社ヤマダ精機", furigana="ヤマダセイキ",
        enName="Yamada Seiki Co., Ltd."),
    row("山田", "12", "2021-07-02"),
    row("山田", "21", "2021-07-03", closeDate="2021-07-03", closeCause="11",
        successorCorporateNumber=NUMBERS["港"], changeCause=MERGED),
    row("港", "12", name="港製作所株式会社", streetNumber="芝９丁目９番９号"),
    row("港", "11", correct="1", name="港別名株式会社"),
    row("他", "01", name="森製作所株式会社"),
    row("6010801000811", "21", closeCause="01"),
)  # fmt: skip


def test_a_day_is_told_in_the_words_of_our_accounts_once(accounts, read, proposed):
    told = read(*DAY)
    assert told.status_code == 201, told.text
    found = {"rows": 7, "corrections": 1, "ours": 6, "new": 4, "wrong": 0}
    assert {name: told.json[name] for name in found} == found
    assert told.json["told"] == {
        "renamed": 1, "moved": 2, "absorbed": 1, "created": 1, "closed": 1,
    }  # fmt: skip
    first = proposed()
    yamada, minato, mori = accounts["山田"], accounts["港"], accounts["森"]
    assert [one[:3] for one in first] == [
        (yamada, "renamed", "open"), (yamada, "moved", "open"), (yamada, "absorbed", "open"),
        (minato, "moved", "settled"), (mori, "numbered", "open"),
    ]  # fmt: skip
    after = {one[1]: one[3] for one in first if one[2] == "open"}
    assert after["renamed"]["name_en"] == "Yamada Seiki Co., Ltd."
    assert after["moved"] == {
        "address": "東京都港区芝１丁目２番３号", "postal_code": "105-0014",
        "prefecture_code": "13", "city_code": "103",
    }  # fmt: skip
    assert after["absorbed"]["successor_number"] == NUMBERS["港"]
    assert after["numbered"]["corporate_number"] == NUMBERS["他"]
    with_header = "連番,x" + "," * 28 + "\r\n" + "\r\n".join(DAY)
    again = read(name="again.csv", data=with_header.encode("cp932"))
    assert (again.json["encoding"], again.json["new"]) == ("cp932", 0), again.text
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("diff.csv", file_of(*DAY))
        packed.writestr("diff.csv.asc", "signature")
    packed_twice = read(name="diff.zip", data=archive.getvalue())
    assert (packed_twice.json["id"], packed_twice.json["new"]) == (told.json["id"], 0)
    assert proposed() == first


def test_a_correction_raises_nothing_but_brings_an_open_proposal_up_to_date(
    accounts, api, company, read, proposed
):
    new_name = row("山田", "11", name="株式会社ヤマタ")
    corrected = row("山田", "11", correct="1", name="株式会社ヤマダ", updateDate="2021-07-15")
    assert read(corrected, name="c.csv").json["new"] == 0
    assert proposed() == []
    read(new_name)
    assert read(corrected, name="c.csv").json["updated"] == 1
    [(_account, _kind, state, after)] = proposed()
    assert (state, after["name"]) == ("open", "株式会社ヤマダ")
    old = row("山田", "11", "2015-10-05", correct="1", name="株式会社旧", updateDate="2021-07-16")
    assert read(old, corrected, name="d.csv").json["updated"] == 0
    manager = api(company.manager)
    key = manager.get("/register-proposals?state=open").json["items"][0]["id"]
    manager.post(f"/register-proposals/{key}/rejection", {})
    late = row("山田", "11", correct="1", name="株式会社ヤマダイ", updateDate="2021-07-20")
    assert read(late, name="e.csv").json["updated"] == 0


def test_whatever_order_the_files_come_in_the_newest_word_stands(app, accounts, proposed, tmp_path):
    days = (
        (row("山田", "12", "2021-07-05", streetNumber="芝５丁目"),
         row("山田", "21", "2021-07-05", closeCause="01")),
        (row("山田", "12", "2021-07-01"), row("山田", "11", "2021-06-01", name="株式会社い")),
        (row("山田", "22", "2021-07-09", updateDate="2021-07-16"),
         row("山田", "11", "2021-07-02", name="山田製作所株式会社", updateDate="2021-07-16")),
    )  # fmt: skip
    seen = set()
    for order in permutations(range(3)):
        with app.app_context():
            for number in (*order, *order):
                path = tmp_path / f"{number}.csv"
                path.write_bytes(file_of(*days[number]))
                list(take(path, None))
            db.session.commit()
        standing = [(one[1], one[3].get("address")) for one in proposed("open")]
        seen.add(tuple(standing))
        with app.app_context():
            for model in (RegisterProposal, RegisterFile):
                db.session.execute(sa.delete(model))
            db.session.commit()
    assert seen == {(("moved", "東京都港区芝５丁目"),)}


def test_what_is_accepted_stands_on_the_account_and_its_rep_hears_of_it(
    app, accounts, api, company, read, proposed, sign_in, work
):
    read(*DAY)
    manager, yamada = api(company.manager), accounts["山田"]
    open_ = manager.get(f"/register-proposals?state=open&account_id={yamada}").json["items"]
    for one in open_:
        for _again in range(2):
            done = manager.post(f"/register-proposals/{one['id']}/acceptance", {})
            assert (done.status_code, done.json["state"]) == (201, "accepted"), done.text
    no = manager.post(f"/register-proposals/{open_[0]['id']}/rejection", {})
    assert no.status_code == 409
    shown = manager.get(f"/accounts/{yamada}").json
    wanted = {
        "name": "株式会社ヤマダ精機", "name_kana": "ヤマダセイキ",
        "address": "東京都港区芝１丁目２番３号",
        "name_en": "Yamada Seiki Co., Ltd.", "closed_on": "2021-07-03", "closed_cause": "11",
        "successor_number": NUMBERS["港"], "postal_code": "105-0014",
    }  # fmt: skip
    assert {name: shown[name] for name in wanted} == wanted
    for words in ("山田製作所", "Yamada Seiki"):
        hits = api(company.rep).get(f"/search?q={words}").json["items"]
        assert yamada in [one["id"] for one in hits if one["type"] == "account"], words
    lines = [one["text"] for one in manager.get(f"/accounts/{yamada}/timeline").json["items"]]
    assert lines[2].startswith("商号変更：山田製作所株式会社 → 株式会社ヤマダ精機")
    assert lines[0].startswith("港製作所株式会社 に吸収合併")
    browser = sign_in(company.rep)
    page = browser.get(f"/accounts/{yamada}").text
    assert "閉鎖" in page
    panel = browser.get(f"/register/panel?account_id={yamada}").text
    assert "山田製作所株式会社" in panel
    assert f"/accounts/{accounts['港']}" in panel
    work()
    with app.app_context():
        told = db.session.execute(
            sa.select(Alert.owner_id, Alert.reason).where(Alert.rule == "R28").order_by(Alert.id)
        ).all()
    assert [one.owner_id for one in told] == [company.rep] * 3
    assert "ヤマダ精機" in told[0].reason["ja"]
    assert "absorbed by 港製作所株式会社" in told[2].reason["en"]
    read(row("山田", "22", "2021-08-01"), name="later.csv")
    [(_account, kind, _state, _after)] = proposed("open")[:1]
    assert kind == "restored"
    key = manager.get("/register-proposals?kind=restored").json["items"][0]["id"]
    manager.post(f"/register-proposals/{key}/acceptance", {})
    assert manager.get(f"/accounts/{yamada}").json["closed_on"] is None


def test_a_manager_works_the_page_off_and_what_she_rejects_stays_away(
    app, accounts, company, read, proposed, sign_in, statements
):
    read(*DAY)
    browser = sign_in(company.manager)
    statements.clear()
    page = browser.get("/register").text
    assert len(statements) <= 12, statements
    for words in (
        "山田製作所株式会社",
        "株式会社ヤマダ精機",
        "乾燥炉の更新",
        "PW-7",
        "吸収合併",
        "芝１丁目",
    ):
        assert words in page
    with app.app_context():
        rows = db.session.execute(
            sa.select(RegisterProposal.kind, RegisterProposal.id).order_by(RegisterProposal.id)
        )
        keys = dict(map(tuple, rows))
    moved = browser.post(f"/register/proposals/{keys['moved']}/acceptance")
    assert (moved.status_code, moved.location) == (303, "/register")
    assert browser.post(f"/register/proposals/{keys['absorbed']}/rejection").status_code == 303
    with app.app_context():
        db.session.add(Account(name="先客", corporate_number=NUMBERS["他"]))
        db.session.commit()
    done = browser.post("/register/acceptances", data={"upto": max(keys.values())})
    assert done.status_code == 303
    states = {one[1]: one[2] for one in proposed() if one[1] != "settled"}
    assert states["absorbed"] == "rejected"
    assert states["renamed"] == "accepted"
    assert states["numbered"] == "open"
    assert "先客" in browser.get("/register").text
    again = row("山田", "21", "2021-07-04", closeCause="11", changeCause=MERGED,
                successorCorporateNumber=NUMBERS["港"])  # fmt: skip
    sent = {"file": (io.BytesIO(file_of(again)), "diff_20210715.csv")}
    assert browser.post("/register/files", data=sent).status_code == 303
    assert {one[1]: one[2] for one in proposed()}["absorbed"] == "rejected"
    rep = sign_in(company.rep)
    assert rep.get("/register").status_code == 403
    assert rep.post("/register/files", data={}).status_code == 403


BOMB = io.BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as _packed:
    _packed.writestr("diff.csv", b"0" * 3_000_000)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"1,2\n3,4\n", "2列"), (b" \n", "空"), (b"%PDF-1.7 ...", "PDF"), (b"1,2\x003,4\n", "NUL"),
        (BOMB.getvalue(), "大きすぎ"), (b"PK\x03\x04 broken", "壊れた"),
        ("表,裏\n".encode("cp932"), "2列"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_the_register_is_refused_in_words(read, company, app, data, words):
    answer = read(name="x.csv", data=data)
    assert answer.status_code == 422
    assert words in answer.json["errors"]["content"][0]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RegisterFile)) == 0


def test_a_merger_leads_on_to_the_merge_of_the_two_accounts(accounts, api, company, read, sign_in):
    read(DAY[2])
    manager, yamada, minato = api(company.manager), accounts["山田"], accounts["港"]
    [one] = manager.get("/register-proposals?kind=absorbed").json["items"]
    assert one["successor_id"] == minato
    browser = sign_in(company.manager)
    accepted = browser.post(f"/register/proposals/{one['id']}/acceptance")
    assert accepted.location == f"/accounts/{minato}/merge?with={yamada}"
    assert "山田製作所株式会社" in browser.get(accepted.location).text
    assert accepted.location in browser.get(f"/register/panel?account_id={yamada}").text
    assert browser.post(f"/accounts/{minato}/merge", data={"lost_id": yamada}).status_code == 303
    assert manager.get(f"/accounts/{yamada}").status_code == 404
    heir = manager.get(f"/accounts/{minato}").json
    assert (heir["closed_on"], heir["corporate_number"]) == (None, NUMBERS["港"])
    assert [deal["title"] for deal in manager.get(f"/deals?account_id={minato}").json["items"]] == [
        "乾燥炉の更新"
    ]
    assert "/merge?with=" not in browser.get("/register?state=accepted").text


def test_a_merger_that_is_void_gives_the_company_back(accounts, api, company, read, proposed):
    read(DAY[2])
    manager, yamada = api(company.manager), accounts["山田"]
    [one] = manager.get("/register-proposals?kind=absorbed").json["items"]
    assert manager.post(f"/register-proposals/{one['id']}/acceptance", {}).status_code == 201
    assert manager.get(f"/accounts/{yamada}").json["closed_on"] == "2021-07-03"
    words = f"令和３年８月１日山田製作所株式会社（{NUMBERS['山田']}）の合併無効"
    void = row("港", "72", "2021-08-01", name="港製作所株式会社", changeCause=words)
    assert read(void, name="void.csv").json["told"] == {"unmerged": 1}
    [back] = manager.get("/register-proposals?kind=restored&state=open").json["items"]
    assert (back["account_id"], back["said"]) == (yamada, words)
    again = row("山田", "22", "2021-08-01", name="山田製作所株式会社")
    assert read(again, void, name="both.csv").json["new"] == 0
    assert manager.post(f"/register-proposals/{back['id']}/acceptance", {}).status_code == 201
    assert manager.get(f"/accounts/{yamada}").json["closed_on"] is None


def test_a_contract_is_in_force_until_the_companys_day_is_over(app, accounts, monkeypatch):
    elsewhere = "Etc/GMT+12" if now().hour < 12 else "Pacific/Kiritimati"
    monkeypatch.setitem(app.config, "ZONE", ZoneInfo(elsewhere))  # another day than in UTC
    with app.app_context():
        at, yesterday = accounts["港"], today() - timedelta(days=1)
        unit = a_unit(at, a_product(code="X-1"), "PW-8")
        a_contract(at, [unit], yesterday - timedelta(days=300), yesterday, "昨日")
        a_contract(at, [unit], today() - timedelta(days=300), today(), "今日")
        hanging = queries.hanging([at])["contracts"][at]
        assert [name[-2:] for _key, name in hanging.named] == ["今日"]
