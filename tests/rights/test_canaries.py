"""What is hidden carries strings of its own; nobody who may not see it ever meets one."""

from __future__ import annotations

import base64
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.clock import now
from crm.staff.models import Staff
from tests.people import Company
from tests.records import a_contact, a_product, a_unit, an_account, keep
from tests.rights.routes import UNDECLARED, Way, ways

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

MANY = ("advice", "ticket", "alert", "deal", "work_order", "handover", "call")
"""Kinds of which there are several, or which hang on a ticket or a deal."""

SEVERAL = range(1, 7)
NO_SIGHT = {
    "rep": WORDS, "stranger": WORDS, "manager": WORDS, "engineer": WORDS + MONEY,
    "clerk": WORDS + MONEY,
}  # fmt: skip
"""Who may meet none of these words."""

FINDING = ({"q": "zorilla"}, {"q": "銀狐"})
QUERIES = (
    {"view": "all"}, {"state": "accepted"}, {"status": "solved"}, {"sort": "-amount", "limit": "1"},
)  # fmt: skip


CLOSED = (403, 404)
"""Of a closed door nothing more is asked."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHOLE = (WORKBOOK, "application/pdf")
"""Files that take long; the list or page that they are made of is asked everything."""

_OWN = re.compile(r"[\w.-]{24,}|(?:[?]|&amp;)[\w-]+=[^\"&]*")

Groups = list[list[dict[str, Any]]]


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
    app: Flask, company: Company, api: Callable[..., Any], keys: dict[str, int],
    drained: Callable[[], int],
) -> dict[str, int]:  # fmt: skip
    """Three confidential tickets: one open, one solved, one that became so afterwards, over which
    a colleague had given advice by then, and another was asked for hers."""
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
    for asked in (company.colleague, company.engineer):
        question = {"ticket_id": third["id"], "asked_id": asked, "question": SECRETS["note"]}
        advice = quiet.post("/advice", question).json["id"]
        if asked == company.colleague:
            told = {"answer": SECRETS["resolution"]}
            assert api(asked).post(f"/advice/{advice}/answer", told).status_code == 201
    hidden = quiet.patch(f"/tickets/{third['id']}", {"confidential": True}, 1)
    assert hidden.status_code == 200, hidden.json
    drained()
    return keys | {"ticket_id": first["id"], "solved": second["id"], "later": third["id"]}


@pytest.fixture
def deals(api: Callable[..., Any], company: Company, confidential: dict[str, int]) -> int:
    """Deals with amounts that neither desk nor workshop sees: of a confidential call, of products
    sold, won, and open; the last one's key."""
    rep = api(company.rep)
    undecided, *_others = rep.get("/alerts").json["items"]
    assert rep.post(f"/alerts/{undecided['id']}/deal", None).status_code == 201
    about = {"account_id": confidential["account_id"], "rank": "C"}
    line = {"product_id": confidential["product_id"], "quantity": 3, "unit_price": PRICE}
    won = rep.post(
        "/deals",
        about | {"title": "更新", "lines": [line], "unit_ids": [confidential["unit_id"]]},
    ).json
    moved = rep.post("/deals", about | {"title": "増設", "amount": 5}).json
    rep.patch(f"/deals/{moved['id']}", {"amount": AMOUNT}, 1)
    rep.post(f"/deals/{moved['id']}/stage", {"stage": "quotation", "rank": "C"})
    rep.post(f"/deals/{won['id']}/stage", {"stage": "won", "closed_on": f"{now():%Y-%m-%d}"})
    last: int = rep.post("/deals", about | {"title": "増設", "amount": AMOUNT}).json["id"]
    assert last in SEVERAL
    return last


def crawl(
    app: Flask, client: FlaskClient, token: str, keys: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Every GET there is, with keys in the address and in the query; address and answer."""
    about = {name: key for name, key in keys.items() if name.endswith("_id")}
    document = app.extensions["openapi"]().to_dict()["paths"]
    for way in ways(app):
        if way.method != "GET" or way.right == UNDECLARED or way.endpoint == "alerts_api.live":
            continue
        places = [way.address()]
        if way.argument:
            some = SEVERAL if way.record_kind in MANY else SEVERAL[:1]
            places = [way.address(number) for number in some]
        headers = {"Authorization": f"Bearer {token}"} if way.api else {}
        groups = _of_a_program(document, way.rule) if way.api else _of_a_person(way, about)
        for number, place in enumerate(places):  # one of a kind heeds what all do
            yield from _answers(client, headers, place, groups if number == 0 else [])


def _answers(
    client: FlaskClient, headers: dict[str, str], place: str, groups: Groups
) -> Iterator[tuple[str, str]]:
    """The plain question, and each of every group until one shows that nobody heeds such questions.

    A page shows what it was asked, also where it finds nothing: one that shows nothing of all
    questions at once heeds none.
    """

    def ask(query: dict[str, Any]) -> tuple[TestResponse, str]:
        answer = client.get(place, query_string=query, headers=headers)
        assert answer.status_code < 500, (place, query)
        return answer, _read(answer)

    answer, text = ask({})
    yield f"{place} {{}}", text
    if answer.status_code in CLOSED or answer.mimetype in WHOLE or not groups:
        return
    plain = _lasting(text)
    at_once = {name: value for query in chain(*groups) for name, value in query.items()}
    for group in groups if headers else ([at_once], *groups):
        for query in group:
            _answer, text = ask(query)
            yield f"{place} {query}", text
            if _lasting(text) != plain:
                continue
            if query is at_once:
                return
            break


def _lasting(text: str) -> str:
    """A page without its tokens, and without the question that its links repeat."""
    return _OWN.sub("", text)


def _of_a_person(way: Way, about: dict[str, int]) -> Groups:
    """Questions in groups of a kind; all keys first, then each alone as panels take it."""
    if way.argument:
        return []
    keys: list[dict[str, Any]] = [about, *({name: key} for name, key in about.items())]
    others = [query for query in QUERIES if query.keys() & {"view", "state"}]
    return [keys, list(FINDING), *([query] for query in others)]


def _of_a_program(document: dict[str, Any], rule: str) -> Groups:
    """The questions that this address says it knows: whatever else is asked is refused by name,
    before anything is looked for."""
    said = document.get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule), {}).get("get", {})
    known = {one["name"] for one in said.get("parameters", ()) if one["in"] == "query"}
    return [[query] for query in (*FINDING, *QUERIES) if query.keys() <= known]


def _read(answer: TestResponse) -> str:
    """An answer as text; a workbook with all that is packed in it."""
    content = answer.get_data()
    if answer.mimetype == WORKBOOK:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    return content.decode(errors="replace")


def met(text: str, words: tuple[str, ...]) -> list[str]:
    """Which of the words an answer holds, in the open or inside a cursor."""
    inside = [text]
    for cursor in re.findall(r'"next": ?"([\w-]+)"|cursor=([\w-]+)', text):
        coded = "".join(cursor)
        inside.append(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("latin-1"))
    return [word for word in words if any(word in one for one in inside)]


@pytest.mark.parametrize("role", NO_SIGHT)
def test_nobody_meets_what_is_hidden_from_her(
    app: Flask, company: Company, api: Any, sign_in: Any, confidential: dict[str, int], deals: int,
    log_lines: list[str], role: str,
) -> None:  # fmt: skip
    person = getattr(company, role)
    about = confidential | {"deal_id": deals}
    leaks = [
        (where, words)
        for where, text in crawl(app, sign_in(person), api(person).token, about)
        if met(text, NO_SIGHT[role])
        and (words := met(re.sub("|".join(WORDS), _shown_back(where), text), NO_SIGHT[role]))
    ]
    assert not leaks, "\n".join(map(str, leaks))
    assert not met("\n".join(log_lines), WORDS)


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


def test_a_work_order_cannot_name_a_ticket_that_is_hidden(
    company: Company, api: Any, confidential: dict[str, int]
) -> None:
    body = {"unit_id": confidential["unit_id"], "ticket_id": confidential["ticket_id"]}
    there = api(company.engineer).post("/work-orders", body)
    missing = api(company.engineer).post("/work-orders", body | {"ticket_id": 4242})
    assert (there.status_code, there.json) == (422, missing.json)


def test_a_rep_meets_the_amounts(
    app: Flask, company: Company, api: Any, sign_in: Any, keys: dict[str, int], deals: int
) -> None:
    pages = crawl(app, sign_in(company.rep), api(company.rep).token, keys)
    assert any(met(text, MONEY) for _where, text in pages)
