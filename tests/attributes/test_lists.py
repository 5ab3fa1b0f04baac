"""Lists on pages are narrowed by custom fields, and what is taken out of them as well."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.attributes import placing
from crm.attributes.models import TRAITS
from crm.clock import now, today
from crm.extensions import db
from crm.installed_base.models import ServiceContract
from crm.search.sources import refresh
from tests.records import (
    a_campaign,
    a_contact,
    a_contract,
    a_deal,
    a_paid_repair,
    a_product,
    a_site,
    a_ticket,
    a_unit,
    an_account,
    an_activity,
)

LISTS = {
    "account": "accounts", "deal": "deals", "ticket": "tickets", "product": "products",
    "unit": "units", "work_order": "work-orders", "campaign": "campaigns",
    "contact": "contacts", "contract": "contracts", "activity": "activities",
}  # fmt: skip
"""Kind → its list; work that is done is not shown unasked."""
ASKED = "attribute=remark&value=要注意&status=all&stage=any&team=all"


@pytest.fixture
def pair(app, company):
    """Kind → the keys of two records."""
    with app.app_context():
        found: dict[str, list[int]] = {kind: [] for kind in LISTS}
        for serial in ("A-1", "A-2"):
            at = an_account(company.rep, company.first_team, name=f"株式会社{serial}")
            product = a_product(code=f"GX-{serial}")
            unit = a_unit(at, product, serial)
            for kind, key in (
                ("account", at), ("product", product), ("unit", unit),
                ("deal", a_deal(at, company.rep, company.first_team)),
                ("ticket", a_ticket(at, company.clerk, company.call_centre)),
                ("work_order", a_paid_repair(at, unit, 10, 1000)),
                ("campaign", a_campaign(at, unit, product)[0]),
                ("contact", a_contact(at)),
                ("contract", a_contract(at, [unit], today(), today() + timedelta(364), serial)),
                ("activity", an_activity(at, company.rep, company.first_team)),
            ):  # fmt: skip
                found[kind].append(key)
        return found


def test_every_list_is_narrowed_by_a_custom_field_on_its_page_and_in_its_file(
    api, sign_in, company, pair, statements
):
    admin, browser, field_of_units = api(company.admin), sign_in(company.admin), 0
    for kind, name in LISTS.items():
        said = {"record": kind, "key": "remark", "label_ja": "社内メモ", "label_en": "Remark"}
        field = admin.post("/attributes", said).json["id"]
        field_of_units = field if kind == "unit" else field_of_units
        one, other = pair[kind]
        record = admin.get(f"/{name}/{one}").json
        changed = admin.patch(
            f"/{name}/{one}", {"attributes": {"remark": "要注意"}}, record["version"]
        )
        assert changed.status_code == 200, (kind, changed.json)
        asked = "&".join(
            part for part in ASKED.split("&")
            if kind in {"status": ["work_order"], "stage": ["deal"], "team": ["deal"]}.get(
                part.split("=")[0], LISTS)
        )  # fmt: skip
        statements.clear()
        page = browser.get(f"/{name}?{asked}")
        assert page.status_code == 200 and "社内メモ" in page.text, kind
        assert len(statements) <= 12, (kind, len(statements))
        rows = re.findall(rf"/{name}/(\d+)[\"?]", page.text)
        assert str(one) in rows and str(other) not in rows, kind
        assert browser.get(f"/{name}?attribute=colour:red").status_code == 400, kind
        file = admin.get(f"/{name}.csv?{asked}").data.decode("utf-8-sig").splitlines()
        assert (len(file), file[1].split(",")[0]) == (2, str(one)), kind
    bookmark = browser.get(f"/units?attribute={field_of_units}&value=要注意").text
    rows = re.findall(r"/units/(\d+)[\"?]", bookmark)
    assert str(pair["unit"][0]) in rows and str(pair["unit"][1]) not in rows
    board = browser.get("/deals/board?attribute=remark:要注意&team=all").text
    assert "社内メモ 要注意" in board
    assert f'href="/deals/{pair["deal"][1]}"' not in board


def test_amounts_of_deals_are_no_way_around_the_rights(api, company, fields, account, sign_in):
    one = account("株式会社青木")
    deal = {"title": "更新", "account_id": one["id"], "attributes": {"rival_price": 900_000}}
    assert api(company.rep).post("/deals", deal).status_code == 201
    asked = "attribute=rival_price:>=1"
    assert len(api(company.manager).get(f"/deals?{asked}").json["items"]) == 1
    engineer = api(company.engineer)
    assert engineer.get(f"/deals?{asked}").status_code in (403, 422)
    assert engineer.get(f"/deals.csv?{asked}").status_code in (403, 422)
    assert "900000" not in engineer.get("/deals.csv").data.decode()


def test_every_list_goes_by_a_custom_field_page_after_page_the_blank_last(
    app, api, sign_in, company, fields, account, statements
):
    made = {}
    for key, budget in (("B", 300), ("C", None), ("A", 300), ("E", 20), ("D", None)):
        how = {"B": "特急", "A": "標準", "E": "短納期", "C": "特急"}.get(key)
        said = {"budget": budget, "delivery": how}
        values = {name: one for name, one in said.items() if one is not None}
        made[key] = account(f"株式会社{key}", **values)["id"]
    rep, browser = api(company.rep), sign_in(company.rep)

    def walk(order: str) -> str:
        found, cursor = "", ""
        for _page in range(9):
            answer = rep.get(f"/accounts?limit=2&sort={order}{cursor}")
            assert answer.status_code == 200, answer.json
            found += "".join(one["name"][-1] for one in answer.json["items"])
            if answer.json["next"] is None:
                return found
            cursor = f"&cursor={answer.json['next']}"
        raise AssertionError(found)

    assert walk("attribute:budget") == "EBACD"
    assert walk("-attribute:budget") == "ABEDC"
    assert walk("attribute:delivery") == "AEBCD"
    delivery, admin = fields["account", "delivery"], api(company.admin)
    version = admin.get(f"/attributes/{delivery}").json["version"]
    offered = {"choices": ["短納期", "標準"]}
    assert admin.patch(f"/attributes/{delivery}", offered, version).status_code == 200
    assert walk("attribute:delivery") == "EABCD"
    assert walk("-attribute:delivery") == "CBAED"
    kept = {"attributes": {"delivery": "特急"}}
    assert rep.patch(f"/accounts/{made['B']}", kept, 1).status_code == 200
    assert rep.patch(f"/accounts/{made['A']}", kept, 1).status_code == 422
    form = browser.get(f"/accounts/{made['B']}/edit").text
    assert '<option value="特急" selected>' in form
    with app.app_context():
        traits = TRAITS["account"]
        of_older_days = sa.update(traits).where(traits.c.definition_id == delivery)
        db.session.execute(of_older_days.values(place=None))
        db.session.commit()
    assert walk("attribute:delivery") == "BCAED"
    with app.app_context():
        placing.nightly({"day": "2026-11-22"})
        db.session.commit()
    assert walk("attribute:delivery") == "EABCD"
    file = rep.get("/accounts.csv?sort=-attribute:budget").data.decode("utf-8-sig")
    assert "".join(re.findall("株式会社([A-E])", file)) == "ABEDC"
    statements.clear()
    page = browser.get("/accounts?sort=attribute:budget&also=delivery,audited").text
    assert len(statements) <= 12
    assert "".join(re.findall('class="open b"[^>]*>株式会社([A-E])', page)) == "EBACD"
    walked, at = "", made["E"]
    for _step in range(5):
        walked += next(name for name, key in made.items() if key == at)
        there = browser.get(f"/accounts/{at}?sort=attribute:budget").text
        ahead = re.search(r'href="/accounts/(\d+)[^"]*"[^>]*data-next', there)
        behind = re.search(r'href="/accounts/(\d+)[^"]*"[^>]*data-prev', there)
        assert walked[:-1] == "" or int(behind[1]) == made[walked[-2]]
        at = int(ahead[1]) if ahead else 0
    assert at == 0 and walked == "EBACD"
    assert "¥300" in page and "特急" in page
    assert "sort=-attribute%3Abudget" in page and "also=delivery%2Caudited" in page
    for order in ("attribute:colour", "attribute:", "-attribute:budget;x"):
        assert rep.get(f"/accounts?sort={order}").status_code in (400, 422), order
        assert browser.get(f"/accounts?sort={order}").status_code == 400, order


def test_people_contracts_and_activities_have_lists_with_filters_files_and_links(
    app, api, sign_in, company, statements
):
    with app.app_context():
        at = an_account(company.rep, company.first_team, name="株式会社青木")
        other = an_account(company.rep, company.first_team, name="株式会社伊藤")
        site, unit = a_site(at), a_unit(at, a_product(), "A-1")
        people = [a_contact(at, site_id=site, kana_key="ス"), a_contact(other, kana_key="イ")]
        day = today()
        terms = ((-400, -40), (-40, 300), (40, 400))
        contracts = [
            a_contract(at, [unit], day + timedelta(begins), day + timedelta(ends))
            for begins, ends in terms
        ]
        left = a_contract(other, [], day - timedelta(9), day + timedelta(9))
        db.session.get_one(ServiceContract, left).cancelled_on = day
        done = an_activity(at, company.rep, company.first_team, at=now() - timedelta(days=3))
        deal = a_deal(at, company.rep, company.first_team)
        coming = an_activity(
            at, company.colleague, company.first_team, kind="phone", planned=True, deal_id=deal
        )
        db.session.commit()
        refresh("contract", contracts)
        db.session.commit()
    rep, browser = api(company.rep), sign_in(company.rep)
    for address, wanted in (
        ("/contacts", people[::-1]), ("/contacts?sort=-kana_key", people),
        (f"/contacts?account_id={at}", people[:1]), (f"/contacts?site_id={site}", people[:1]),
        ("/contacts?q=ありえない名前", []),
        ("/contracts", [contracts[0], left, *contracts[1:]]),
        ("/contracts?standing=in_force", contracts[1:2]),
        ("/contracts?standing=to_begin", contracts[2:]),
        ("/contracts?standing=ended", [contracts[0], left]),
        (f"/contracts?q=M-{day + timedelta(300):%y%m%d}", contracts[1:2]),
        ("/activities", [coming, done]), ("/activities?sort=at", [done, coming]),
        ("/activities?by_id=me", [done]), ("/activities?planned=true", [coming]),
        ("/activities?kind=visit", [done]), (f"/activities?deal_id={deal}", [coming]),
    ):  # fmt: skip
        statements.clear()
        page = browser.get(address)
        assert page.status_code == 200 and len(statements) <= 12, (address, len(statements))
        name = address.split("?")[0]
        keys = [
            int(key)
            for key in re.findall(r'class="open b[^"]*" href="[^"]*?/(\d+)(?:\?[^"]*)?"', page.text)
        ]
        mine = [at if (name, key) == ("/activities", coming) else key for key in wanted]
        assert keys == mine, (address, keys, mine)
        asked = address.replace("=me", f"={company.rep}").split("?")
        file = rep.get(f"{name}.csv?{'?'.join(asked[1:])}").data.decode("utf-8-sig").splitlines()
        assert sorted(int(row.split(",")[0]) for row in file[1:]) == sorted(wanted), address
    for wrong in ("/contacts?account_id=x", "/contracts?standing=odd", "/activities?planned=maybe"):
        assert browser.get(wrong).status_code == 400, wrong
    assert f"/contacts?account_id={at}" in browser.get(f"/accounts/{at}").text
    assert 'href="/contracts?standing=in_force"' in browser.get("/search/palette").text
