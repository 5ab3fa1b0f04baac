"""The printed report, read back from its PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from crm.reports import kept, paper, press
from crm.reports.figures import compute
from crm.reports.ledger import arrange
from crm.reports.lines import DealLine, Filters, half_year
from crm.reports.notation import Notation
from crm.reports.payload import fingerprint, payload
from tests.reports import made_up

pytestmark = pytest.mark.once

RIGHT_MARGIN = 284 / 25.4 * 72
"""Points from the left: 13 mm of the sheet stay white."""

WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>'
)
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")


class Printed:
    """A PDF with what poppler sees in it."""

    def __init__(self, pdf: bytes, directory: Path, figures, sha256: str) -> None:
        self.path = directory / "report.pdf"
        self.path.write_bytes(pdf)
        self.size, self.figures, self.sha256 = len(pdf), figures, sha256
        self.pages = self._said("pdftotext", "-layout", str(self.path), "-").split("\f")[:-1]
        self.text = re.sub(r"\s+", " ", " ".join(self.pages))
        self.fonts = [
            line.split() for line in self._said("pdffonts", str(self.path)).splitlines()[2:]
        ]
        boxes = self._said("pdftotext", "-bbox", str(self.path), "-")
        self.words = [
            (page, float(left), top, float(right), text)
            for page, part in enumerate(boxes.split("<page ")[1:])
            for left, top, right, text in WORD.findall(part)
        ]

    @staticmethod
    def _said(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def printing(
    app: Flask, now, before, language: str = "ja", filters=None, seats=None, **named: str
) -> tuple[press.Printing, object, str]:
    figures = compute(now, before, filters or Filters(), made_up.MOMENT, made_up.targets())
    sha256 = fingerprint(payload(figures))
    words = {"company": "みなも計測株式会社", "printed_by": "山田 太郎", "team": "", "owner": ""}
    if language == "en":
        words |= {"company": "Minamo Instruments", "printed_by": "Taro Yamada"}
    stamp = paper.Stamp(
        report_number="RP-P1-20261130-12",
        printed_at=datetime(2026, 11, 30, 18, 5),  # noqa: DTZ001  # already on the company's clock
        until=datetime(2026, 12, 1), sha256=sha256, **(words | named),  # noqa: DTZ001
    )  # fmt: skip
    with app.app_context(), force_locale(language):
        ledger = arrange(figures.lines, seats or made_up.seats())
        return paper.build(figures, ledger, stamp, Notation(language)), figures, sha256


def printed(app: Flask, directory: Path, *args, **more) -> Printed:
    order, figures, sha256 = printing(app, *args, **more)
    return Printed(press.run(order, lambda _done, _whole: None), directory, figures, sha256)


@pytest.fixture(scope="module", autouse=True)
def poppler():
    assert shutil.which("pdftotext"), "poppler-utils is needed to read PDFs back"


@pytest.fixture(scope="module")
def japanese(whole_app, tmp_path_factory) -> Printed:
    return printed(whole_app, tmp_path_factory.mktemp("ja"), *made_up.lines(64))


@pytest.fixture(scope="module")
def english(whole_app, tmp_path_factory) -> Printed:
    now, before = made_up.lines(64)
    now = [replace(line, account="Acme Labs", title="Balance, new", product="XB-220",
                   next_step="Call", competitor="") for line in now]  # fmt: skip
    seats = {chair: replace(seat, division="East", team="Team 1", rep=f"Rep {seat.owner_id}")
             for chair, seat in made_up.seats().items()}  # fmt: skip
    return printed(whole_app, tmp_path_factory.mktemp("en"), now, before, "en", seats=seats)


@pytest.fixture(scope="module", params=["japanese", "english"])
def report(request) -> Printed:
    return request.getfixturevalue(request.param)


def test_every_page_says_its_number_and_how_many_there_are(japanese, english):
    for number, page in enumerate(japanese.pages, 1):
        assert f"{number} / {len(japanese.pages)} ページ" in page
    for number, page in enumerate(english.pages, 1):
        assert f"{number} / {len(english.pages)} pages" in page


def test_every_page_says_its_unit_its_hash_and_who_printed_it_when(japanese):
    for page in japanese.pages:
        assert "(単位:千円)" in page
        assert f"SHA-256 {japanese.sha256[:16]}" in page
        assert "出力日時 2026/11/30 18:05" in page
        assert "山田 太郎" in page
        assert "RP-P1-20261130-12" in page
        assert "社外秘" in page
        assert "2026/11/30 現在（前回 2026/10/31 末）" in page


def test_no_word_stands_beyond_the_right_margin(report):
    beyond = [word for word in report.words if word[3] > RIGHT_MARGIN + 0.5]
    assert beyond == []


def test_no_word_of_the_list_runs_into_the_next(report):
    lines: dict[tuple[int, str], list[tuple[float, float, str]]] = {}
    for page, left, top, right, text in report.words:
        if page > 0:
            lines.setdefault((page, top), []).append((left, right, text))
    for words in lines.values():
        words.sort()
        for one, other in pairwise(words):
            assert one[1] <= other[0] + 0.6, (one, other)


def test_our_two_fonts_are_embedded_in_part_and_there_is_no_other(report):
    names = {font[0] for font in report.fonts}
    assert {name.partition("+")[2] for name in names} == {"Engawa-Sans", "Engawa-Sans-Bold"}
    for font in report.fonts:
        assert font[-5:-2] == ["yes", "yes", "yes"], font
    assert report.size < 700_000


def test_every_figure_of_the_summary_is_on_paper(report):
    figures, summary = report.figures, re.sub(r"\s+", " ", report.pages[0])
    n = Notation("en" if "pages" in summary else "ja")
    for row in [*figures.stages, figures.total]:
        for printed_figure in (
            n.thousands(row.sums.amount), n.thousands(row.sums.weighted), n.tenths(row.sums.days),
            n.change(row.amount_change), n.tenths(row.share),
        ):  # fmt: skip
            assert printed_figure in summary
    for step in figures.bridge.steps:
        if step.amount:
            assert n.change(step.amount) in summary
    assert n.tenths(figures.support.share) in summary
    assert n.tenths(figures.forecast.rate) in summary


def test_every_deal_is_listed_once_with_its_amount(japanese):
    listed = " ".join(japanese.pages[1:])
    n = Notation("ja")
    for line in japanese.figures.lines:
        assert len(re.findall(rf"{line.number}\b", listed)) == 1
    rows = {row.split()[1]: row for row in listed.splitlines() if re.match(r"\s*\d+ +D-", row)}
    assert len(rows) == len(japanese.figures.lines)
    for line in japanese.figures.lines:
        assert n.thousands(line.amount) in rows[line.number]


def test_every_team_and_division_has_its_total(japanese):
    listed = japanese.text
    for division, team, _ in made_up.TEAMS:
        assert f"{team} 計" in listed
        assert f"{division} 計" in listed
    assert "総合計" in japanese.pages[-1]
    assert Notation("ja").thousands(japanese.figures.total.sums.amount) in japanese.pages[-1]


def test_deals_that_came_from_support_carry_their_rule(japanese):
    rules = [line.rule for line in japanese.figures.lines if line.rule]
    found = re.findall(r"\bR\d\d\b", " ".join(japanese.pages[1:]))
    assert sorted(found) == sorted(rules)


def test_the_english_report_has_no_japanese_word(english):
    assert JAPANESE.findall(english.text) == []


def test_the_japanese_report_has_no_english_label(japanese):
    known = {"SHA-256", "No", "Web", "RP-P1-20261130-12", "XB", "UV-31", "CF-5", "PW-40"}
    words = (
        set(re.findall(r"[A-Za-z][A-Za-z-]{2,}[A-Za-z0-9-]*", japanese.text))
        - known
        - {japanese.sha256[:16]}
    )
    assert {word for word in words if not re.fullmatch(r"[A-Z]-?\d.*|XB-\d*", word)} == set()


def test_an_empty_report_is_one_page_that_says_so(whole_app, tmp_path):
    found = printed(whole_app, tmp_path, [], [])
    assert len(found.pages) == 1
    assert "該当データはありません" in found.text
    assert "総合計 0 件" in found.text
    assert "1 / 1 ページ" in found.text


def test_the_filters_are_printed(whole_app, tmp_path):
    half = Filters(team_id=1, period=half_year(2026, 2, 4))
    found = printed(whole_app, tmp_path, *made_up.lines(20), filters=half, team="営業一課")
    assert "2027/03/31 まで（2026年度下期、期日超過を含む）" in found.text
    assert "部門 営業一課" in found.text
    assert "期ズレ流入" in found.text


def test_text_from_customers_stays_text(whole_app):
    evil = DealLine(1, "lead", "D", 5_000, owner_id=1, team_id=1, number="D-1",
                    title="<img src=file:///etc/passwd>",
                    account="</td><script>1</script>")  # fmt: skip
    order, _, _ = printing(whole_app, [evil], [])
    assert "<img" not in order.sheets[1]
    assert "<script" not in order.sheets[1]


def test_the_press_reads_no_file_and_no_address(whole_app, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>himitsu</text></svg>')
    order, _, _ = printing(whole_app, [], [])
    bait = f'<img src="{secret.as_uri()}"><link rel=stylesheet href="{secret.as_uri()}">'
    pdf = press.run(replace(order, sheets=[bait]), lambda _done, _whole: None)
    (tmp_path / "bait.pdf").write_bytes(pdf)
    assert "himitsu" not in Printed._said("pdftotext", str(tmp_path / "bait.pdf"), "-")


def test_a_sheet_that_runs_over_is_an_error_and_not_a_lost_line(whole_app):
    order, _, _ = printing(whole_app, [], [])
    tall = "<p>a</p>" * 200
    with pytest.raises(press.PressFailed, match="runs over"):
        press.run(replace(order, sheets=[tall]), lambda _done, _whole: None)


def test_the_press_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("CRM_SECRET_KEY", "hush")
    monkeypatch.setenv("CRM_DATABASE_URL", "postgresql://hush")
    assert "hush" not in str(kept.environment())


def test_a_press_that_hangs_is_ended(whole_app, monkeypatch):
    order, _, _ = printing(whole_app, *made_up.lines(64))
    monkeypatch.setattr(press, "SECONDS", 0.05)
    with pytest.raises(press.PressFailed):
        press.run(order, lambda _done, _whole: None)


def test_progress_is_told_sheet_by_sheet(whole_app):
    order, _, _ = printing(whole_app, *made_up.lines(64))
    told: list[tuple[int, int]] = []
    press.run(order, lambda done, whole: told.append((done, whole)))
    assert told == [(number, len(order.sheets)) for number in range(1, len(order.sheets) + 1)]


def test_a_machine_without_the_font_library_is_told_which_one(monkeypatch):
    assert press.missing() is None
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    assert "libharfbuzz-subset0" in press.missing()
