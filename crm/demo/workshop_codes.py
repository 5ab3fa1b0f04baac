"""Codes of symptoms, causes and actions as a dealer in instruments uses them."""

from __future__ import annotations

CODES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "symptom": (
        ("S01", "起動しない", "Does not start"), ("S02", "圧力低下", "Pressure falls"),
        ("S03", "圧力・流量の変動", "Pressure or flow varies"), ("S04", "液漏れ", "Leak"),
        ("S05", "水が出ない", "No water"), ("S06", "水質低下", "Water quality falls"),
        ("S07", "温度が上がらない", "Does not heat"), ("S08", "表示エラー", "Error on the display"),
        ("S09", "測定値のずれ・ばらつき", "Readings off or scattered"), ("S10", "異音・振動", "Noise"),
        ("S11", "搬送異常", "Transport fault"), ("S12", "回転数が上がらない", "Does not reach speed"),
        ("S13", "現象再現せず", "Not reproduced"),
    ),
    "cause": (
        ("C01", "経年劣化", "Ageing"), ("C02", "消耗部品の寿命", "Worn part"),
        ("C03", "シールの摩耗", "Worn seal"), ("C04", "フィルタ詰まり", "Clogged filter"),
        ("C05", "電源・基板不良", "Power supply or board"), ("C06", "センサー不良", "Sensor"),
        ("C07", "スケール堆積", "Scale"), ("C08", "汚れ・異物", "Dirt or foreign matter"),
        ("C09", "設置環境", "Place of installation"), ("C10", "操作・設定", "Handling or settings"),
        ("C11", "ソフトウェア", "Software"), ("C12", "原因不明", "Unknown"),
    ),
    "action": (
        ("A01", "部品交換", "Part changed"), ("A02", "シール交換", "Seal changed"),
        ("A03", "部品交換・清掃", "Part changed, cleaned"), ("A04", "清掃", "Cleaned"),
        ("A05", "調整", "Adjusted"), ("A06", "校正", "Calibrated"),
        ("A07", "基板交換", "Board changed"), ("A08", "センサー交換", "Sensor changed"),
        ("A09", "ファームウェア更新", "Firmware updated"), ("A10", "設定変更", "Settings changed"),
        ("A11", "操作説明", "Use explained"), ("A12", "様子見", "Left under observation"),
    ),
}  # fmt: skip

SYMPTOM_OF = {
    "圧力低下": "S02", "送液圧力の変動": "S03", "ベースラインの乱れ": "S09", "ピーク割れ": "S09",
    "搬送異常": "S11", "液漏れ": "S04", "漏れ": "S04", "水が出ない": "S05", "水質ランプ赤": "S06",
    "異音": "S10", "表示エラー": "S08", "温度が上がらない": "S07", "起動しない": "S01",
    "回転数が上がらない": "S12", "指示値のずれ": "S09", "測定値のばらつき": "S09",
    "吸光度のずれ": "S09", "荷重ゼロずれ": "S09", "校正エラー": "S08",
}  # fmt: skip
ACTION_OF = {
    "部品交換": "A01", "シール交換": "A02", "ポンプシール交換": "A02", "調整": "A05",
    "アーム調整": "A05", "清掃・点検": "A04", "基板交換": "A07", "センサー交換": "A08",
    "ファームウェア更新": "A09", "樹脂カートリッジ交換": "A01", "採水ポンプ交換": "A01",
    "原水フィルタ・弁交換": "A03",
}  # fmt: skip
