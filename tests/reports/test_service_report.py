"""作業報告書: asked for, built as a job, and read back from its PDF."""

from __future__ import annotations

import base64
import io
import re
import subprocess
from pathlib import Path

import pytest
from flask_babel import force_locale
from PIL import Image

from crm.accounts.models import Account
from crm.clock import now, start_of, today
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.outbox.drain import drain
from crm.readings.models import Meter
from crm.reports import press, service_report, service_report_paper
from crm.reports.notation import Notation
from crm.reports.service_report_models import ServiceReport
from crm.service.models import WorkCompanion
from crm.service.onsite_report import content_of, fingerprint
from crm.service.signature_actions import sign, signatures_of
from crm.staff.models import Staff
from crm.support.models import Ticket
from tests.service.onsite_records import a_customer, a_job, finished

pytestmark = pytest.mark.once

RIGHT_MARGIN = 195 / 25.4 * 72
"""Points from the left: 15 mm of the sheet stay white."""
BOTTOM_MARGIN = 287 / 25.4 * 72
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<')
STROKES = [[[100, 100], [300, 220], [520, 90], [640, 300]]]


class Paper:
    """A PDF with what poppler sees in it."""

    def __init__(self, pdf: bytes, directory: Path) -> None:
        self.path = directory / f"{len(list(directory.iterdir()))}.pdf"
        self.path.write_bytes(pdf)
        self.pages = self._said("pdftotext", "-layout", str(self.path), "-").split("\f")[:-1]
        self.text = re.sub(r"\s+", " ", " ".join(self.pages))
        self.fonts = {
            line.split()[0].partition("+")[2]
            for line in self._said("pdffonts", str(self.path)).splitlines()[2:]
        }
        boxes = self._said("pdftotext", "-bbox", str(self.path), "-").split("<page ")[1:]
        self.words = [
            (page, *(float(one) for one in found[:4]), found[4])
            for page, part in enumerate(boxes)
            for found in WORD.findall(part)
        ]

    @staticmethod
    def _said(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def ink(self, page: int, left: int, top: int, right: int, bottom: int) -> int:
        """Dark dots within a box of millimetres of a page."""
        wide, high = right - left, bottom - top
        box = [str(one * 4) for one in (left, top, wide, high)]
        said = subprocess.run(
            ["pdftoppm", "-r", "101.6", "-gray", "-f", str(page), "-l", str(page), "-x", box[0],
             "-y", box[1], "-W", box[2], "-H", box[3], str(self.path)],
            check=True, capture_output=True,
        ).stdout  # fmt: skip
        return sum(1 for dot in said[-wide * high * 16 :] if dot < 100)

    def place(self, text: str) -> tuple[int, float, float]:
        """The page of a word and where it begins, in millimetres."""
        page, left, top, *_rest = next(one for one in self.words if one[5].startswith(text))
        return page, left / 72 * 25.4, top / 72 * 25.4


@pytest.fixture
def job(app, company):
    with app.app_context():
        made = a_job(company, a_customer(company))
        finished(made)
        db.session.add(WorkCompanion(work_order_id=made, staff_id=company.clerk))
        db.session.commit()
    return made


@pytest.fixture
def printed(app, company, tmp_path):
    """Set the report of a work order now, without the job."""

    def make(work_id: int, language: str = "ja") -> Paper:
        with app.app_context():
            work = db.session.get_one(WorkOrder, work_id)
            content = content_of(work)
            stamp = service_report_paper.Stamp(
                "みなも計測株式会社", f"WR-{work_id}-1", "高橋 健", work.created_at,
                fingerprint(content),
            )  # fmt: skip
            signed = next(iter(signatures_of(work_id)), None)
            with force_locale(language):
                order = service_report_paper.build(content, stamp, signed, Notation(language))
        return Paper(press.run(order, lambda _done, _whole: None), tmp_path)

    return make


def test_photos_are_printed_small_with_their_words(job, api, company, printed):
    drawn = io.BytesIO()
    Image.new("RGB", (900, 700), "black").save(drawn, "PNG")
    photo = {
        "on": "work_order", "record_id": job, "name": "弁座.png", "caption": "洗浄後の弁座",
        "content": base64.b64encode(drawn.getvalue()).decode(),
    }  # fmt: skip
    assert "写真" not in printed(job).text
    made = api(company.engineer).post("/files", photo)
    assert made.status_code == 201, made.json
    paper = printed(job)
    assert "洗浄後の弁座" in paper.text
    page, x, y = paper.place("洗浄後の弁座")
    left, below = int(x), int(y)
    assert paper.ink(page + 1, left + 5, below - 25, left + 35, below - 8) > 5_000
    assert content_said(api, company, job)["photos"][0]["caption"] == "洗浄後の弁座"


def content_said(api, company, job):
    """What the API says of the report."""
    return api(company.engineer).get(f"/work-orders/{job}/report").json


def test_page_api_and_paper_say_the_same(app, company, api, job, sign_in, tmp_path):
    browser, program = sign_in(company.engineer), api(company.engineer)
    asked = {"language": "ja", "idempotency_key": "once"}
    first = browser.post(f"/work-orders/{job}/report", data=asked)
    again = browser.post(f"/work-orders/{job}/report", data=asked)
    assert first.status_code == 303
    assert first.location == again.location
    assert browser.get(f"{first.location}.pdf").status_code == 409
    assert 'hx-trigger="every 1s"' in browser.get(first.location).text
    with app.app_context():
        assert drain("heavy") == 1
    paper = Paper(browser.get(f"{first.location}.pdf").data, tmp_path)
    content = program.get(f"/work-orders/{job}/report").json
    shown = browser.get(f"/work-orders/{job}/signature").text
    bill = program.get(f"/work-orders/{job}").json["invoice_amount"]
    assert content["invoice"] == bill == 27_000 + 6_000 + 8_800
    assert f"ご請求額（税抜） {bill:,}" in paper.text
    assert f"¥{bill:,}" in shown
    assert content["sha256"] in shown
    assert f"SHA-256 {content['sha256'][:16]}" in paper.text
    report = program.get("/service-reports").json["items"][0]
    assert (report["state"], report["sha256"]) == ("done", content["sha256"])
    assert program.get(f"/service-reports/{report['id']}.pdf").data.startswith(b"%PDF")
    assert f"WR-{job}-{report['id']}" in browser.get(f"/work-orders/{job}/reports").text


def test_the_paper_says_what_was_done_in_the_order_of_the_drawing(job, printed):
    paper = printed(job)
    assert len(paper.pages) == 1
    order = (
        "作 業 報 告 書", f"作業番号 WO-{job}", "株式会社山田製作所", "川崎工場 品質保証部", "御中",
        "対象機器", "純水製造装置 PW-10", "PW3381", "朝から水が出ない", "18時間25分", "達成",
        "180日以内になし", "現象・原因・処置", "S12 水が出ない", "C07 スケール堆積",
        "A03 部品交換", "使用部品",
        "WV-4600", "EV26-0", "作業時間と費用", "1.75 時間",
        "往復 38 km",
        "作業後の確認",
        "お客様へのお知らせ", "上記の作業内容を確認しました",
    )  # fmt: skip
    for told in order:
        assert told in paper.text, told
    assert "様" not in paper.text.split("受付")[0]
    assert "同行 中村 由佳" in paper.text
    assert "1 / 1 ページ" in paper.text
    assert paper.fonts == {"Engawa-Sans", "Engawa-Sans-Bold"}
    heads = ["作", "対象機器", "現象", "使用部品", "お客様へのお知らせ"]
    tops = [paper.place(word)[2] for word in heads]
    assert tops == sorted(tops)
    assert [word for word in paper.words if word[3] > RIGHT_MARGIN + 0.5] == []


def test_a_signature_is_drawn_in_the_box_and_a_later_change_is_said(app, company, job, printed):
    def ink(paper: Paper) -> int:
        _page, left, top = paper.place("上記の作業内容を確認しました")
        return paper.ink(1, int(left) + 14, int(top) + 5, int(left) + 58, int(top) + 17)

    before = printed(job)
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        content = {"name": "山田 花子", "strokes": STROKES, "sha256": fingerprint(content_of(work))}
        sign(work, content, company.engineer)
        db.session.commit()
    after = printed(job)
    assert ink(before) < 5
    assert ink(after) > 50
    assert "山田 花子 様" in after.text
    assert "この署名のあとに" not in after.text
    with app.app_context():
        db.session.get_one(WorkOrder, job).labour_minutes = 240
        db.session.commit()
    assert "この署名のあとに内容が変わりました" in printed(job).text


def test_sixty_parts_and_long_words_run_on_over_pages(app, company, printed):
    with app.app_context():
        made = a_job(company, a_customer(company))
        finished(made, parts=60)
        work = db.session.get_one(WorkOrder, made)
        work.cause, work.customer_notice = "弁座のスケール。" * 400, "点検をお勧めします。" * 300
        db.session.commit()
    paper = printed(made)
    assert len(paper.pages) >= 4
    for number, page in enumerate(paper.pages, 1):
        assert f"{number} / {len(paper.pages)} ページ" in page
        assert "SHA-256" in page
    for number in range(60):
        assert f"WV-{4600 + number} " in paper.text, number
    assert paper.text.count("部品番号") == sum("WV-4" in page for page in paper.pages)
    assert [word for word in paper.words if word[3] > RIGHT_MARGIN + 0.5] == []
    assert [word for word in paper.words if word[4] > BOTTOM_MARGIN + 20] == []


def test_empty_things_are_a_dash_and_a_person_is_addressed_without_onchu(app, company, printed):
    with app.app_context():
        customer = a_customer(company)
        made = a_job(company, customer, symptom="", ticket_id=None, labour_amount=0,
                     travel_amount=0, chargeable=False)  # fmt: skip
    text = printed(made).text
    assert "対象機器" in text
    assert re.search(r"ご申告 –", text)
    assert re.search(r"停止時間 –", text)
    assert "下記のとおり作業の経過" in text
    assert "ご請求額（税抜） 0" in text


def test_an_amount_nobody_knows_yet_is_told_on_paper_as_it_was_told_before_signing(
    app, company, printed, sign_in
):
    with app.app_context():
        made = a_job(company, a_customer(company), ticket_id=None, labour_amount=0,
                     travel_amount=0, chargeable=True)  # fmt: skip
    page = sign_in(company.engineer).get(f"/work-orders/{made}/signature").text
    assert "後日ご連絡" in page
    assert "ご請求額（税抜） 後日ご連絡" in printed(made).text
    assert "to be told later" in printed(made, "en").text


def test_a_confidential_ticket_gives_its_number_alone(app, job, printed):
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        db.session.get_one(Ticket, work.ticket_id).confidential = True
        db.session.commit()
    text = printed(job).text
    assert "朝から水が出ない" not in text
    assert "#1" in text


def test_an_english_customer_reads_english(app, company, job, printed):
    with app.app_context():
        account = db.session.get_one(WorkOrder, job).account_id
        db.session.get_one(Account, account).name = "Acme Labs"
        db.session.commit()
    text = printed(job, "en").text
    for told in ("Service report", "Acme Labs", "S12 No water", "18 h 25 min", "reached",
                 "1.75 h",
                 "Amount invoiced (without tax) 41,800", "Page 1 of 1", "Signed by"):  # fmt: skip
        assert told in text, told
    assert "御中" not in text
    assert "様" not in text


def test_who_may_no_longer_sign_in_gets_no_report(app, company, job, sign_in):
    browser = sign_in(company.engineer)
    browser.post(f"/work-orders/{job}/report")
    with app.app_context():
        db.session.get_one(Staff, company.engineer).active = False
        db.session.commit()
        drain("heavy")
        report = db.session.get_one(ServiceReport, 1)
        assert (report.state, report.error) == ("failed", "rights")


def test_the_paper_says_where_it_comes_from_and_what_the_meters_said_that_day(
    app, company, job, api
):
    admin, unit = api(company.admin), api(company.engineer).get(f"/work-orders/{job}").json
    office = admin.post(
        "/offices",
        {"name": "首都圏サービスセンター", "postal_code": "221-0999", "phone": "0120-000-214",
         "address": "神奈川県横浜市神奈川区みなも町三丁目1番5号", "phone_note": "平日 8:30–18:00"},
    )  # fmt: skip
    assert office.status_code == 201, office.json
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        db.session.get_one(Staff, work.assignee_id).office_id = office.json["id"]
        db.session.commit()
        assert content_of(work)["performed_on"] == today().isoformat()
        assert "meters" not in content_of(work)
        rows = [
            {"unit_id": unit["unit_id"], "meter": "運転", "at": at.isoformat(), "value": value}
            for at, value in ((start_of(today()), "28100"), (now(), "28114"))
        ]
    with app.app_context():
        meter = Meter(unit_id=unit["unit_id"], name="運転", name_key="運転", measure="時間")
        db.session.add(meter)
        db.session.commit()
    taken = api(company.engineer).post("/readings", {"readings": rows})
    assert taken.status_code in (200, 201), taken.json
    with app.app_context():
        user = db.session.get_one(Staff, company.engineer)
        report = service_report.request_service_report(job, user, "ja")
        ready = service_report.prepare(report)
        sheet = ready.printing.sheets[0]
    text = re.sub(r"<[^>]+>|\s+", "", sheet)
    for told in ("〒221-0999　神奈川県横浜市", "受付　0120-000-214（平日8:30–18:00）",
                 "積算運転28,114時間"):  # fmt: skip
        assert told.replace("　", "") in text.replace("　", ""), told
