"""Files of the corporate register, invented here, and the accounts that they are about."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.clock import today
from crm.extensions import db
from crm.outbox.drain import drain
from crm.register.feed import COLUMNS
from crm.register.models import RegisterProposal
from tests.records import a_contract, a_deal, a_product, a_unit, an_account

NUMBERS = {"山田": "7000012050002", "港": "4011001098993", "他": "7123456789012"}
_PLACE = {
    "prefectureName": "東京都", "cityName": "港区", "streetNumber": "芝１丁目２番３号",
    "prefectureCode": "13", "cityCode": "103", "postCode": "1050014",
}  # fmt: skip


def row(number: str, process: str, day: str = "2021-07-01", **more: str) -> str:
    """One row as the agency writes it."""
    said = dict.fromkeys(COLUMNS, "") | _PLACE | {
        "sequenceNumber": "1", "corporateNumber": NUMBERS.get(number, number), "process": process,
        "correct": "0", "updateDate": "2021-07-14", "changeDate": day, "name": "株式会社あたらし",
        "kind": "301", "assignmentDate": "2015-10-05", "latest": "1", "hihyoji": "0",
    }  # fmt: skip
    return ",".join(f'"{cell}"' if cell else "" for cell in (said | more).values())


def file_of(*rows: str) -> bytes:
    """A file without a header, as it is published."""
    return "".join(f"{one}\r\n" for one in rows).encode()


@pytest.fixture
def accounts(app: Flask, company) -> Mapping[str, int]:
    """山田 with a deal, a contract and a unit; 港 which takes others over; 森 without a number."""
    with app.app_context():
        made = {
            name: an_account(
                company.rep, company.first_team, name=f"{name}製作所株式会社",
                name_key=f"{name}製作所", name_kana="", address=address,
                corporate_number=None if name == "森" else NUMBERS[name],
            )
            for name, address in (
                ("山田", "横浜市西区みなとみらい一丁目１番１号"), ("港", "東京都港区芝9-9-9"),
                ("森", "港区芝一丁目二番三号"),
            )
        }  # fmt: skip
        a_deal(made["山田"], company.rep, company.first_team, title="乾燥炉の更新")
        unit = a_unit(made["山田"], a_product(), "PW-7")
        a_contract(made["山田"], [unit], today(), today() + timedelta(days=300))
        return made


@pytest.fixture
def read(api, company) -> Callable[..., Any]:
    """Send a file as a program does; gives the answer."""

    def send(*rows: str, name: str = "diff_20210714.csv", data: bytes = b"", **more: Any) -> Any:
        content = base64.b64encode(data or file_of(*rows)).decode()
        body = {"name": name, "content": content} | more
        return api(company.manager).post("/register-files", body)

    return send


@pytest.fixture
def proposed(app: Flask) -> Callable[..., list[tuple[Any, ...]]]:
    """Account, kind, state and what will be, of every proposal; or of those in one state."""

    def look(state: str | None = None) -> list[tuple[Any, ...]]:
        with app.app_context():
            asked = sa.select(RegisterProposal).order_by(RegisterProposal.account_id)
            rows = db.session.scalars(asked.order_by(RegisterProposal.id)).all()
            return [
                (one.account_id, one.kind, one.state, one.after)
                for one in rows
                if state is None or one.state == state
            ]

    return look


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Everything that waits is done."""

    def done() -> None:
        with app.app_context():
            while drain("fast") + drain("heavy"):
                pass

    return done
