"""A report beside the one that was made before it."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import UTC, datetime

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from crm.extensions import db
from crm.outbox.drain import drain
from tests.reports.records import account, at, deal

MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)


@pytest.fixture
def made(story, app, api):
    """The manager printed the report on Monday morning, before that day was over; on Monday at
    noon a deal came in, and on Wednesday one grew."""
    with time_machine.travel(MONDAY, tick=False), app.app_context():
        job = api(story.manager).post("/reports", {"kind": "pipeline"}).json["id"]
        drain("heavy")
    with app.app_context():
        customer = account("株式会社湊川").id
        deal(story.rep, story.first_team, (at(11, 16), {"amount": 800_000, "rank": "B"}),
             (at(11, 18), {"amount": 1_100_000}), account_id=customer)  # fmt: skip
        db.session.commit()
    return job


def figures(program, query=""):
    answer = program.get(f"/reports/figures?kind=pipeline{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


def test_the_page_is_set_beside_the_last_report_that_was_made(story, made, api, sign_in):
    manager = sign_in(story.manager)
    page = manager.get("/reports/pipeline").text
    assert "前回の版と比べる" in page
    assert f"compare={made}" in page
    found = figures(api(story.manager), f"&compare={made}")
    assert found["compare"] == made
    assert found["before"] == {"count": 3, "amount": 13_700_500}
    assert (found["total"]["count_change"], found["total"]["amount_change"]) == (1, 1_100_000)
    steps = {step["kind"]: step["amount"] for step in found["bridge"]["steps"] if step["count"]}
    assert steps == {"new": 1_100_000}
    beside = manager.get(f"/reports/pipeline?compare={made}").text
    assert f"RP-P1-20261116-{made}" in beside
    assert "2026/11/16 09:00時点の版" in beside
    assert "先月末と比べる" in beside
    behind = re.search(r'href="(/reports/pipeline/moves[^"]*step=new)"', beside)
    assert behind
    listed = manager.get(behind[1].replace("&amp;", "&")).text
    assert "㈱湊川" in listed
    assert "1,100" in listed
    assert "青嶺" not in listed


def test_pdf_and_workbook_say_what_the_page_is_compared_with(
    story, made, app, api, sign_in, tmp_path
):
    manager = sign_in(story.manager)
    job = manager.post("/reports/pipeline", data={"compare": made}).headers["Location"]
    with app.app_context():
        drain("heavy")
    path = tmp_path / "report.pdf"
    path.write_bytes(manager.get(f"{job}.pdf").data)
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True)
    paper = re.sub(r"\s+", "", told.stdout.decode())
    assert f"RP-P1-20261116-{made}" in paper
    assert "2026/11/1609:00時点の版から現在まで" in paper
    assert "+1,100" in paper
    sha256 = figures(api(story.manager), f"&compare={made}")["sha256"]
    assert sha256[:16] in paper
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(manager.get(f"/reports/pipeline.xlsx?compare={made}").data)
    )
    bridge = book.get_sheet_by_name("増減").to_python()
    assert f"RP-P1-20261116-{made}" in bridge[2][0]
    assert ["新規", 1, 1_100_000] in [row[:3] for row in bridge]
    assert sha256[:16] in str(bridge)


def test_nothing_is_compared_with_a_report_that_does_not_fit(story, made, api, sign_in):
    manager, other = api(story.manager), sign_in(story.manager)
    narrower = f"&compare={made}&team_id={story.first_team}"
    for query in (narrower, f"&compare={made}&as_of=2026-11-15", "&compare=999", "&compare=x"):
        answer = manager.get(f"/reports/figures?kind=pipeline{query}")
        assert answer.status_code == 422
        assert "compare" in answer.json["errors"]
    assert other.get(f"/reports/pipeline?compare={made}&period=2026").status_code == 422
    assert "前回の版はありません" in other.get("/reports/pipeline?as_of=2026-11-15").text
    rep = sign_in(story.rep)
    assert "前回の版はありません" in rep.get("/reports/pipeline").text
    assert rep.get(f"/reports/pipeline?compare={made}").status_code == 422
    assert sign_in(story.clerk).get(f"/reports/pipeline?compare={made}").status_code == 403
