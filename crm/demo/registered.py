"""What the corporate register says of the demo company's customers, read from a file of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from crm.accounts.former_names import FormerName
from crm.accounts.models import Account
from crm.demo.book import Book
from crm.extensions import db
from crm.register.feed import COLUMNS
from crm.register.taking import take
from crm.text.place import prefecture

RENAMED, MOVED = "有限会社三崎樹脂", "日栄電子材料株式会社"
ABSORBED, SURVIVOR = "株式会社川崎環境計量センター", "株式会社東洋分析センター"
FORMER = "道北食品検査協会"
FORMER_OF = "一般財団法人道北食品検査協会"


def remember(book: Book) -> None:
    """One customer was called otherwise two years ago."""
    key, on = book.keys[FORMER_OF], book.day(800)
    name = f"財団法人{FORMER}"
    book.add(
        FormerName, account_id=key, name=name, name_kana="", until_on=on,
        kept_at=book.at(on, 10),
    )  # fmt: skip
    book.event(
        "account.renamed", ("account", key), key, book.at(on, 10), None, before=name,
        name=FORMER_OF, on=on.isoformat(),
    )  # fmt: skip


def publish(book: Book) -> None:
    """The file of yesterday names five customers, and one whose number nobody had noted."""
    gone, found = (book.accounts[place] for place in (-3, -7))
    number = found["corporate_number"]
    db.session.execute(
        sa.update(Account).where(Account.id == found["id"]).values(corporate_number=None)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"diff_{book.day(1):%Y%m%d}.csv"
        path.write_text("\n".join(_rows(book, gone, found, number)), encoding="utf-8")
        for _part in take(path, None):
            db.session.flush()


def _rows(book: Book, gone: Any, found: Any, number: str) -> list[str]:
    by_name = {row["name"]: row for row in book.accounts}
    absorbed, survivor = by_name[ABSORBED], by_name[SURVIVOR]
    merger = f"{SURVIVOR}（{survivor['corporate_number']}）に合併し解散"
    return [
        _row(book, by_name[RENAMED], "11", 9, name="三崎樹脂株式会社", furigana="ミサキジュシ"),
        _row(book, by_name[MOVED], "12", 8, cityName="つくば市", streetNumber="千現二丁目１番６号",
             postCode="3050047", prefectureCode="08", cityCode="220"),
        _row(book, absorbed, "21", 6, closeCause="11", changeCause=merger,
             successorCorporateNumber=survivor["corporate_number"]),
        _row(book, gone, "21", 5, closeCause="01"),
        _row(book, found | {"corporate_number": number}, "01", 4),
        _row(book, survivor, "01", 4, correct="1", furigana="トウヨウブンセキセンター"),
    ]  # fmt: skip


def _row(book: Book, account: Any, process: str, ago: int, **more: str) -> str:
    day: date = book.day(ago)
    head = prefecture(account["address"])
    said = dict.fromkeys(COLUMNS, "") | {
        "sequenceNumber": "1", "corporateNumber": account["corporate_number"],
        "process": process, "correct": "0", "updateDate": book.day(1).isoformat(),
        "changeDate": day.isoformat(), "name": account["name"], "kind": "301",
        "prefectureName": head, "cityName": account["address"].removeprefix(head), "latest": "1",
        "closeDate": day.isoformat() if process == "21" else "", "hihyoji": "0",
    }  # fmt: skip
    return ",".join((said | more).values())
