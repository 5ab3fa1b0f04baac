"""Names under which the people of the demo company keep what lists show."""

from __future__ import annotations

from crm.deals.filters import half_year
from crm.demo.book import Book
from crm.saved_views.lists import LISTS
from crm.saved_views.models import SavedView
from crm.text.normal import search_key

TEAM = "営業一課"


def remember(book: Book) -> None:
    """The team's deals of this half, what the call centre looks at each morning, and more."""
    first, last = half_year(book.today)
    half = {"close_from": first.isoformat(), "close_to": last.isoformat()}
    team = {"team": str(book.keys[TEAM])}
    soon = {"ending": "warranty", "sort": "warranty"}
    for owner, of, name, shared, asked in (
        ("田中 浩一", "board", "一課・今期の案件", True, team | half),
        ("田中 浩一", "deals", "一課・今期の大口から", True, team | half | {"sort": "-amount"}),
        ("中村 由佳", "tickets", "急ぎの対応中", True, {"status": "open", "severity": "high"}),
        ("高橋 健", "units", "保証がまもなく切れる機器", True, soon),
        ("佐藤 美咲", "accounts", "私の重点顧客", False, {"owner": "me", "rank": "A"}),
    ):
        book.add(
            SavedView, list=of, name=name, name_key=search_key(name), query=LISTS[of].kept(asked),
            owner_id=book.keys[owner], shared=shared, created_at=book.now, updated_at=book.now,
        )  # fmt: skip
    book.write(SavedView)
