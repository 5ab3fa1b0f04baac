"""Cards of a telephone come in, contacts and plans go out."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest

from crm.accounts.actions import add_contact
from crm.accounts.models import Account, Contact
from crm.accounts.schemas import ContactSchema
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.sheets.refusals import Refusal
from crm.text.vcard_reading import read_cards
from crm.transfers.foreground import import_file
from tests.records import a_contact, a_deal, a_product, a_unit, an_account, an_activity, keep

CARDS = """BEGIN:VCARD
VERSION:3.0
N:山本;花子;;;
X-PHONETIC-LAST-NAME:やまもと
ORG:山田製作所（株）;購買部
TITLE:課長
EMAIL:hanako@yamada.example
TEL;TYPE=CELL:090-5555-0101
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:新井 誠
ORG:有限会社新井樹脂
ADR;TYPE=WORK:;;三浦1-1;三浦市;神奈川県;238-0101;
TEL;TYPE=WORK:046-555-0190
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:鈴木;恵子;;;
ORG:ヤマダ
EMAIL:k.suzuki@yamada.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:中野;光;;;
ORG:ヤマダ精機部
EMAIL:nakano@yamada.example
END:VCARD
"""


def _form(page: str) -> dict[str, str]:
    """What the preview would send as it stands."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for name, rest in re.findall(
        r'<select class="in" id="[^"]+" name="([^"]+)">(.*?)</select>', page
    ):
        found[name] = re.search(r'value="(\d*)"', rest)[1]
    ticked = re.findall(r'name="(take-\d+)" value="1" checked', page)
    return found | dict.fromkeys(ticked, "1")


def test_cards_are_looked_at_before_anything_is_taken(app, company, sign_in):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        an_account(None, None, name="別会社", name_key="別会社", phone_e164="+81465550190")
        fields = {"account_id": account, "family_name": "鈴木", "email": "k.suzuki@yamada.example"}
        add_contact(ContactSchema().load(fields), company.rep)
        db.session.commit()
    browser = sign_in(company.rep)
    preview = browser.post(
        "/contacts/cards", data={"file": (io.BytesIO(CARDS.encode("cp932")), "cards.vcf")}
    )
    assert preview.status_code == 200
    assert "新しい顧客として登録：有限会社新井樹脂" in preview.text
    assert "登録済みの可能性" in preview.text
    with app.app_context():
        assert db.session.query(Contact).count() == 1
    form = _form(preview.text)
    assert [name for name in form if name.startswith("take")] == ["take-0", "take-1", "take-3"]
    assert form["account_id-0"] == str(account)
    assert (form["account_id-1"], "別会社　（電話番号が同じ）" in preview.text) == ("", True)
    wrong = browser.post("/contacts/cards/taken", data=form | {"email-0": "no mail"})
    assert wrong.status_code == 422
    assert browser.post("/contacts/cards/taken", data=form).status_code == 303
    browser.post("/contacts/cards/taken", data=form)
    with app.app_context():
        people = {one.family_name: one for one in db.session.query(Contact)}
        assert people.keys() == {"鈴木", "山本", "新井", "中野"}
        hanako = people["山本"]
        assert (hanako.account_id, hanako.family_name_kana) == (account, "ヤマモト")
        assert (hanako.department, hanako.phones[0].e164) == ("購買部", "+819055550101")
        assert people["中野"].account_id == account
        made = db.session.get_one(Account, people["新井"].account_id)
        assert (made.name, made.postal_code) == ("有限会社新井樹脂", "238-0101")
        assert made.address == "神奈川県三浦市三浦1-1"
    none = browser.post("/contacts/cards", data={"file": (io.BytesIO(b"%PDF"), "a.vcf")})
    assert none.status_code == 422
    assert "連絡先カード（.vcf）がありません" in none.text


def test_a_contact_an_account_and_what_is_planned_go_to_a_telephone(app, company, sign_in, api):
    with app.app_context():
        account = an_account(
            company.rep, company.first_team, address="横浜市", phone="045-555-0118"
        )
        contact = a_contact(account, family_name_kana="スズキ", title="部長", email="k@y.example")
        visit = an_activity(account, company.rep, company.first_team, planned=True,
                            kind="visit", at=datetime(2026, 11, 30, 1, 0, tzinfo=UTC))  # fmt: skip
        deal = a_deal(account, company.rep, company.first_team, next_step="見積提出",
                      next_step_on=date(2026, 12, 1), next_step_time="13:30")  # fmt: skip
        bare = a_deal(account, company.rep, company.first_team)
        work = keep(WorkOrder(unit_id=a_unit(account, a_product()), account_id=account,
                              kind="inspection", opened_on=date(2026, 11, 1),
                              planned_on=date(2026, 12, 2)))  # fmt: skip
    browser, program = sign_in(company.clerk), api(company.clerk)
    file = browser.get(f"/contacts/{contact}.vcf")
    assert file.headers["Content-Type"].startswith("text/vcard")
    (card,) = read_cards(file.data)
    assert (card.name, card.family_name_kana, card.title) == ("鈴木 恵子", "スズキ", "部長")
    assert card.organisation == "株式会社山田製作所"
    assert program.get(f"/contacts/{contact}.vcf").data == file.data
    (company_card,) = read_cards(browser.get(f"/accounts/{account}.vcf").data)
    assert company_card.phones == [("045-555-0118", "work")]
    entry = browser.get(f"/activities/{visit}.ics").data.decode()
    assert "DTSTART:20261130T010000Z\r\nDTEND:20261130T020000Z" in entry
    assert "LOCATION:横浜市" in entry
    step = browser.get(f"/deals/{deal}/next-step.ics").data.decode()
    assert "DTSTART:20261201T043000Z" in step
    assert "SUMMARY:見積提出 株式会社山田製作所" in step
    assert browser.get(f"/deals/{bare}/next-step.ics").status_code == 404
    assert "DTSTART;VALUE=DATE:20261202" in program.get(f"/work-orders/{work}.ics").data.decode()
    assert f"/contacts/{contact}.vcf" in browser.get(f"/contacts/{contact}").text
    assert f"/work-orders/{work}.ics" in browser.get(f"/work-orders/{work}").text
    assert f"/deals/{deal}/next-step.ics" in browser.get(f"/deals/{deal}").text


WHOLE = """会社名,部署名,役職,氏名,e-mail,郵便番号,住所,TEL会社,TEL直通,\
Fax,携帯電話,名刺交換日
山田製作所,購買部,,山本 花子,h@yamada.example,230-0053,横浜市,045-555-0118,\
045-555-0120,,090-5555-0101,2026/11/20
有限会社新井樹脂,,代表取締役,新井　誠,,238-0101,三浦市1-1,046-555-0190,,,,2026/11/21
"""
KANA = """会社名,部署名,役職,姓,名,姓（かな）,名（かな）,e-mail,\
TEL会社,TEL直通,携帯電話,郵便番号,住所
有限会社新井樹脂,,,新井,翼,あらい,つばさ,t.arai@arai.example,046-555-0190,,,238-0101,三浦市1-1
"""


TELEPHONE = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:能登;表;;;\r\nSOUND;X-IRMC-N:ﾉﾄ;ﾋｮｳ;;;\r\n"
    "ORG:有限会社新井樹脂;製造部\r\nTITLE:係長\r\nTEL;CELL:09055550188\r\n"
    "TEL;WORK;VOICE:0465550190\r\nTEL;WORK;FAX:0465550191\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:会社なし;;;;\r\nEND:VCARD\r\n"
).encode("cp932")


def test_the_files_of_business_card_programs_need_no_mapping(app, company, sign_in, tmp_path):
    browser = sign_in(company.manager)
    for name, content in (("kana.csv", KANA.encode()), ("telephone.vcf", TELEPHONE)):
        given = {"kind": "contacts", "file": (io.BytesIO(content), name)}
        sent = browser.post("/imports/new", data=given)
        page = browser.get(sent.location)
        assert page.status_code == 200 and "有限会社新井樹脂" in page.text, name
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        whole, kana = tmp_path / "cards.csv", tmp_path / "kana.csv"
        whole.write_text(WHOLE, "cp932")
        kana.write_text(KANA, "utf-8-sig")
        found = import_file("contacts", whole)
        assert (found.mapping, found.new, found.refused) == ("business_cards_whole", 2, [])
        found = import_file("contacts", kana)
        assert (found.mapping, found.new, found.refused) == ("business_cards_kana", 1, [])
        assert import_file("contacts", whole).same == 2
        telephone = tmp_path / "telephone.vcf"
        telephone.write_bytes(TELEPHONE)
        found = import_file("contacts", telephone)
        assert (found.mapping, found.new) == ("business_cards_kana", 1)
        assert [one.line for one in found.refused] == [3]
        assert import_file("contacts", telephone).same == 1
        telephone.write_bytes(b"BEGIN:VCARD\r\nEND:VCARD\r\n")
        with pytest.raises(Refusal, match="telephone"):
            import_file("contacts", telephone)
        people = {one.name: one for one in db.session.query(Contact)}
        hanako, makoto, tsubasa = (people[name] for name in ("山本 花子", "新井 誠", "新井 翼"))
        assert hanako.account_id == account
        assert [one.number for one in hanako.phones] == [
            "045-555-0118", "090-5555-0101", "045-555-0120",
        ]  # fmt: skip
        assert (hanako.met_on, tsubasa.met_on) == (date(2026, 11, 20), None)
        assert makoto.account_id == tsubasa.account_id != account
        assert tsubasa.family_name_kana == "アライ"
        noto = people["能登 表"]
        assert (noto.account_id, noto.title, noto.given_name_kana) == (
            tsubasa.account_id, "係長", "ヒョウ",
        )  # fmt: skip
        assert [one.number for one in noto.phones] == ["0465550190", "09055550188"]
        assert db.session.get_one(Account, makoto.account_id).postal_code == "238-0101"
