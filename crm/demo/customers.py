"""About 200 customers with their sites and people."""

from __future__ import annotations

from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.demo.book import Book
from crm.demo.people import reps
from crm.text.houjin import check_digit
from crm.text.kana import kana_key
from crm.text.legal_form import name_core_key, split
from crm.text.normal import search_key
from crm.text.phone import e164

# name, reading, industry, rank, fiscal year end, owner, place, telephone
KNOWN: tuple[tuple[str, str, str, str, int, str, str, str], ...] = (
    ("株式会社山田製作所", "ヤマダセイサクショ", "精密部品製造", "A", 3, "佐藤 美咲", "神奈川県横浜市鶴見区", "045-555-0118"),
    ("みなと製薬株式会社", "ミナトセイヤク", "医薬品", "A", 3, "佐藤 美咲", "神奈川県川崎市川崎区", "044-555-0160"),
    ("双葉化成工業株式会社", "フタバカセイコウギョウ", "化学", "A", 12, "佐藤 美咲", "千葉県市原市", "0436-55-0121"),
    ("国立大学法人北陵大学", "ホクリョウダイガク", "大学・研究", "B", 3, "佐藤 美咲", "東京都八王子市", "042-555-0140"),
    ("高見精機株式会社", "タカミセイキ", "精密機械", "B", 6, "佐藤 美咲", "埼玉県川口市", "048-555-0133"),
    ("有限会社三崎樹脂", "ミサキジュシ", "樹脂加工", "C", 9, "佐藤 美咲", "神奈川県三浦市", "046-555-0190"),
    ("日栄電子材料株式会社", "ニチエイデンシザイリョウ", "電子材料", "B", 3, "佐藤 美咲", "茨城県つくば市", "029-555-0177"),
    ("医療法人社団青葉会", "アオバカイ", "医療", "C", 3, "佐藤 美咲", "神奈川県横浜市青葉区", "045-555-0172"),
    ("一般財団法人道北食品検査協会", "ドウホクショクヒンケンサキョウカイ", "検査機関", "B", 3, "佐藤 美咲", "北海道旭川市", "0166-55-0150"),
    ("相模プラント株式会社", "サガミプラント", "プラント", "A", 3, "佐藤 美咲", "神奈川県相模原市", "042-555-0198"),
    ("株式会社東洋分析センター", "トウヨウブンセキセンター", "検査機関", "A", 3, "佐藤 美咲", "東京都大田区", "03-5555-0112"),
    ("株式会社湘南食品研究所", "ショウナンショクヒンケンキュウショ", "食品", "B", 3, "佐藤 美咲", "神奈川県藤沢市", "0466-55-0114"),
    ("株式会社川崎環境計量センター", "カワサキカンキョウケイリョウセンター", "検査機関", "B", 3, "佐藤 美咲", "神奈川県川崎市幸区", "044-555-0129"),
)  # fmt: skip

FIRST = (
    ("青木", "アオキ"), ("朝日", "アサヒ"), ("旭", "アサヒ"), ("泉", "イズミ"), ("大宮", "オオミヤ"),
    ("大和", "ヤマト"), ("岡崎", "オカザキ"), ("加賀", "カガ"), ("霧島", "キリシマ"), ("桜井", "サクライ"),
    ("三陸", "サンリク"), ("白鳥", "シラトリ"), ("駿河", "スルガ"), ("瀬戸", "セト"), ("高千穂", "タカチホ"),
    ("筑波", "ツクバ"), ("天竜", "テンリュウ"), ("常磐", "トキワ"), ("富士見", "フジミ"), ("松風", "マツカゼ"),
    ("水戸", "ミト"), ("武蔵", "ムサシ"), ("湯川", "ユカワ"), ("若葉", "ワカバ"), ("有明", "アリアケ"),
)  # fmt: skip
LAST = (
    ("化学工業", "カガクコウギョウ", "化学"), ("製薬", "セイヤク", "医薬品"), ("食品", "ショクヒン", "食品"),
    ("電子", "デンシ", "電子材料"), ("精密", "セイミツ", "精密機械"), ("金属", "キンゾク", "金属"),
    ("環境分析センター", "カンキョウブンセキセンター", "検査機関"), ("研究所", "ケンキュウショ", "大学・研究"),
    ("テクノロジー", "テクノロジー", "電子材料"), ("酒造", "シュゾウ", "食品"),
)  # fmt: skip
PLACES = (
    "東京都品川区", "東京都板橋区", "神奈川県厚木市", "埼玉県さいたま市", "千葉県船橋市", "茨城県日立市",
    "栃木県宇都宮市", "群馬県太田市", "静岡県浜松市", "愛知県豊田市", "三重県四日市市", "大阪府堺市",
    "京都府京都市", "兵庫県神戸市", "滋賀県草津市", "岡山県倉敷市", "広島県福山市", "福岡県北九州市",
)  # fmt: skip
FAMILY = (
    ("鈴木", "スズキ"), ("渡辺", "ワタナベ"), ("大野", "オオノ"), ("森", "モリ"), ("佐々木", "ササキ"),
    ("井上", "イノウエ"), ("林", "ハヤシ"), ("斎藤", "サイトウ"), ("前田", "マエダ"), ("岡田", "オカダ"),
    ("後藤", "ゴトウ"), ("長谷川", "ハセガワ"), ("近藤", "コンドウ"), ("村上", "ムラカミ"), ("遠藤", "エンドウ"),
    ("坂本", "サカモト"), ("福田", "フクダ"), ("太田", "オオタ"), ("三浦", "ミウラ"), ("金子", "カネコ"),
)  # fmt: skip
GIVEN = (
    ("恵子", "ケイコ"), ("修", "オサム"), ("健一", "ケンイチ"), ("陽子", "ヨウコ"), ("誠", "マコト"),
    ("真由美", "マユミ"), ("大介", "ダイスケ"), ("直子", "ナオコ"), ("剛", "ツヨシ"), ("香織", "カオリ"),
    ("学", "マナブ"), ("裕子", "ユウコ"), ("徹", "トオル"), ("明美", "アケミ"), ("隆", "タカシ"),
)  # fmt: skip
DESKS = (
    ("品質保証部", "課長"), ("生産技術部", "部長"), ("分析研究部", "主任"), ("購買部", ""),
    ("研究開発部", "室長"), ("環境管理課", "係長"), ("総務部", "課長"),
)  # fmt: skip
SITES = ("本社", "第一工場", "研究所", "テクニカルセンター", "分析室")


def settle(book: Book, companies: int = 200) -> None:
    """The thirteen customers of the story, and made-up ones up to the number asked for."""
    for name, kana, industry, rank, month, owner, place, phone in KNOWN:
        _account(book, name, kana, industry, rank, month, owner, place, phone)
    names = [(a, b) for a in FIRST for b in LAST]
    book.chance.shuffle(names)
    owners = [name for name, _ in reps() for _ in range(3)]
    forms = ("株式会社{}", "{}株式会社", "{}株式会社", "有限会社{}", "合同会社{}")
    for number, ((head, head_kana), (tail, tail_kana, industry)) in enumerate(
        names[: companies - len(KNOWN)]
    ):
        _account(
            book, book.chance.choice(forms).format(head + tail), head_kana + tail_kana, industry,
            book.chance.choices("ABC", (1, 3, 5))[0], book.chance.choice((3, 3, 3, 9, 12)),
            owners[number % len(owners)], book.chance.choice(PLACES),
            f"03-5555-{1000 + number}",
        )  # fmt: skip
    book.accounts = list(book.rows[Account])
    book.write(Account, Site, Contact, ContactPhone)


def _account(
    book: Book, name: str, kana: str, industry: str, rank: str, month: int, owner: str,
    place: str, phone: str,
) -> None:  # fmt: skip
    named = split(name)
    number = 1 + len(book.rows[Account])
    base = f"{100_000_000_000 + 7_654_321 * number:012d}"
    team = dict(reps())[owner]
    key = book.add(
        Account, name, name=name, name_kana=kana, kana_key=kana_key(kana), name_core=named.core,
        legal_form=named.form or "",
        legal_form_position=named.position or "",
        name_key=name_core_key(name), corporate_number=f"{check_digit(base)}{base}",
        industry=industry, rank=rank, owner_id=book.keys[owner], team_id=book.keys[team],
        service_owner_id=book.keys[book.chance.choice(("高橋 健", "森 和也"))], phone=phone,
        phone_e164=e164(phone), address=place, fiscal_year_end_month=month,
        customer_since=book.chance.randint(1998, 2023), credit_limit=20_000_000,
        screened_on=book.day(book.chance.randint(60, 800)),
        handling_note="請求書は毎月20日必着。川崎工場は入構申請が前日15時まで。"
        if name == "株式会社山田製作所" else "",
    )  # fmt: skip
    sites = ("本社", "川崎工場", "厚木テクニカルセンター") if number == 1 else _sites(book)
    site_keys = [
        book.add(
            Site, f"{name}/{site}", account_id=key, name=site, address=place,
            phone="044-555-0130" if site == "川崎工場" else phone,
            phone_e164=e164("044-555-0130" if site == "川崎工場" else phone),
        )
        for site in sites
    ]  # fmt: skip
    if number > 1:
        book.places += [(key, site) for site in site_keys]
    for _ in range(6 if number == 1 else book.chance.choice((1, 2, 2, 3))):
        _contact(book, key, name, site_keys)


def _sites(book: Book) -> tuple[str, ...]:
    return SITES[: book.chance.choice((1, 1, 1, 2))]


def _contact(book: Book, account_id: int, company: str, site_keys: list[int]) -> None:
    number = len(book.rows[Contact])
    family, given = book.chance.choice(FAMILY), book.chance.choice(GIVEN)
    desk = book.chance.choice(DESKS)
    if number < 2:
        family, given = (FAMILY[number], GIVEN[number])
        desk = DESKS[number]
    phone = "044-555-0132" if number == 0 else f"090-5555-{2000 + number:04d}"
    email = f"{1000 + number}@customer.example"
    key = book.add(
        Contact, f"{company}/{family[0]}", account_id=account_id,
        site_id=site_keys[1] if number < 2 else book.chance.choice(site_keys),
        family_name=family[0], given_name=given[0], family_name_kana=family[1],
        given_name_kana=given[1], kana_key=kana_key(family[1] + given[1]), department=desk[0],
        title=desk[1], email=email, email_key=search_key(email),
        influence=("influences", "decides")[number] if number < 2
        else book.chance.choice((None, None, "decides", "influences", "uses")),
    )  # fmt: skip
    book.add(ContactPhone, contact_id=key, number=phone, e164=e164(phone), extension="")
