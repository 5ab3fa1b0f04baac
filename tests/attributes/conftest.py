"""Custom fields as an administrator keeps them."""

from __future__ import annotations

import pytest

FIELDS = (
    ("account", "delivery", "要求納期区分", "Delivery class",
     {"kind": "choice", "choices": ["標準", "短納期", "特急"], "searchable": True}),
    ("account", "budget", "年間予算", "Yearly budget", {"kind": "money"}),
    ("account", "audited", "監査日", "Audited", {"kind": "date"}),
    ("deal", "rival", "競合メーカー", "Competing maker", {"kind": "text", "searchable": True}),
    ("deal", "rival_price", "競合の見積額", "Their price", {"kind": "money"}),
    ("deal", "partner", "代理店", "Dealer", {"kind": "reference", "refers_to": "account"}),
    ("ticket", "room", "設置環境", "Environment", {"kind": "text"}),
    ("ticket", "humidity", "湿度", "Humidity", {"kind": "number", "unit": "%"}),
)  # fmt: skip


@pytest.fixture
def fields(api, company):
    """(Kind of record, key) → the number of its definition."""
    admin, made = api(company.admin), {}
    for place, (record, key, ja, en, more) in enumerate(FIELDS):
        body = {"record": record, "key": key, "label_ja": ja, "label_en": en, "position": place}
        answer = admin.post("/attributes", body | more)
        assert answer.status_code == 201, answer.json
        made[record, key] = answer.json["id"]
    return made


@pytest.fixture
def account(api, company):
    """Enter an account with values of custom fields; returns it as the API shows it."""

    def make(name: str, **attributes: object) -> dict[str, object]:
        body = {"name": name, "attributes": attributes}
        answer = api(company.rep).post("/accounts", body)
        assert answer.status_code == 201, answer.json
        return dict(answer.json)

    return make
