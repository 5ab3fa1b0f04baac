"""Small files of the kinds that are imported, invented here; and where the real ones may lie."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL = Path(__file__).parents[3] / "shared" / "data"
PLACES = ["sample", *(["real"] if REAL.is_dir() else [])]
"""The tests run on the samples always, on the public data where they lie beside the project."""

LATE = {"sample": (), "real": (pytest.mark.late,)}
FOLDERS = [pytest.param(one, one, marks=LATE[one]) for one in PLACES]
"""The same as a fixture's folder and its name; of the public data PostgreSQL sees most alone."""

TITLE = "ダウンロード実行日,2026年04月01日現在,件数,6件"
HEADER = (
    "ＥＤＩＮＥＴコード,提出者種別,上場区分,連結の有無,資本金,決算日,提出者名,提出者名（英字）,"
    "提出者名（ヨミ）,所在地,提出者業種,証券コード,提出者法人番号"
)
_FUND = (
    "はるかぜ投信株式会社,,ハルカゼトウシンカブシキガイシャ,千代田区丸の内九丁目,,,2120901007402"
)
COMPANIES = "\n".join(
    (
        "X00001,内国法人・組合,上場,有,100,3月31日,株式会社　髙田精機,"
        '"TAKADA SEIKI CO., LTD.",カブシキガイシャ　タカダセイキ,前橋市大手町一丁目１番１号,機械,'
        "10010,7000012050002",
        "X00002,内国法人・組合,上場,有,100,12月末日,山﨑Ⅱ号㈱,,ヤマザキニゴウカブシキガイシャ,"
        "水戸市泉町２－３,小売業,10020,4011001098993",
        f"X00003,内国法人・組合,,,50,,{_FUND}",
        f"X00004,内国法人・組合,,,50,,{_FUND}",
        "X00005,外国法人・組合,非上場,無,,12月31日,ノースリバー・インク,NORTH RIVER INC,"
        "ノースリバーインク,アメリカ合衆国,外国法人・組合,,",
        "X00006,内国法人・組合,,,10,2月末日,有限会社みなと商会,,ユウゲンガイシャミナトショウカイ,"
        "神戸市中央区港島,卸売業,,7123456789012",
    )
)

TEAMS = """sales_agent,manager,regional_office
Ada Lane,Ruth Field,North
Bo Reed,Ruth Field,North
Cy Marsh,Ned Brook,South
"""
PRODUCTS = """product,series,sales_price
PX Basic,PX,500
PX Pro,PX,4000
"""
ACCOUNTS = """account,sector,year_established,revenue,employees,office_location,subsidiary_of
Oakline,retail,1990,10.5,20,Norway,
Birchway,medical,1991,11.5,21,Kenya,Oakline
"""
PIPELINE_HEADER = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
)
PIPELINE = """A1,Ada Lane,PX Basic,Oakline,Won,2016-10-20,2017-03-01,520
A2,Bo Reed,PXPro,Birchway,Lost,2016-11-02,2017-02-01,0
A3,Cy Marsh,PXPro,,Engaging,2017-01-05,,
A4,Ada Lane,PX Basic,Oakline,Prospecting,,,
A5,Cy Marsh,PX Pro,,Won,2017-02-05,2017-04-05,3900
"""
MACHINES = "1,model3,18\n2,model4,0\n3,model4,7\n"
FAILURES = """2015-08-05 06:00:00,1,comp4
2015-09-06 06:00:00,1,comp1
2015-11-20 03:00:00,1,comp2
2015-12-01 06:00:00,2,comp2
"""
ERRORS = """2015-01-03 07:00:00,1,error1
2015-01-03 20:00:00,1,error3
2015-01-04 06:00:00,2,error5
"""
TELEMETRY = """datetime,machineID,volt,rotate,pressure,vibration
2015-01-04 05:00:00,1,170.649,464.19,103.743,58.458
2015-01-04 06:00:00,1,165.01,448.469,97.71,48.239
2015-01-04 05:00:00,2,142.666,,118.853,54.849
2015-01-04 06:00:00,2,142.666,433.279,118.853,54.849
"""
MAINTENANCE = """2014-06-01 06:00:00,1,comp2
2015-08-05 06:00:00,1,comp4
2015-09-06 06:00:00,1,comp1
2015-11-20 06:00:00,1,comp2
2015-12-02 06:00:00,2,comp2
"""


def companies() -> str:
    """The list of companies with its header, without the title line."""
    return f"{HEADER}\n{COMPANIES}\n".replace("\n", "\r\n")


def write_all(to: Path) -> Path:
    """Write every sample as the real files are called and laid out."""
    files: dict[str, bytes] = {
        "edinet/edinet_corporates_utf8.csv": companies().encode(),
        "edinet/edinet_corporates_cp932.csv": f"{TITLE}\r\n{companies()}".encode("cp932"),
        "crm_opportunities/sales_teams.csv": TEAMS.encode(),
        "crm_opportunities/products.csv": PRODUCTS.encode(),
        "crm_opportunities/accounts.csv": ACCOUNTS.encode(),
        "crm_opportunities/sales_pipeline.csv": (PIPELINE_HEADER + PIPELINE).encode(),
        "machines/PdM_machines.csv": MACHINES.encode(),
        "machines/PdM_failures.csv": FAILURES.encode(),
        "machines/PdM_maint.csv": MAINTENANCE.encode(),
        "machines/PdM_errors.csv": ERRORS.encode(),
        "machines/PdM_telemetry_windows.csv": TELEMETRY.encode(),
    }
    for name, content in files.items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return to
