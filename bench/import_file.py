"""The file of the import benchmark: companies by the ten thousand, every one another."""

from __future__ import annotations

import csv
from pathlib import Path

from bench.names import BUSINESSES, FIELDS, FORMS, KANJI, PLACES, pick

HEADER = (
    "name", "name_kana", "corporate_number", "industry", "phone", "postal_code", "address",
    "customer_since",
)  # fmt: skip
INDUSTRIES = ("化学", "医薬品", "電気機器", "食料品", "精密機器", "機械", "素材", "大学・研究機関")


def write_companies(path: Path, number: int, first: int = 0) -> None:
    """Write so many companies, named by our own fields, UTF-8. The same number is the same file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        out.writerows(_company(key) for key in range(first, first + number))


def _company(key: int) -> tuple[str, ...]:
    place, field = PLACES[pick(key, 1, len(PLACES))], FIELDS[pick(key, 2, len(FIELDS))]
    business = BUSINESSES[pick(key, 3, len(BUSINESSES))]
    sign = KANJI[key % len(KANJI)]
    core, kana = (place[n] + sign[n] + field[n] + business[n] for n in (0, 1))
    seven = f"{pick(key, 4, 10_000_000):07}"
    return (
        FORMS[pick(key, 5, len(FORMS))].format(core), kana, corporate_number(key),
        INDUSTRIES[pick(key, 6, len(INDUSTRIES))],
        f"0{3 + pick(key, 7, 6)}-{1000 + pick(key, 8, 9000)}-{pick(key, 9, 10_000):04}",
        f"{seven[:3]}-{seven[3:]}",
        f"{place[0]}市{sign[0]}町{1 + key % 9}丁目{1 + key % 30}番{1 + key % 20}号",
        str(1960 + pick(key, 10, 60)),
    )  # fmt: skip


def corporate_number(key: int) -> str:
    """A 法人番号 that holds: twelve digits behind their check digit."""
    twelve = f"{100_000_000_000 + key * 7:012}"
    total = sum(int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(twelve)))
    return f"{9 - total % 9}{twelve}"
