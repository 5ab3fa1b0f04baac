"""About 600 units in the field, who pays for them, and what was done on them."""

from __future__ import annotations

from datetime import date, timedelta

from crm.demo.book import Book
from crm.demo.catalogue import ACTIONS, MODELS, SYMPTOMS
from crm.installed_base.models import ContractUnit, ServiceContract, Unit, UnitState, WorkOrder
from crm.installed_base.states import first_row

CATEGORY = {model[0]: model[2] for model in MODELS}
NAMES = {model[0]: model[1] for model in MODELS}
CONTRACT = {model[0]: model[5] for model in MODELS}
LETTERS = {"クロマトグラフ": "A", "純水装置": "PW", "材料試験": "U", "天びん": "E"}
FIRST_WORK_ORDER = 1500
CRITICALITY = {"山田LX": "high", "山田PW": "high", "山田UT": "medium", "山田CF": "low"}
SOME = ("", "", "medium", "", "high", "", "low")


def deliver(book: Book, units: int = 600) -> None:
    """The story's units first, then made-up ones, with warranty, contract and repairs."""
    book.next_key[WorkOrder] = FIRST_WORK_ORDER
    _story(book)
    sites = book.places
    weights = [2 if model[0] not in ("PW-8", "HT-8", "SP-600", "CF-8") else 1 for model in MODELS]
    models = [model[0] for model in MODELS if model[0] != "AS-30"]
    weights = [w for w, model in zip(weights, MODELS, strict=True) if model[0] != "AS-30"]
    for number in range(units - len(book.rows[Unit])):
        account, site = book.chance.choice(sites)
        code = book.chance.choices(models, weights)[0]
        oldest = 3300 if code in ("LX-210", "GX-400", "PW-8", "HT-8", "SP-600", "CF-8") else 2700
        newest = 1500 if oldest == 3300 else 20
        unit(book, code, f"{LETTERS.get(CATEGORY[code], 'N')}{20000 + number * 7}", account, site,
             book.chance.randint(newest, oldest))  # fmt: skip


def write(book: Book) -> None:
    """Units and contracts; work orders wait for the tickets they belong to."""
    book.write(Unit, UnitState, ServiceContract, ContractUnit)


def unit(
    book: Book, code: str, serial: str, account: int, site: int | None, age: int,
    contract: str = "maybe", name: str = "", location: str = "",
) -> int:  # fmt: skip
    """One unit so many days old; `contract` is yes, no or maybe."""
    installed = book.day(age)
    number = book.next_key[Unit]
    key = book.add(
        Unit, name, account_id=account, site_id=site, product_id=book.keys[code],
        serial_no=serial, serial_key=serial, location=location, status="in_use",
        ownership=book.chance.choices(("bought", "leased"), (5, 1))[0],
        delivered_on=installed - timedelta(days=3), installed_on=installed,
        accepted_on=installed + timedelta(days=5),
        warranty_ends_on=installed + timedelta(days=364), is_competitor=False, sold_by_us=True,
        lot=f"{installed:%y%m}-{number % 4 + 1}" if number % 3 else "",
        criticality=CRITICALITY.get(name, SOME[number % len(SOME)]),
    )  # fmt: skip
    book.add(UnitState, **first_row(book.rows[Unit][-1], key, book.keys["高橋 健"]))
    book.event(
        "unit.added", ("unit", key), account, book.at(installed, 15), book.keys["高橋 健"],
        product_code=code, product=NAMES[code], serial_no=serial,
    )  # fmt: skip
    covered = contract == "yes" or (contract == "maybe" and book.chance.random() < 0.45)
    if covered and age > 365:
        _contract(book, code, key, account, age)
    if name == "":
        _repairs(book, code, serial, key, account, age, covered)
    return key


def _contract(book: Book, code: str, unit_key: int, account: int, age: int) -> None:
    """One-year terms; the running one ends somewhere within the next year, or has lapsed."""
    ends = book.day(-book.chance.choice((20, 75, 130, 131, 200, 260, 300, 330, 350)))
    starts = date(ends.year - 1, ends.month, min(ends.day, 28)) + timedelta(days=1)
    number = f"M-{starts:%y%m}-{unit_key:04d}"
    key = book.add(
        ServiceContract, number=number, account_id=account, plan="標準プラン", starts_on=starts,
        ends_on=ends, notice_days=90, auto_renew=book.chance.random() < 0.5,
        annual_amount=CONTRACT[code], response_hours=book.chance.choice((4, 8, None)),
    )  # fmt: skip
    book.link(ContractUnit, contract_id=key, unit_id=unit_key)
    book.event(
        "contract.added", ("contract", key), account,
        book.at(max(starts, book.day(age)), 11), book.keys["高橋 健"], number=number,
        starts_on=starts.isoformat(), ends_on=ends.isoformat(), annual_amount=CONTRACT[code],
    )  # fmt: skip


def _repairs(
    book: Book, code: str, serial: str, unit_key: int, account: int, age: int, covered: bool
) -> None:
    for _ in range(book.chance.choices((0, 1, 2, 3), (5, 4, 2, 1))[0]):
        ago = book.chance.randint(2, min(age, 900) + 2)
        repair(book, code, serial, unit_key, account, ago,
               book.chance.randint(3, 24) * 10_000, not covered and age - ago > 365)  # fmt: skip


def repair(
    book: Book, code: str, serial: str, unit_key: int, account: int, ago: int, amount: int,
    chargeable: bool, symptom: str = "", action: str = "", ticket_id: int | None = None,
    name: str = "", hours: int = 0,
) -> int:  # fmt: skip
    """A finished repair so many days ago, with its line in the history."""
    day = book.working_day(ago)
    symptom = symptom or book.chance.choice(SYMPTOMS[CATEGORY[code]])
    action = action or book.chance.choice(ACTIONS)
    hours = hours or book.chance.randint(1, 9)
    labour = min(amount, 66_000) if amount else 0
    key = book.add(
        WorkOrder, name, unit_id=unit_key, account_id=account, ticket_id=ticket_id, kind="repair",
        status="returned", opened_on=day, done_on=day, symptom=symptom, action=action, cause="",
        labour_amount=labour, travel_amount=0, parts_amount=amount - labour,
        chargeable=chargeable and amount > 0,
        charge_reason="保証満了、契約なし" if chargeable else "", downtime_minutes=hours * 60,
        assignee_id=book.keys[book.chance.choice(("高橋 健", "森 和也"))],
    )  # fmt: skip
    book.event(
        "work_order.done", ("work_order", key), account, book.office_hour(day),
        book.keys["高橋 健"], work_order_id=key, number=f"WO-{key}", unit_id=unit_key,
        serial_no=serial, product_code=code, product=NAMES[code], work_kind="repair",
        symptom=symptom, action=action, chargeable=chargeable, total_amount=amount,
        downtime_minutes=hours * 60,
    )  # fmt: skip
    return key


def arrange(book: Book) -> None:
    """Work that is still open: the story's visit, and what the service team has on its desk."""
    yamada = book.keys["株式会社山田製作所"]
    units = {row["id"]: row for row in book.rows[Unit]}
    codes = {book.keys[code]: code for code in CATEGORY}
    plan: list[tuple[int, int, str, str, str, int, int | None]] = [
        (book.keys["山田PW"], yamada, "水が出ない", "repairing", "高橋 健", 1, 10482)
    ]
    chosen = book.chance.sample([row for row in units.values() if row["account_id"] != yamada], 7)
    for row, who, status in zip(
        chosen,
        ("高橋 健", "高橋 健", "高橋 健", "森 和也", "森 和也", "高橋 健", "森 和也"),
        ("received", "diagnosing", "awaiting_parts", "received", "awaiting_approval", "estimating",
         "repairing"),
        strict=True,
    ):  # fmt: skip
        symptom = book.chance.choice(SYMPTOMS[CATEGORY[codes[row["product_id"]]]])
        plan.append((row["id"], row["account_id"], symptom, status, who,
                     book.chance.randint(1, 9), None))  # fmt: skip
    for unit_key, account, symptom, status, who, ago, ticket in plan:
        code, serial = codes[units[unit_key]["product_id"]], units[unit_key]["serial_no"]
        key = book.add(
            WorkOrder, unit_id=unit_key, account_id=account, ticket_id=ticket, kind="repair",
            status=status, opened_on=book.working_day(ago), symptom=symptom, cause="", action="",
            labour_amount=0, travel_amount=0, parts_amount=0, chargeable=False, charge_reason="",
            assignee_id=book.keys[who],
        )  # fmt: skip
        book.event(
            "work_order.opened", ("work_order", key), account,
            book.office_hour(book.working_day(ago)), book.keys[who], number=f"WO-{key}",
            unit_id=unit_key, serial_no=serial, product_code=code, product=NAMES[code],
            work_kind="repair", symptom=symptom, status=status,
        )  # fmt: skip


def _story(book: Book) -> None:
    """The units that the pictures tell of."""
    yamada = book.keys["株式会社山田製作所"]
    kawasaki, atsugi = (
        book.keys[f"株式会社山田製作所/{site}"] for site in ("川崎工場", "厚木テクニカルセンター")
    )
    unit(book, "LX-210", "A93-20417", yamada, kawasaki, 2793, "yes", "山田LX", "2階 分析室")
    unit(book, "PW-10", "PW3381", yamada, kawasaki, 1497, "no", "山田PW", "1階 洗浄室")
    unit(book, "UT-50", "U50-1127", yamada, kawasaki, 1900, "yes", "山田UT", "強度試験室")
    unit(book, "HT-12", "HT-0087", yamada, kawasaki, 240, "no", "山田HT", "2階 環境室")
    unit(book, "CF-8", "CF8-220", yamada, kawasaki, 2300, "no", "山田CF", "2階 分析室")
    unit(book, "EB-224", "E22-90815", yamada, atsugi, 309, "no", "山田EB", "計量室")
    unit(book, "SP-640", "SP-4410", yamada, atsugi, 700, "yes", "山田SP", "分析室")
    sagami = book.keys["相模プラント株式会社"]
    unit(book, "LX-210", "A93-19850", sagami, None, 2950, "no", "相模LX", "水質管理室")
    misaki = book.keys["有限会社三崎樹脂"]
    unit(book, "HT-8", "HT-0051", misaki, None, 2100, "no", "三崎HT", "試験室")
    tell = (("LX-210", 450, 142_000, False, "圧力低下", "ポンプシール交換", 6),
            ("LX-210", 193, 142_000, False, "液漏れ", "シール交換", 4),
            ("LX-210", 115, 236_000, False, "搬送異常", "アーム調整", 9),
            ("LX-210", 49, 118_000, False, "圧力変動", "逆止弁交換", 6),
            ("LX-210", 3, 142_000, False, "圧力低下", "ポンプシール交換", 6),
            ("PW-10", 620, 92_500, True, "水質ランプ赤", "樹脂カートリッジ交換", 3),
            ("PW-10", 310, 160_000, True, "水が出ない", "採水ポンプ交換", 5),
            ("PW-10", 84, 160_000, True, "水が出ない", "原水フィルタ・弁交換", 4))  # fmt: skip
    tags = {"LX-210": "山田LX", "PW-10": "山田PW"}
    serials = {"LX-210": "A93-20417", "PW-10": "PW3381"}
    for code, ago, amount, paid, symptom, action, hours in tell:
        repair(book, code, serials[code], book.keys[tags[code]], yamada, ago, amount, paid, symptom,
               action, hours=hours)  # fmt: skip
