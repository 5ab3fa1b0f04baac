"""What the dealer sells: instruments with their lives, ends and successors."""

from __future__ import annotations

from datetime import date

from crm.demo.book import Book
from crm.products.models import Product
from crm.text.serial import serial_key

# code, name, category, maker, price, contract a year, life in years, successor
MODELS: tuple[tuple[str, str, str, str, int, int, int, str], ...] = (
    ("LX-310", "高速液体クロマトグラフ LX-310", "クロマトグラフ", "東和計測", 7_380_000, 264_000, 8, ""),
    ("LX-210", "高速液体クロマトグラフ LX-210", "クロマトグラフ", "東和計測", 6_480_000, 248_000, 8, "LX-310"),
    ("GX-520", "ガスクロマトグラフ GX-520", "クロマトグラフ", "東和計測", 5_280_000, 216_000, 8, ""),
    ("GX-400", "ガスクロマトグラフ GX-400", "クロマトグラフ", "東和計測", 4_860_000, 204_000, 8, "GX-520"),
    ("AS-30", "オートサンプラ AS-30", "クロマトグラフ", "東和計測", 540_000, 36_000, 8, ""),
    ("PW-10", "純水製造装置 PW-10", "純水装置", "みずほ水機", 980_000, 198_000, 8, ""),
    ("PW-8", "純水製造装置 PW-8", "純水装置", "みずほ水機", 760_000, 168_000, 8, "PW-10"),
    ("UT-50", "万能試験機 UT-50", "材料試験", "大倉試験機", 4_200_000, 180_000, 12, ""),
    ("EB-224", "電子天びん EB-224", "天びん", "計量精工", 440_000, 28_000, 10, ""),
    ("HT-12", "恒温恒湿槽 HT-12", "環境試験", "北斗環境", 1_240_000, 96_000, 10, ""),
    ("HT-8", "恒温恒湿槽 HT-8", "環境試験", "北斗環境", 1_080_000, 88_000, 10, "HT-12"),
    ("SR-300", "表面粗さ計 SR-300", "形状測定", "精密光機", 3_150_000, 120_000, 10, ""),
    ("CF-16", "遠心分離機 CF-16", "遠心分離", "久田理化", 1_980_000, 84_000, 10, ""),
    ("CF-8", "遠心分離機 CF-8", "遠心分離", "久田理化", 1_420_000, 72_000, 10, "CF-16"),
    ("SP-640", "分光光度計 SP-640", "分光分析", "光和分光", 2_450_000, 108_000, 9, ""),
    ("SP-600", "分光光度計 SP-600", "分光分析", "光和分光", 2_180_000, 98_000, 9, "SP-640"),
    ("AX-72", "原子吸光光度計 AX-72", "分光分析", "光和分光", 9_460_000, 320_000, 10, ""),
    ("RC-5", "残留塩素計 RC-5", "水質計", "みずほ水機", 320_000, 24_000, 7, ""),
)  # fmt: skip

SYMPTOMS = {
    "クロマトグラフ": (
        "圧力低下",
        "ベースラインの乱れ",
        "送液圧力の変動",
        "ピーク割れ",
        "搬送異常",
    ),
    "純水装置": ("水が出ない", "水質ランプ赤", "漏れ", "異音", "表示エラー"),
    "材料試験": ("荷重ゼロずれ", "クロスヘッド停止", "治具の破損", "表示エラー"),
    "天びん": ("表示のふらつき", "校正エラー", "風防の破損"),
    "環境試験": ("温度が上がらない", "加湿しない", "結露", "異音"),
    "形状測定": ("触針の摩耗", "測定値のばらつき", "通信エラー"),
    "遠心分離": ("回転数が上がらない", "異音", "ドアロック異常", "アンバランス警報"),
    "分光分析": ("ランプ劣化", "吸光度のずれ", "起動しない", "炎が消える"),
    "水質計": ("指示値のずれ", "電極の劣化", "表示エラー"),
}
ACTIONS = (
    "部品交換",
    "調整",
    "シール交換",
    "清掃・点検",
    "基板交換",
    "センサー交換",
    "ファームウェア更新",
)


def stock(book: Book) -> None:
    """The catalogue. LX-210 and GX-400 are on their way out; older ones are past their support."""
    year = book.today.year
    ends = {
        "LX-210": date(year + 1, 9, 30), "GX-400": date(year + 1, 3, 31),
        "PW-8": date(year, 3, 31), "HT-8": date(year + 2, 6, 30), "SP-600": date(year + 3, 3, 31),
    }  # fmt: skip
    for code, name, category, maker, price, contract, life, _ in MODELS:
        book.add(
            Product, code, code=code, code_key=serial_key(code), name=name, category=category,
            maker=maker, list_price=price, maintenance_price=contract, warranty_months=12,
            expected_life_months=life * 12, inspection_interval_months=12,
            end_of_support_on=ends.get(code), parts_supply_end_on=ends.get(code),
            end_of_sale_on=date(year - 4, 3, 31) if code in ends else None,
            successor_id=None, installable=code != "AS-30",
            consumable_cycle_days=180 if code.startswith("PW") else None,
        )  # fmt: skip
    for row, model in zip(book.rows[Product], MODELS, strict=True):
        row["successor_id"] = book.keys.get(model[7])
    book.rows[Product].sort(key=lambda row: row["successor_id"] is not None)
    book.write(Product)
