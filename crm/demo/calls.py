"""About 800 tickets over two years, in the customers' own words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crm.demo.book import Book
from crm.demo.catalogue import SYMPTOMS
from crm.demo.installed import CATEGORY
from crm.installed_base.models import Unit
from crm.support.models import Ticket, TicketNote, TicketPause

LAST_NUMBER = 10482
VOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "failure": (
        ("{s}", "朝から{s}で困っています。今日中に使いたいのですが。"),
        ("{s}", "また{s}です。先月も見てもらったばかりなのに。"),
        ("{s}", "{s}の表示が出て止まりました。どうすればよいですか。"),
        ("{s}", "急に{s}になりました。午後の試験が止まってしまいます。"),
    ),
    "usage": (
        ("測定条件の設定", "新しい担当が操作に慣れていなくて、条件の保存の仕方が分かりません。"),
        ("データの出し方", "結果をCSVで取り出したいのですが、どこから選べばよいでしょうか。"),
        ("立ち上げの手順", "長期休暇のあとの立ち上げ手順を教えてください。"),
    ),
    "consumable": (
        ("消耗品の注文", "フィルタと樹脂カートリッジを2個ずつお願いします。"),
        ("カラムの在庫", "カラムの在庫を確認してほしいのですが。来週使います。"),
    ),
    "inspection": (
        ("年次点検の日程", "今年の点検、来月の中ごろでお願いできますか。"),
        ("校正証明書の再発行", "監査があるので、校正証明書の写しをもう一部いただけますか。"),
    ),
    "purchase": (
        ("増設の相談", "受託が増えたので、もう一台増設したらいくらになるか知りたいです。"),
        ("更新の見積", "古くなってきたので、後継の機種の見積をお願いします。"),
        ("移設の相談", "来春に分析室を移転します。装置の移設もお願いできますか。"),
    ),
    "complaint": (("対応が遅い", "折り返しを約束したのに、二日たっても連絡がありません。"),),
    "other": (("請求書の宛名", "請求書の宛名を変えてほしいのですが。"),),
}  # fmt: skip
SOLVED = (
    "原水フィルタの詰まり。交換後、前処理を追加して再発なし。", "設定を直して再起動。電話で解決。",
    "部品を交換し、試運転で確認。", "手順書をお送りし、電話で一緒に操作。", "消耗品を手配。翌日着。",
)  # fmt: skip


def log(book: Book, tickets: int = 800) -> None:
    """Made-up tickets up to the story's own, which come last and have the highest numbers."""
    units = {row["id"]: row for row in book.rows[Unit]}
    codes = {book.keys[code]: code for code in CATEGORY}
    story = _story(book)
    taken = {values["number"] for values in story}
    numbers = (n for n in range(LAST_NUMBER + 1 - tickets, LAST_NUMBER) if n not in taken)
    ages = sorted((book.chance.randint(2, 720) for _ in range(tickets - len(story))), reverse=True)
    chosen = book.chance.choices(list(units.values()), k=len(ages))
    for age, row in zip(ages, chosen, strict=True):
        _ordinary(book, row, codes[row["product_id"]], age, next(numbers))
    for values in story:
        ticket(book, **values)


def _ordinary(book: Book, row: dict[str, Any], code: str, age: int, number: int) -> None:
    category = book.chance.choices(list(VOICES), (40, 18, 14, 12, 6, 2, 8))[0]
    subject, voice = book.chance.choice(VOICES[category])
    symptom = book.chance.choice(SYMPTOMS[CATEGORY[code]])
    opened = book.office_hour(book.working_day(age))
    newest = age < 8
    ticket(
        book, account=row["account_id"], site=row["site_id"], unit=row["id"], code=code,
        serial=row["serial_no"], subject=subject.format(s=symptom), voice=voice.format(s=symptom),
        category=category, symptom=symptom if category == "failure" else "", opened=opened,
        severity=book.chance.choices(("low", "normal", "high"), (2, 6, 2))[0],
        status=book.chance.choice(("open", "pending", "closed")) if newest else "closed",
        channel=book.chance.choices(("phone", "mail", "web"), (7, 2, 1))[0], number=number,
    )  # fmt: skip


def ticket(
    book: Book, *, account: int, subject: str, voice: str, category: str, opened: datetime,
    status: str, unit: int | None = None, site: int | None = None, code: str = "",
    serial: str = "", symptom: str = "", severity: str = "normal", channel: str = "phone",
    contact: int | None = None, number: int | None = None, clerk: str = "",
    notes: tuple[tuple[str, str, str, int], ...] = (), name: str = "",
) -> int:  # fmt: skip
    """One ticket with its clock, its notes (kind, text, who, minutes later) and its history."""
    clerk = clerk or book.chance.choice(("中村 由佳", "石井 亮", "上田 麻衣"))
    who = book.keys[clerk]
    done = status in ("solved", "closed")
    solved = opened + timedelta(hours=book.chance.choice((1, 2, 5, 26, 50))) if done else None
    solution = book.chance.choice(SOLVED) if done else ""
    key = book.add(
        Ticket, name, account_id=account, contact_id=contact, site_id=site, unit_id=unit,
        channel=channel, subject=subject, voice=voice, category=category, symptom=symptom,
        severity=severity, status=status, assignee_id=who, team_id=book.keys["コールセンター"],
        opened_by_id=who, opened_at=opened,
        first_response_at=opened + timedelta(minutes=6) if done or notes else None,
        due_at=opened + timedelta(hours=4 if severity == "high" else 9), solved_at=solved,
        closed_at=solved if status == "closed" else None, resolution=solution,
        created_at=opened, updated_at=solved or opened, confidential=False, **({"id": number} if number else {}),
    )  # fmt: skip
    label = f"{code} {serial}".strip()
    book.event(
        "ticket.opened", ("ticket", key), account, opened, who, title=subject, category=category,
        severity=severity, channel=channel, symptom=symptom, voice=voice, unit=label, unit_id=unit,
    )  # fmt: skip
    for note in notes:
        _note(book, (key, account, subject), opened, *note)
    if status == "pending":
        book.add(TicketPause, ticket_id=key, began_at=opened + timedelta(minutes=58))
    if solved is not None:
        book.event("ticket.solved", ("ticket", key), account, solved, who, title=subject,
                   resolution=solution)  # fmt: skip
    return key


def _note(
    book: Book, about: tuple[int, int, str], opened: datetime, kind: str, text: str, person: str,
    minutes: int,
) -> None:  # fmt: skip
    """One note of a ticket, so many minutes after it was opened."""
    key, account, subject = about
    at, by = opened + timedelta(minutes=minutes), book.keys.get(person)
    book.add(TicketNote, ticket_id=key, kind=kind, body=text, by_id=by, at=at)
    book.event("ticket.noted", ("ticket", key), account, at, by, title=subject,
               note_kind=kind, text=text)  # fmt: skip


def _story(book: Book) -> list[dict[str, Any]]:
    yamada, hokuryo = book.keys["株式会社山田製作所"], book.keys["国立大学法人北陵大学"]
    suzuki = book.keys["株式会社山田製作所/鈴木"]
    at = {hours: book.midday - timedelta(hours=hours) for hours in (2, 20, 50, 170)}
    return [
        {"account": yamada, "unit": book.keys["山田LX"], "code": "LX-210", "serial": "A93-20417",
         "site": book.keys["株式会社山田製作所/川崎工場"], "contact": suzuki, "number": 10431,
         "subject": "検量線の再現性", "category": "usage", "status": "pending",
         "voice": "検量線の再現性がこのところ悪いようです。条件はいつもと同じなのですが。",
         "opened": at[170], "clerk": "石井 亮",
         "notes": (("phone", "移動相の作り直しをお願いした。結果を待つ。", "石井 亮", 20),)},
        {"account": hokuryo, "subject": "約束の連絡がない", "category": "complaint",
         "severity": "high", "status": "open", "opened": at[50], "number": 10466,
         "voice": "校正の日程を三度お願いしているのに、まだ返事がありません。", "name": "北陵の苦情"},
        {"account": book.keys["有限会社三崎樹脂"], "unit": book.keys["三崎HT"], "code": "HT-8",
         "serial": "HT-0051", "subject": "工場の移転", "category": "purchase", "status": "open",
         "voice": "来年の五月に工場を移転することになりました。恒温槽も一緒に動かせますか。",
         "opened": at[20], "number": 10477, "clerk": "石井 亮", "name": "三崎の移転"},
        {"account": yamada, "unit": book.keys["山田PW"], "code": "PW-10", "serial": "PW3381",
         "site": book.keys["株式会社山田製作所/川崎工場"], "contact": suzuki, "number": 10482,
         "subject": "純水が出ない", "category": "failure", "symptom": "水が出ない",
         "severity": "high", "status": "open", "opened": at[2], "clerk": "中村 由佳",
         "voice": "朝から採水ランプが赤のままで、午後の分析が止まりそうです。前にも直してもらったばかり"
         "なんですけど、毎回お金がかかるなら、いっそ保守に入ったほうがいいのかしら。",
         "name": "山田の純水",
         "notes": (
             ("phone", "原水フィルタの詰まりを疑い、バイパス弁での仮復旧をご案内。採水は再開、流量は通常の"
              "6割。午前の分析は継続できるとのこと。", "中村 由佳", 6),
             ("internal", "13時に訪問できます。樹脂カートリッジ（PW-C2）は車載あり。前回も同じ箇所なので、"
              "原水側の前処理も見ます。", "高橋 健", 52),
             ("customer", "13時で問題ありません。入構申請はこちらで済ませておきます。あわせて、保守契約の"
              "内容が分かる資料をいただけますか。", "", 89),
         )},
    ]  # fmt: skip
