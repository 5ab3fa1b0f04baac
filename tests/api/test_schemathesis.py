"""schemathesis asks the API everything its document allows, and much that it does not."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from crm.app import create_app
from crm.extensions import db
from crm.staff import actions as staff
from crm.staff.models import Staff
from crm.text.normal import clean
from tests.conftest import POSTGRES, own_postgres, settings_for
from tests.people import found_company
from tests.rights.world import build

pytestmark = [pytest.mark.slow, pytest.mark.late]

EXAMPLES = 3
OFF = {"enabled": False}
OTHER_METHODS = {"unexpected-methods": ["PUT", "TRACE"]}
"""One that some addresses know and one that none does: one router refuses them all."""
PARTS = 3
ENDLESS = "/api/v1/alerts/stream"
"""Left out for one reason: the stream never ends, so that its answer can never be read whole."""

TWINS = r"/(?!accounts)[a-z-]+(/bulk|\.csv|\.xlsx)$"
"""Left out as well: what one function makes of every collection is asked of accounts alone."""

ASKED_ELSEWHERE = re.compile(
    r"path: (Incorrect type|Near-boundary number)$|body: \w+: (Incorrect type|Value is not allowed"
    r"|Value greater than maximum|Value smaller than minimum|String larger than maxLength)$"
)
"""`test_bad_input.py` asks for keys that are none, and for all fields of a body at once what none
of them can hold, where each has to be named."""

CHECKS = {
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422"]
    },
    "missing_required_header": {"expected-statuses": ["401", "404", "422", "428"]},
    "negative_data_rejection": {
        "expected-statuses": ["400", "404", "405", "412", "415", "422", "428"]
    },
}
"""What the contract says and schemathesis cannot know: a well formed body may name a record that
is not there (422) or be refused by the state of its record (409), and a well formed version may be
an old one (412). Content is read first, then the record is looked for, then its version (so that
422 or 404 may come where 428 is expected)."""


@pytest.fixture
def served(tmp_path: Path, worker_name: str) -> Flask:
    """An application of its own: what is thrown at it must not meet other tests."""
    own = {"database_url": own_postgres(f"{worker_name}_asked")} if POSTGRES else {}
    app = create_app(settings_for(tmp_path, **own))
    with app.app_context():
        db.create_all()
        build(found_company(), "admin")
    return app


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of sockets mean nothing to a call within the process, which knows no such word.

    A good key is made another one each time: told a second time with other words, it would be
    refused before anything is done.
    """
    send, keys = WSGITransport.send, count(1)

    def sent(self: Any, case: Any, **kwargs: Any) -> Any:
        for name in ("max_redirects", "verify", "cert", "proxies"):
            kwargs.pop(name, None)
        if "Idempotency-Key" in (case.headers or {}) and good(case):
            case.headers["Idempotency-Key"] = f"asked-{next(keys)}"
        return send(self, case, **kwargs)

    monkeypatch.setattr(WSGITransport, "send", sent)


def good(case: Any) -> bool:
    """Was everything about this request made as the document says?"""
    return case.meta is not None and case.meta.generation.mode.is_positive


def asked_here(_context: Any, case: Any) -> bool:
    """Is this request not one of those that are the same for all addresses?"""
    data = case.meta.phase.data if case.meta else None
    place = getattr(data, "parameter_location", None)
    return place is None or not ASKED_ELSEWHERE.match(f"{place.value}: {data.description}")


def excused(name: str, case: Any, answer: Any) -> bool:
    """What no document can say: which cursors were given out and which custom fields there are to
    sort by, so that any text is tried for one; that control characters are taken out of a text
    before it is looked at; and that work without a day is no entry of a calendar."""
    match name:
        case "positive_data_acceptance":
            return answer.status_code == 400 and set(answer.json()["errors"]) <= {"cursor", "sort"}
        case "negative_data_rejection":
            typed = case.body.values() if isinstance(case.body, dict) else []
            return any(isinstance(text, str) and clean(text) != text for text in typed)
        case "ensure_resource_availability":
            return bool(case.path.endswith(".ics"))
    return False


def part_of(schema: Any, part: int, changes: bool) -> Any:
    """A third of the API: whole resources, so that what leads to what stays together.

    What a field may hold is tried to the end with new records: changes, which are read by the
    same schema, come by themselves and are asked what chance finds.
    """
    names = sorted({path.split("/")[3] for path in schema.raw_schema["paths"]})
    chosen = "|".join(re.escape(name) for name in names[part::PARTS])
    within = f"^/api/v1/({chosen})"
    if changes:
        return schema.include(path_regex=f"{within}/", method="PATCH").include(
            path_regex=f"{within}/.*/finish$"
        )
    left = schema.include(path_regex=f"{within}(/|$)").exclude(path=ENDLESS)
    return left.exclude(path_regex=TWINS).exclude(method="PATCH").exclude(path_regex="/finish$")


def asked(app: Flask, part: int) -> tuple[Counter[str], list[str]]:
    """How many checks of each name held, and what did not hold, with the request."""
    with app.app_context():
        person = db.session.query(Staff).filter_by(email="admin@company.test").one()
        token = staff.issue_token(person, "write")
        db.session.commit()
    held: Counter[str] = Counter()
    failed: dict[str, str] = {}
    for changes, phases in (
        (False, {"coverage": OTHER_METHODS}),
        (True, {"coverage": OFF, "stateful": OFF}),
    ):
        config = schemathesis.Config.from_dict(
            {
                "seed": 7,
                "headers": {"Authorization": f"Bearer {token}"},
                "checks": CHECKS,
                "phases": phases,
                "analysis": {"constants": OFF},
                "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            }
        )
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
        schema.hooks.hook("filter_case")(asked_here)
        for event in from_schema(part_of(schema, part, changes)).execute():
            note(event, held, failed)
    return held, [f"{what}\n  {how}" for what, how in failed.items()]


def note(event: Any, held: Counter[str], failed: dict[str, str]) -> None:
    """Count the checks of a scenario, and keep each failure once."""
    if isinstance(event, events.NonFatalError | events.FatalError):
        failed.setdefault(str(event.info), "the engine stopped here")
    if not isinstance(event, events.ScenarioFinished):
        return
    for case_id, nodes in event.recorder.checks.items():
        case, answer = (
            event.recorder.cases[case_id].value,
            event.recorder.interactions[case_id].response,
        )
        for node in nodes:
            info = node.failure_info
            if info is None or excused(node.name, case, answer):
                held[node.name] += 1
                continue
            said = f"{event.label} {event.phase.value} {node.name}: {info.failure.title}"
            failed.setdefault(said, f"{info.failure.message}\n  {info.code_sample}")


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_program_gets_an_answer_that_is_not_documented(
    served: Flask, transport: None, part: int
) -> None:
    held, failed = asked(served, part)
    assert not failed, "\n\n".join(failed)
    assert held["not_a_server_error"] > 200
    assert held["negative_data_rejection"] > 40
    with served.app_context():
        db.engine.dispose()
