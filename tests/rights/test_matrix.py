"""Every route × every role × one's own, a team mate's, somebody else's and a missing record."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from crm import rights
from crm.doubles.models import KINDS as MERGED
from crm.extensions import db
from crm.staff.models import Staff
from tests.fingerprints import fingerprint
from tests.people import Company
from tests.rights.routes import UNDECLARED, Way, ways
from tests.rights.world import MISSING, World, build, expected

pytestmark = [pytest.mark.slow, pytest.mark.late]

REFUSED = (401, 403, 404)
PUBLIC = {
    "GET /api/v1/docs", "GET /api/v1/openapi.json", "GET /healthz", "GET /login", "GET /readyz",
    "POST /language", "POST /login", "GET /expiries.ics", "GET /work-orders/worker.js",
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "deals_api.change_stage": {"stage": "discovery"},
    "alerts_api.dismiss": {"reason": "other"},
    "alerts_api.snooze": {},
    "support_api.closure": {"status": "solved", "resolution": "フィルタを替えた"},
    "support_api.write_note": {"body": "電話した"},
    "advice_api.answer": {"answer": "延びます"},
    "advice_api.decline": {"word": "担当外です"},
    "advice_api.hand_on": {"asked_id": MISSING},
    "advice_api.judge": {"outcome": "helped"},
    "doubles_api.decide": {"decision": "later"},
    **{f"doubles_api.merge_{kind}": {"lost_id": MISSING} for kind in MERGED},
    **{f"doubles_api.unmerge_{kind}": {"merge_id": MISSING} for kind in MERGED},
}
"""What each route must be sent for its refusal to be one of rights, where `{}` is not enough."""

STALE = '"99"'
"""A version that no record has: the door opens, and nothing is changed."""

NOT_THERE = {
    "files.fetch": "what is written straight into the table has no content",
    "files.thumbnail": "what is written straight into the table has no content",
    "files_api.content": "what is written straight into the table has no content",
    "reports_api.fetch": "a report that is not done has no file yet",
    "reports.download": "a report that is not done has no file yet",
    "vcards.step_entry": "a next step without a day is no entry of a calendar",
    "vcards_api.deal_file": "a next step without a day is no entry of a calendar",
    "vcards.work_entry": "work without a planned day is no entry of a calendar",
    "vcards_api.work_order_file": "work without a planned day is no entry of a calendar",
}


class Caller:
    """A person at every door: with a token at the API, with a browser at the pages."""

    def __init__(self, api: Any, browser: Any, about: dict[str, int]) -> None:
        self.api, self.browser, self.about = api, browser, about

    def ask(self, way: Way, key: Any = None, version: str = "*") -> TestResponse:
        """Knock; the version is the right one unless given, so that rights alone can refuse."""
        address = way.address(key)
        unsafe = way.method != "GET"
        if way.api:
            body = BODIES.get(way.endpoint, {}) if unsafe else None
            headers = {"If_Match": version} if unsafe else {}
            answer = self.api(way.method, address.removeprefix("/api/v1"), body, **headers)
        else:
            answer = self.browser.open(
                address, method=way.method, query_string=self.about,
                data={"stage": "discovery", **self.about} if unsafe else None,
            )  # fmt: skip
        if answer.mimetype != "text/event-stream":
            answer.get_data()  # a file that is sent as it is read keeps its session until the end
        answer.close()
        return answer


@pytest.fixture
def caller(api: Callable[..., Any], sign_in: Callable[..., Any]) -> Callable[[World], Caller]:
    return lambda world: Caller(
        api(world.user), sign_in(world.user),
        {f"{kind}_id": world.records[kind]["own"] for kind in ("account", "unit")},
    )  # fmt: skip


def same(answer: TestResponse) -> str:
    """An answer without what differs from one request to the next."""
    text = re.sub(r"[\w-]{20,}\.[\w-]+\.[\w-]{20,}", "TOKEN", answer.text)
    return f"{answer.status_code} {re.sub(rf'{MISSING}', 'KEY', text)}"


def writes(statement: str) -> bool:
    """Whether it may leave a trace: whatever does not begin as a question."""
    return not statement.lstrip().startswith(("SELECT", "SET ", "SHOW"))


def test_every_route_declares_a_right_or_that_it_needs_none(app: Flask) -> None:
    assert [str(way) for way in ways(app) if way.right == UNDECLARED] == []


def test_nothing_else_is_open_to_people_who_are_not_signed_in(app: Flask) -> None:
    assert {str(way) for way in ways(app) if way.right is None} == PUBLIC


def test_every_right_that_a_route_declares_is_in_the_table(app: Flask) -> None:
    known = {
        (action, kind)
        for kinds in rights.RIGHTS.values()
        for kind, actions in kinds.items()
        for action in actions
    }
    assert {way.right for way in ways(app) if way.right} <= known


def test_nobody_gets_in_without_signing_in(app: Flask, company: Company) -> None:
    before = fingerprint(app)
    client = app.test_client()
    wrong = []
    for way in ways(app):
        if way.right is None:
            continue
        answer = client.open(way.address(1), method=way.method)
        if way.api:
            right = answer.status_code == 401 and answer.is_json
        else:
            right = answer.status_code == 303 and answer.location.startswith("/login")
        if not right:
            wrong.append((str(way), answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert fingerprint(app) == before


def test_a_forged_or_cut_token_is_nobody(app: Flask, company: Company) -> None:
    client = app.test_client()
    for header in ("Bearer x", "Bearer", "Bearer ", "Basic eDp5", "bearer eng_" + "a" * 43, "ü"):
        answer = client.get("/api/v1/deals", headers={"Authorization": header})
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_read_token_changes_nothing(app: Flask, company: Company, api: Any) -> None:
    with app.app_context():
        world = build(company, "admin")
    reader = Caller(api(world.user, "read"), None, {})
    before = fingerprint(app)
    for way in ways(app):
        if way.api and way.right and way.method != "GET":
            keys = world.places(way.record_kind).values() if way.argument else [None]
            assert {reader.ask(way, key).status_code for key in keys} == {403}, str(way)
    assert fingerprint(app) == before


def test_a_role_is_refused_what_is_not_its(
    app: Flask, company: Company, caller: Any, statements: list[str], role: str
) -> None:
    with app.app_context():
        world = build(company, role)
    person = caller(world)
    before = fingerprint(app)
    wrong = []
    refused = [(way, key) for way, key, allowed in _cases(app, world) if not allowed]
    for way, some in groupby(refused, key=lambda case: case[0]):
        statements.clear()
        missing = same(person.ask(way, MISSING)) if way.argument else ""
        for _way, key in some:
            answer = person.ask(way, key)
            if answer.status_code != (403 if key is None else 404):
                wrong.append((str(way), key, answer.status_code))
            elif key is not None and same(answer) != missing:
                wrong.append((str(way), key, "differs from a missing record"))
        if any(writes(one) for one in statements) and (after := fingerprint(app)) != before:
            wrong.append((str(way), None, "left a trace"))
            before = after
    assert not wrong, "\n".join(map(str, wrong))
    assert fingerprint(app) == before


def test_a_role_gets_what_is_its(app: Flask, company: Company, caller: Any, role: str) -> None:
    with app.app_context():
        world = build(company, role)
    person = caller(world)
    wrong = []
    cases = [case for case in _cases(app, world) if case[2]]
    for way, key, _allowed in sorted(cases, key=lambda case: case[0].ends_something):
        answer = person.ask(way, key, STALE)
        if answer.status_code in REFUSED and way.endpoint not in NOT_THERE:
            wrong.append((str(way), key, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def _cases(app: Flask, world: World) -> list[tuple[Way, int | None, bool]]:
    """Every guarded way with every record it may be tried on, and what the table says of it."""
    found: list[tuple[Way, int | None, bool]] = []
    with app.app_context():
        user = db.session.get_one(Staff, world.user)
        for way in ways(app):
            if way.right in (None, UNDECLARED):
                continue
            if way.argument is None:
                found.append((way, None, rights.may(user, *way.right)))
                continue
            for key in _keys(world, way, user):
                allowed = expected(world, *way.right, way.record_kind, key)
                found.append((way, key, allowed))
    return found


def _keys(world: World, way: Way, user: Staff) -> list[int]:
    """All places where the right depends on the record; one where it depends on the role alone."""
    keys = sorted(world.places(way.record_kind).values())
    depends = rights.scope(user, *way.right) not in (None, "all") or way.record_kind == "draft"
    return keys if depends else keys[:1]
