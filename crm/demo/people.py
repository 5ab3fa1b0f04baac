"""Who works at 東都サイエンス株式会社, the dealer in scientific instruments."""

from __future__ import annotations

from crm.demo.book import Book
from crm.staff.actions import hashed
from crm.staff.models import Office, Staff, Team

COMPANY = "東都サイエンス株式会社"
PASSWORD = "demo-demo-demo"  # noqa: S105  # the contract names it and the banner shows it

TEAMS = (
    ("営業一課", "営業部", "sales", "本社"),
    ("営業二課", "営業部", "sales", "本社"),
    ("大阪営業課", "西日本営業部", "sales", "大阪営業所"),
    ("コールセンター", "お客様サービス部", "call_centre", "本社"),
    ("サービス課", "お客様サービス部", "service", "本社"),
    ("技術課", "技術部", "engineering", "本社"),
)

OFFICES = {
    "本社": ("101-0099", "東京都千代田区神田みなも町二丁目4番1号", "03-5555-0100"),
    "大阪営業所": ("530-0099", "大阪府大阪市北区みなも町一丁目2番3号", "06-5555-0100"),
}

PEOPLE = (
    ("rep@example.com", "佐藤 美咲", "サトウ ミサキ", "rep", "営業一課", "2104"),
    ("clerk@example.com", "中村 由佳", "ナカムラ ユカ", "clerk", "コールセンター", "3101"),
    ("engineer@example.com", "高橋 健", "タカハシ ケン", "engineer", "サービス課", "4102"),
    ("manager@example.com", "田中 浩一", "タナカ コウイチ", "manager", "営業一課", "2101"),
    ("admin@example.com", "小川 誠", "オガワ マコト", "admin", "", "1108"),
    ("ito@example.com", "伊藤 翔", "イトウ ショウ", "rep", "営業一課", "2105"),
    ("matsumoto@example.com", "松本 彩", "マツモト アヤ", "rep", "営業一課", "2106"),
    ("kimura@example.com", "木村 拓也", "キムラ タクヤ", "rep", "営業二課", "2202"),
    ("shimizu@example.com", "清水 恵", "シミズ メグミ", "rep", "営業二課", "2203"),
    ("yamaguchi@example.com", "山口 隆", "ヤマグチ タカシ", "manager", "営業二課", "2201"),
    ("fujiwara@example.com", "藤原 直樹", "フジワラ ナオキ", "rep", "大阪営業課", "602"),
    ("okamoto@example.com", "岡本 千尋", "オカモト チヒロ", "rep", "大阪営業課", "603"),
    ("nishimura@example.com", "西村 修", "ニシムラ オサム", "manager", "大阪営業課", "601"),
    ("ishii@example.com", "石井 亮", "イシイ リョウ", "clerk", "コールセンター", "3102"),
    ("ueda@example.com", "上田 麻衣", "ウエダ マイ", "clerk", "コールセンター", "3103"),
    ("kobayashi@example.com", "小林 大輔", "コバヤシ ダイスケ", "engineer", "技術課", "5101"),
    ("mori@example.com", "森 和也", "モリ カズヤ", "engineer", "サービス課", "4103"),
)


def hire(book: Book) -> None:
    """Offices, teams, and one person per role with the password that the banner tells."""
    for name, (code, address, phone) in OFFICES.items():
        book.add(
            Office, name, name=name, postal_code=code, address=address, phone=phone,
            phone_note="平日 9:00–18:00",
        )  # fmt: skip
    for place, (name, division, department, office) in enumerate(TEAMS, 1):
        book.add(
            Team, name, name=name, division=division, department=department,
            office_id=book.keys[office], position=place,
        )  # fmt: skip
    secret = hashed(PASSWORD)
    for email, name, kana, role, team, extension in PEOPLE:
        book.add(
            Staff, name, email=email, name=name, name_kana=kana, role=role,
            team_id=book.keys.get(team), extension=extension, password_hash=secret, language="ja", theme="auto",
        )  # fmt: skip
    book.write(Office, Team, Staff)


def reps() -> list[tuple[str, str]]:
    """Name and team of everybody who sells."""
    return [(name, team) for _, name, _, role, team, _ in PEOPLE if role == "rep"]
