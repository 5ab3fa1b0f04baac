"""The command that reads the file of the day, and the published days of the real register."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from crm import cli
from crm.extensions import db
from crm.register.feed import cause_of, glance, open_feed
from crm.register.judging import told
from crm.register.models import RegisterFile
from tests.register.conftest import file_of, row

REAL = Path(__file__).parents[3] / "shared" / "data" / "houjin_changes"
DAYS = ("20210714", "20210715", "20210716") if REAL.is_dir() else ()


def events(path: Path) -> dict[str, set[str]]:
    """Kind → the corporate numbers that a file tells it of, corrections left out."""
    found: dict[str, set[str]] = {}
    with TemporaryDirectory() as folder:
        for one in open_feed(path, Path(folder)).rows():
            number, process, correct = glance(one)
            if not correct:
                found.setdefault(told(process, cause_of(one)), set()).add(number)
    return found


def write_sample(folder: Path, day: str) -> None:
    """A day as the agency publishes it, and what somebody else made of it."""
    founded = row("4011001098993", "01")
    ended = row("2120901007402", "21", closeCause="01")
    merged = row("7123456789012", "21", closeCause="11", successorCorporateNumber="7000012050002")
    late = row("7000012050002", "01", correct="1")
    (folder / f"diff_{day}.csv").write_bytes(file_of(founded, late, ended, merged))
    header = "sequenceNumber" + "," * 29
    for name, rows in (("created", [founded]), ("terminated", [ended, merged])):
        words = [one.replace('"01"', '"新規"', name == "created") for one in rows]
        text = "\n".join((header, *words)).replace('"21"', '"登記記録の閉鎖等"')
        (folder / f"diff_{day}_{name}.csv").write_text(text, encoding="utf-8-sig")


@pytest.mark.once
@pytest.mark.parametrize("day", ["sample", *DAYS])
def test_others_find_the_same_beginnings_and_ends_in_a_day(whole_app, tmp_path: Path, day: str):
    folder = REAL
    if day == "sample":
        folder = tmp_path
        write_sample(folder, day)
    with whole_app.test_request_context():
        ours = events(folder / f"diff_{day}.csv")
        created = events(folder / f"diff_{day}_created.csv")
        ended = events(folder / f"diff_{day}_terminated.csv")
    assert ours["created"] == created["created"] != set()
    assert set(ended) == {"closed", "absorbed"}
    assert {kind: ours[kind] for kind in ended} == ended


def test_the_command_reads_the_days_and_says_what_it_found(app, accounts, tmp_path: Path):
    cli.init_app(app)
    runner = app.test_cli_runner()
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(file_of(row("山田", "11", name="株式会社ヤマダ")))
    second.write_bytes(file_of(row("山田", "12"), row("山田", "12").replace("7000012050002", "1")))
    done = runner.invoke(args=["register", str(first), str(second)])
    assert done.exit_code == 0, done.output
    assert "商号変更 1" in done.output
    assert "新しい提案 1件" in done.output
    assert "2行目" in done.output
    third = tmp_path / "d.csv"
    third.write_bytes(file_of(row("港", "01")))
    assert "新しい提案 0件" in runner.invoke(args=["register", str(third)]).output
    assert "新しい提案 2件" in runner.invoke(args=["register", "--whole", str(third)]).output
    wrong = tmp_path / "c.csv"
    with wrong.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["a", "b"])
    assert runner.invoke(args=["register", str(wrong)]).exit_code == 2
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RegisterFile)) == 3
