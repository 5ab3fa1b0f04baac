"""What cannot be of a unit is refused in words, whichever way it comes; nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm.transfers.outcome import Outcome
from tests.installed_base.conftest import contract, plant, unit

__all__ = ["contract", "plant", "unit"]
HEAD = "account,product,serial_no,produced_on,installed_on,parent\n"
OURS, THEIRS = "株式会社山田製作所,LX-210", "株式会社佐藤,LX-210"
Bring = Callable[[str, str], Outcome]


@pytest.fixture
def bring(take, tmp_path: Path) -> Bring:
    """Import a table that is given as text."""

    def run(kind: str, text: str) -> Outcome:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        found: Outcome = take(kind, path)
        return found

    return run


def reasons(outcome: Outcome) -> dict[int, str]:
    return {one.line: one.reason for one in outcome.refused}


@pytest.mark.parametrize("field", ["serial_no", "installed_on", "produced_on"])
def test_a_wrong_unit_is_refused_by_page_and_program(api, company, plant, unit, sign_in, field):
    unit()
    wrong: dict[str, Any] = {
        "serial_no": {"serial_no": "　Ａ９３－２０４１７ "},
        "installed_on": {"serial_no": "B-1", "installed_on": "2027-02-29"},
        "produced_on": {"serial_no": "B-1", "produced_on": "2026-05-01",
                        "installed_on": "2026-04-30"},
    }[field]  # fmt: skip
    body = {"account_id": plant.account, "product_id": plant.product} | wrong
    answer = api(company.rep).post("/units", body)
    assert answer.status_code in (409, 422)
    named = next(iter(answer.json["errors"]))
    assert named == ("installed_on" if field == "produced_on" else field)
    page = sign_in(company.rep).post("/units", data=body)
    assert page.status_code == 422
    assert f"why-{named}" in page.text
    assert len(api(company.rep).get("/units").json["items"]) == 1


def test_a_file_with_wrong_units_says_why_and_takes_the_others(bring):
    rows = (
        f"{OURS},A93-20417,,,", f"{OURS},Ａ９３－２０４１７　,,,", f"{OURS},a93 20417,,,",
        f"{OURS},E-1,2026-05-01,2026-04-30,", f"{OURS},E-2,,2027-02-29,", f"{OURS},E-3,,,E-3",
    )  # fmt: skip
    bring("accounts", "name\n株式会社山田製作所\n")
    bring("products", "code,name\nLX-210,高速液体クロマトグラフ\n")
    outcome = bring("units", HEAD + "\n".join(rows) + "\n")
    why = reasons(outcome)
    assert (outcome.new, list(why)) == (2, [3, 4, 5, 6])
    assert "2行目" in why[3]
    assert "製造日より前" in why[5]
    assert "2027-02-29" in why[6]
    assert [line for line, _why in outcome.remarks] == [7]


def test_a_file_moves_no_unit_away_from_its_parts_or_under_open_tickets(
    api, company, plant, unit, bring
):
    rep = api(company.rep)
    bring("accounts", "name\n株式会社佐藤\n")
    serials = ["A-1", "A-2", "A-3", "A-4"]
    bring("units", HEAD + "".join(f"{OURS},{one},,,\n" for one in serials))
    keys = {one["serial_no"]: one["id"] for one in rep.get("/units").json["items"]}
    taken = rep.patch(f"/units/{keys['A-2']}", {"parent_id": keys["A-1"]}, 1)
    assert taken.status_code == 200, taken.json
    about = {
        "account_id": plant.account, "unit_id": keys["A-3"], "channel": "phone",
        "category": "failure", "subject": "圧力低下", "voice": "圧力が下がる",
    }  # fmt: skip
    assert api(company.clerk).post("/tickets", about).status_code == 201
    rows = (f"{THEIRS},{one},,,{'A-1' if one == 'A-2' else ''}\n" for one in serials)
    outcome = bring("units", HEAD + "".join(rows))
    why = reasons(outcome)
    assert (outcome.changed, list(why)) == (1, [2, 3, 4]), why
    assert "問い合わせが1件" in why[4]
    owners = {one["serial_no"]: one["account_id"] for one in rep.get("/units").json["items"]}
    assert [owners[one] == plant.account for one in serials] == [True, True, True, False]
    unit("TYPED-1")
    typed = reasons(bring("units", HEAD + f"{THEIRS},ＴＹＰＥＤ－１ ,,,\n"))
    assert list(typed) == [2] and "株式会社山田製作所" in typed[2]
    assert bring("units", HEAD + f"{OURS},TYPED-1,,,\n").same == 1
