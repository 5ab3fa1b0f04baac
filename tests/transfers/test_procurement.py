"""Public awards become orders that their winners have won: none lost, none twice."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.deals.models import Deal
from crm.extensions import db
from crm.timeline.queries import history
from tests.transfers.samples import PLACES, REAL

HEADER = "date_of_order,title,amount,government_departments,joint_signatures,corporate_number\n"
FIRST = "2020-04-01T00:00:00+09:00,庁舎清掃業務,1200000,中央庁,,7000012050002\n"
AWARDS = HEADER + "".join(
    (
        FIRST,
        "2019-12-20T00:00:00+09:00,複合機の保守業務,0330,中央庁,株式会社みぎ、株式会社ひだり,4011001098993\n",
        FIRST,
        "2910-10-07T00:00:00+09:00,研修事業,4806797,中央庁,,7123456789012\n",
        "2091-10-30T00:00:00+09:00,研修事業,4806797,中央庁,,7123456789012\n",
        ",統計調査,500000,地方庁,,7000012050002\n",
        "2020-05-01T00:00:00+09:00,契約の変更,-1500,地方庁,,7000012050002\n",
        "2020-05-02T00:00:00+09:00,単価契約,,地方庁,,7000012050002\n",
        "2020-05-02T00:00:00+09:00,印刷,100,地方庁,,7000012050003\n",
    )
)  # fmt: skip


def test_every_award_is_an_order_or_stands_among_the_refused_with_its_reason(
    app, take, tmp_path: Path, fingerprint
):
    with app.app_context():
        db.session.add(Account(name="株式会社しらかば", corporate_number="7000012050002"))
        db.session.commit()
    path = tmp_path / "202004.csv"
    path.write_text(AWARDS, encoding="utf-8-sig")
    outcome = take("deals", path)
    assert (outcome.mapping, outcome.rows) == ("procurement_awards", 9)
    assert (outcome.new, outcome.same) == (3, 1)
    why = {one.line: one.reason for one in outcome.refused}
    assert sorted(why) == [5, 6, 7, 8, 10]
    assert ("date_of_order" in why[5], "2091" in why[6], "-1500" in why[8]) == (True,) * 3
    assert [line for line, _text in outcome.remarks] == [3]
    assert list(outcome.blanks) == [("amount", "0")]
    with app.app_context():
        rows = db.session.execute(
            sa.select(Account.name, Deal.title, Deal.stage, Deal.amount, Deal.closed_on)
            .join(Deal, Deal.account_id == Account.id)
            .order_by(Deal.title)
        ).all()
        assert [(*row[:4], row[4].isoformat()) for row in rows] == [
            ("株式会社しらかば", "単価契約", "won", 0, "2020-05-02"),
            ("株式会社しらかば", "庁舎清掃業務", "won", 1_200_000, "2020-04-01"),
            ("法人番号 4011001098993", "複合機の保守業務", "won", 330, "2019-12-20"),
        ]
        winner = db.session.scalars(
            sa.select(Account.id).where(Account.corporate_number == "4011001098993")
        ).one()
        said = [one.detail for one in history(account_id=winner) if one.kind == "deal.imported"]
    assert ("中央庁" in said[0], "株式会社みぎ、株式会社ひだり" in said[0]) == (True, True)
    before = fingerprint()
    later = tmp_path / "202009.csv"
    later.write_text(AWARDS, encoding="utf-8")
    assert take("deals", later).new == 0
    assert fingerprint() == before


REPORTED = {"sample": (9, 3, 1, 1), "real": (73, 70, 2, 8)}
"""Rows, new ones, days that cannot be, rows with several signatories."""


@pytest.mark.parametrize("place", PLACES)
def test_the_dirt_of_a_file_is_reported(take, place: str, tmp_path: Path):
    path = REAL / "procurement" / "202011.csv"
    if place == "sample":
        path = tmp_path / "202011.csv"
        path.write_text(AWARDS, encoding="utf-8")
    outcome = take("deals", path)
    days = sum("date_of_order" in one.reason for one in outcome.refused)
    assert (outcome.rows, outcome.new, days, len(outcome.remarks)) == REPORTED[place]
