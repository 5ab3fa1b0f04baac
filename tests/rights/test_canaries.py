"""What is hidden carries strings of its own; nobody who may not see it ever meets one."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from crm.clock import now
from crm.staff.models import Staff
from tests.people import Company
from tests.records import a_contact, a_product, a_unit, an_account, keep
from tests.rights.routes import UNDECLARED, ways

pytestmark = [pytest.mark.slow, pytest.mark.once]

SECRETS = {
    "subject": "銀狐の件 zorilla", "voice": "見積をください、増設したい quokka 上長から怒鳴られた",
    "symptom": "okapi", "note": "axolotl 人事へ", "resolution": "numbat 和解した",
}  # fmt: skip
WORDS = ("zorilla", "銀狐", "quokka", "怒鳴", "okapi", "axolotl", "numbat", "和解")
AMOUNT, PRICE = 87_654_321, 29_218_107
MONEY = (
    "87654321",
    "87,654,321",
    "87,654",
    "8,765",
    "29218107",
    "29,218,107",
    "30679012",
    "30,679",
)
"""The amount, the unit price and the weighted amount as pages and programs write them."""

MANY = ("ticket", "alert", "deal", "work_order", "handover", "call")
"""Kinds of which there are several, or which hang on a ticket or a deal."""

NO_SIGHT = ("rep", "engineer", "manager", "clerk")
QUERIES = (
    {"q": "zorilla"}, {"q": "銀狐"}, {"view": "all"}, {"state": "accepted"}, {"status": "solved"},
    {"sort": "-amount", "limit": "1"},
)  # fmt: skip


@pytest.fixture
def log_lines(app: Flask) -> Iterator[list[str]]:
    """Everything that is logged, down to the smallest thing."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    def keep_line(_logger: Any, _name: str, event: Any) -> Any:
        lines.append(repr(event))
        raise structlog.DropEvent

    before = structlog.get_config()
    wrapper = structlog.make_filtering_bound_logger(logging.DEBUG)
    structlog.configure(processors=[structlog.processors.format_exc_info, keep_line],
                        wrapper_class=wrapper)  # fmt: skip
    handler = Keeping()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)
    structlog.configure(**before)


@pytest.fixture
def keys(app: Flask, company: Company) -> dict[str, int]:
    """A customer of the rep's, and a second clerk who takes what nobody else may read."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        other = Staff(
            email="quiet@company.test", name="静 香", role="clerk", team_id=company.call_centre
        )
        product = a_product()
        return {
            "clerk": keep(other), "account_id": account, "product_id": product,
            "unit_id": a_unit(account, product), "contact_id": a_contact(account),
        }  # fmt: skip


@pytest.fixture
def confidential(
    app: Flask, api: Callable[..., Any], keys: dict[str, int], drained: Callable[[], int]
) -> dict[str, int]:
    """Three confidential tickets: one open, one solved, one that became so afterwards."""
    quiet = api(keys["clerk"])
    linked = {name: keys[name] for name in ("account_id", "unit_id", "contact_id")}
    told = {name: SECRETS[name] for name in ("subject", "voice", "symptom")}

    def taken(**more: Any) -> dict[str, Any]:
        answer = quiet.post("/tickets", {"category": "failure", **linked, **told, **more})
        assert answer.status_code == 201, answer.json
        made: dict[str, Any] = answer.json
        quiet.post(f"/tickets/{made['id']}/notes", {"body": SECRETS["note"]})
        drained()
        return made

    first, second = taken(confidential=True), taken(confidential=True, category="purchase")
    end = {"status": "solved", "resolution": SECRETS["resolution"]}
    assert quiet.post(f"/tickets/{second['id']}/closure", end).status_code == 201
    third = taken(confidential=False, category="purchase")
    hidden = quiet.patch(f"/tickets/{third['id']}", {"confidential": True}, 1)
    assert hidden.status_code == 200, hidden.json
    drained()
    return keys | {"ticket_id": first["id"], "solved": second["id"], "later": third["id"]}


def crawl(
    app: Flask, client: FlaskClient, token: str, keys: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Every GET there is, with keys in the address and in the query; address and answer."""
    numbers = (1, 2, 3)
    about = {name: key for name, key in keys.items() if name.endswith("_id")}
    for way in ways(app):
        if way.method != "GET" or way.right == UNDECLARED or way.endpoint == "alerts_api.live":
            continue
        places = [way.address()]
        if way.argument:
            some = numbers if way.record_kind in MANY else numbers[:1]
            places = [way.address(number) for number in some]
        asked: list[dict[str, Any]] = [{}]
        if not way.argument:
            asked += [about, *about_each(about)] if not way.api else []
            asked += [
                query for query in QUERIES if way.api or query.keys() & {"q", "view", "state"}
            ]
        headers = {"Authorization": f"Bearer {token}"} if way.api else {}
        for place in places:
            for query in asked:
                answer = client.get(place, query_string=query, headers=headers)
                assert answer.status_code < 500, (place, query)
                yield f"{place} {query}", answer.get_data().decode(errors="replace")


def about_each(about: dict[str, int]) -> list[dict[str, Any]]:
    """One key at a time, as panels take them."""
    return [{name: key} for name, key in about.items()]


def met(text: str, words: tuple[str, ...]) -> list[str]:
    """Which of the words an answer holds, in the open or inside a cursor."""
    inside = [text]
    for cursor in re.findall(r'"next": ?"([\w-]+)"|cursor=([\w-]+)', text):
        coded = "".join(cursor)
        inside.append(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("latin-1"))
    return [word for word in words if any(word in one for one in inside)]


@pytest.mark.parametrize("role", NO_SIGHT)
def test_nobody_but_its_handlers_meets_a_confidential_ticket(
    app: Flask, company: Company, api: Any, sign_in: Any, confidential: dict[str, int],
    log_lines: list[str], role: str,
) -> None:  # fmt: skip
    person = getattr(company, role)
    browser, token = sign_in(person), api(person).token
    leaks = [
        (where, words)
        for where, text in crawl(app, browser, token, confidential)
        if (words := met(re.sub("|".join(WORDS), _shown_back(where), text), WORDS))
    ]
    assert not leaks, "\n".join(map(str, leaks))
    assert not [line for line in log_lines if met(line, WORDS)]


def _shown_back(where: str) -> Callable[[re.Match[str]], str]:
    """What a person typed into a search field is no secret to her."""
    return lambda found: "" if found[0] in where else found[0]


def test_the_handler_meets_all_of_it(
    app: Flask, api: Any, sign_in: Any, confidential: dict[str, int]
) -> None:
    person = confidential["clerk"]
    missing = set(WORDS)
    for _where, text in crawl(app, sign_in(person), api(person).token, confidential):
        missing -= {word for word in missing if word in text}
        if not missing:
            break
    assert not missing


def test_a_history_says_that_something_confidential_happened(
    app: Flask, company: Company, api: Any, confidential: dict[str, int]
) -> None:
    path = f"/accounts/{confidential['account_id']}/timeline?kind=ticket"
    items = api(company.rep).get(path).json["items"]
    assert len(items) >= 3
    assert all(item["data"] == {} and item["by"] is None for item in items)


def test_a_deal_made_from_a_confidential_call_does_not_quote_it(
    app: Flask, company: Company, api: Any, sign_in: Any, confidential: dict[str, int]
) -> None:
    rep = api(company.rep)
    for alert in rep.get("/alerts").json["items"]:
        rep.post(f"/alerts/{alert['id']}/deal", None)
    stranger = company.stranger
    leaks = [
        (where, words)
        for where, text in crawl(app, sign_in(stranger), api(stranger).token, confidential)
        if (words := met(re.sub("|".join(WORDS), _shown_back(where), text), WORDS))
    ]
    assert not leaks, "\n".join(map(str, leaks))


def test_a_work_order_cannot_name_a_ticket_that_is_hidden(
    company: Company, api: Any, confidential: dict[str, int]
) -> None:
    body = {"unit_id": confidential["unit_id"], "ticket_id": confidential["ticket_id"]}
    there = api(company.engineer).post("/work-orders", body)
    missing = api(company.engineer).post("/work-orders", body | {"ticket_id": 4242})
    assert (there.status_code, there.json) == (422, missing.json)


@pytest.mark.parametrize("role", ["clerk", "engineer"])
def test_amounts_of_deals_reach_neither_desk_nor_workshop(
    app: Flask, company: Company, api: Any, sign_in: Any, keys: dict[str, int], role: str
) -> None:
    rep = api(company.rep)
    line = {"product_id": keys["product_id"], "quantity": 3, "unit_price": PRICE}
    deal = rep.post(
        "/deals", {"title": "更新", "account_id": keys["account_id"], "rank": "C", "lines": [line],
                   "unit_ids": [keys["unit_id"]]},
    ).json  # fmt: skip
    more = {"title": "増設", "account_id": keys["account_id"], "rank": "C", "amount": 5}
    second = rep.post("/deals", more).json
    rep.patch(f"/deals/{second['id']}", {"amount": AMOUNT}, 1)
    rep.post(f"/deals/{second['id']}/stage", {"stage": "quotation", "rank": "C"})
    rep.post(f"/deals/{deal['id']}/stage", {"stage": "won", "closed_on": f"{now():%Y-%m-%d}"})
    third = rep.post("/deals", more | {"amount": AMOUNT}).json
    person = getattr(company, role)
    about = keys | {"deal_id": third["id"]}
    leaks = [
        (where, words)
        for where, text in crawl(app, sign_in(person), api(person).token, about)
        if (words := met(text, MONEY))
    ]
    assert not leaks, "\n".join(map(str, leaks))
    assert any(met(text, MONEY) for _w, text in crawl(app, sign_in(company.rep), rep.token, about))
