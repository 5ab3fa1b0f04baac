"""The report through the door: the screen, the API, the job, the PDF, and who may have them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from crm.extensions import db
from crm.outbox.drain import drain
from crm.reports import press, queries
from crm.reports.models import ReportFile, ReportJob
from crm.reports.notation import Notation
from crm.staff.models import Staff


def figures(program, query=""):
    answer = program.get(f"/reports/figures?kind=pipeline{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


def text_of(pdf: bytes, directory: Path) -> str:
    path = directory / "report.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def built(app):
    """Do what waits on the heavy lane, in this process."""

    def run():
        with app.app_context():
            return drain("heavy")

    return run


def asked(program, **more):
    return program.post("/reports", {"kind": "pipeline", **more})


def test_the_figures_are_those_of_the_deals_to_the_yen(story, api):
    found = figures(api(story.manager))
    assert found["total"]["count"] == 3
    assert found["total"]["amount"] == 6_500_000 + 3_200_500 + 4_000_000
    assert found["total"]["weighted_amount"] == 4_550_000 + 2_880_450 + 2_800_000
    assert found["before"] == {"count": 4, "amount": 5_000_000 + 2_000_000 + 900_000 + 4_000_000}
    steps = {step["kind"]: step["amount"] for step in found["bridge"]["steps"]}
    assert (steps["new"], steps["increased"]) == (3_200_500, 1_500_000)
    assert (steps["won"], steps["lost"]) == (-2_000_000, -900_000)
    assert found["from_support"] == {
        "origin": "support", "count": 1, "amount": 3_200_500, "share": 234
    }  # fmt: skip
    assert found["forecast"]["won"] == 2_000_000
    assert found["forecast"]["target"] == 9_000_000


def test_a_past_day_is_told_as_it_was_then(story, api):
    then = figures(api(story.manager), "&as_of=2026-10-31")
    assert then["total"]["count"] == 4
    assert {deal["stage"] for deal in then["deals"]} == {"proposal", "lead", "negotiation"}
    assert then["won"] == {"count": 0, "amount": 0}


def test_a_past_day_keeps_its_hash_whatever_happens_to_the_deals_later(story, app, api):
    before = figures(api(story.manager), "&as_of=2026-11-19")
    rep = api(story.rep)
    deal = before["deals"][0]["id"]
    version = rep.get(f"/deals/{deal}").json["version"]
    changed = rep.patch(f"/deals/{deal}", {"amount": 1, "next_step": "まったく別のこと"}, version)
    assert changed.status_code == 200, changed.json
    after = figures(api(story.manager), "&as_of=2026-11-19")
    assert after == before
    assert figures(api(story.manager))["sha256"] != before["sha256"]


def test_an_instant_within_a_day_counts_what_happened_before_it(story, api):
    manager = api(story.manager)
    before = figures(manager, "&as_of=2026-11-10T02:59:00%2B00:00")
    after = figures(manager, "&as_of=2026-11-10T03:01:00%2B00:00")
    assert after["total"]["amount"] - before["total"]["amount"] == 1_500_000


def test_the_screen_the_api_and_the_pdf_say_the_same(story, app, api, sign_in, built, tmp_path):
    manager = api(story.manager)
    found = figures(manager, "&as_of=2026-11-20")
    page = sign_in(story.manager).get("/reports/pipeline?as_of=2026-11-20").text
    job = asked(manager, as_of="2026-11-20")
    assert job.status_code == 202
    assert built() == 1
    pdf = manager.get(f"/reports/{job.json['id']}.pdf")
    assert pdf.mimetype == "application/pdf"
    paper = re.sub(r"\s+", " ", text_of(pdf.data, tmp_path))
    n = Notation("ja")
    for row in [*found["stages"], found["total"]]:
        for amount in (row["amount"], row["weighted_amount"]):
            if amount:
                assert n.thousands(amount) in paper
                assert n.thousands(amount) in page
    for step in found["bridge"]["steps"]:
        if step["amount"]:
            assert n.change(step["amount"]) in paper
            assert n.change(step["amount"]).lstrip("+") in page
    assert n.tenths(found["from_support"]["share"]) in paper
    assert n.tenths(found["from_support"]["share"]) in page
    assert found["sha256"][:16] in paper
    assert found["sha256"][:16] in page
    assert manager.get(f"/reports/{job.json['id']}").json["sha256"] == found["sha256"]


def test_a_report_is_asked_for_built_and_downloaded(story, app, sign_in, built):
    manager = sign_in(story.manager)
    asked_for = manager.post("/reports/pipeline", data={"as_of": "2026-11-20"})
    assert asked_for.status_code == 303
    where = asked_for.headers["Location"]
    waiting = manager.get(where)
    assert "順番を待っています" in waiting.text
    assert manager.get(f"{where}.pdf").status_code == 409
    built()
    assert f"{where}.pdf" in manager.get(where, headers={"HX-Request": "true"}).text
    pdf = manager.get(f"{where}.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert "attachment" in pdf.headers["Content-Disposition"]


def test_pressing_twice_asks_once(story, app, sign_in):
    manager = sign_in(story.manager)
    fields = {"idempotency_key": "one-press"}
    first = manager.post("/reports/pipeline", data=fields).headers["Location"]
    assert manager.post("/reports/pipeline", data=fields).headers["Location"] == first
    with app.app_context():
        assert db.session.query(ReportJob).count() == 1


def test_the_same_address_with_pdf_gives_the_pdf(story, sign_in):
    answer = sign_in(story.manager).get("/reports/pipeline.pdf?as_of=2026-11-20")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")


def test_a_job_that_runs_twice_leaves_one_file(story, app, api, built):
    job_id = asked(api(story.manager)).json["id"]
    built()
    with app.app_context():
        first = db.session.get_one(ReportFile, job_id).content
        app.extensions["handlers"]["reports.build"]({"job_id": job_id})
        assert db.session.get_one(ReportFile, job_id).content == first
        assert db.session.query(ReportFile).count() == 1


def test_the_progress_is_told_while_it_is_built(story, app, api, monkeypatch):
    job_id = asked(api(story.manager)).json["id"]
    seen = []

    def watched(printing, progress):
        seen.append(api(story.manager).get(f"/reports/{job_id}").json)
        return b"%PDF-"

    monkeypatch.setattr(press, "run", watched)
    with app.app_context():
        drain("heavy")
    assert seen[0]["state"] == "running"
    assert seen[0]["progress"] > 0


def test_a_press_that_fails_says_so_in_words(story, app, api, sign_in, built, monkeypatch):
    def broken(printing, progress):
        raise press.PressFailed("exit 1")

    monkeypatch.setattr(press, "run", broken)
    job_id = asked(api(story.manager)).json["id"]
    built()
    assert api(story.manager).get(f"/reports/{job_id}").json["error"] == "press"
    assert "作成できませんでした" in sign_in(story.manager).get(f"/reports/{job_id}").text


def test_a_list_that_is_too_long_is_refused_with_the_way_out(story, api, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    answer = asked(api(story.manager))
    assert answer.status_code == 422
    assert "部門を一つずつ" in answer.json["errors"]["filters"][0]
    manager = sign_in(story.manager)
    for refused in (manager.get("/reports/pipeline.pdf"), manager.post("/reports/pipeline")):
        assert refused.status_code == 422
        assert "部門を一つずつ" in refused.text and "Excel か CSV" in refused.text
    page = manager.get("/reports/pipeline").text
    assert "部門を一つずつ" in page and 'href="/deals?team=all"' in page
    assert re.search(r"disabled[^>]*>(?:(?!</button>).)*PDFを書き出す", page)
    one_team = asked(api(story.manager), filters={"team_id": story.second_team})
    assert one_team.status_code == 202


def test_a_list_that_grew_too_long_meanwhile_is_refused_by_the_job(
    story, app, api, built, monkeypatch
):
    job_id = asked(api(story.manager)).json["id"]
    monkeypatch.setattr(queries, "MOST", 2)
    built()
    assert api(story.manager).get(f"/reports/{job_id}").json["state"] == "refused"


def test_a_rep_sees_his_own_deals_only(story, api, sign_in):
    rep = api(story.rep)
    assert figures(rep)["total"]["count"] == 2
    assert {deal["owner_id"] for deal in figures(rep)["deals"]} == {story.rep}
    other = rep.get(f"/reports/figures?kind=pipeline&owner_id={story.stranger}")
    assert other.status_code == 422
    assert "4,000" not in sign_in(story.rep).get("/reports/pipeline").text


@pytest.mark.parametrize("who", ["clerk", "engineer"])
def test_amounts_are_not_for_the_call_centre_nor_for_engineers(story, api, sign_in, who):
    person = getattr(story, who)
    assert api(person).get("/reports/figures?kind=pipeline").status_code == 403
    assert asked(api(person)).status_code == 403
    assert sign_in(person).get("/reports/pipeline").status_code == 403
    assert sign_in(person).get("/reports/pipeline.pdf").status_code == 403


def test_a_stranger_cannot_fetch_somebody_elses_report(story, app, api, built):
    job_id = asked(api(story.rep)).json["id"]
    built()
    for who in (story.colleague, story.stranger, story.other_manager):
        assert api(who).get(f"/reports/{job_id}").status_code == 404
        assert api(who).get(f"/reports/{job_id}.pdf").status_code == 404
    assert api(story.manager).get(f"/reports/{job_id}.pdf").status_code == 200


def test_a_person_who_lost_the_right_gets_no_report(story, app, api, built):
    job_id = asked(api(story.rep)).json["id"]
    with app.app_context():
        db.session.get_one(Staff, story.rep).role = "clerk"
        db.session.commit()
    built()
    found = api(story.admin).get(f"/reports/{job_id}").json
    assert (found["state"], found["error"]) == ("failed", "rights")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=2026-13-01", "as_of"),
        ("as_of=2030-01-01", "as_of"),
        ("as_of=1999-01-01", "as_of"),
        ("as_of=2026-11-10T03:00:00", "as_of"),
        ("period=2026Q9", "period"),
        ("team_id=x", "team_id"),
        ("colour=red", "colour"),
    ],
)
def test_a_wrong_question_is_refused_by_name(story, api, sign_in, query, field):
    answer = api(story.manager).get(f"/reports/figures?kind=pipeline&{query}")
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert sign_in(story.manager).get(f"/reports/pipeline?{query}").status_code == 422


@pytest.mark.parametrize("kind", ["pipeline", "expiry"])
def test_a_report_about_a_team_that_is_missing_is_refused_by_name(story, api, kind):
    answer = api(story.manager).post("/reports", {"kind": kind, "filters": {"team_id": 999}})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["team_id"])


@pytest.mark.parametrize("field", ["team_id", "owner_id"])
def test_figures_of_somebody_missing_are_refused_by_name(story, api, field):
    answer = api(story.manager).get(f"/reports/figures?kind=pipeline&{field}=999")
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_an_empty_day_shows_an_empty_page(story, sign_in):
    page = sign_in(story.manager).get("/reports/pipeline?as_of=2020-01-01")
    assert page.status_code == 200
    assert "該当データはありません" in page.text


def test_the_half_year_leaves_out_what_is_expected_after_it(story, app, api):
    manager = api(story.manager)
    assert figures(manager, "&period=2026H2")["total"]["count"] == 3
    assert figures(manager, "&period=2026H1")["total"]["count"] == 0


def test_the_report_takes_few_statements(story, app, api, statements):
    manager = api(story.manager)
    statements.clear()
    figures(manager)
    assert len(statements) <= 8, statements


def test_a_report_asked_for_wrongly_does_not_speak_of_saving(sign_in, company):
    answer = sign_in(company.manager).get("/reports/pipeline?zzz=1")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "zzz" in text and "お見せできない指定" in text and "保存していません" not in text
