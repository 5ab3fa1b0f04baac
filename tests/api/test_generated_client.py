"""A client made by somebody else's generator from our document does the main flow."""

from __future__ import annotations

import importlib
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from werkzeug.serving import make_server

from tests.conftest import Api
from tests.people import Company

pytestmark = pytest.mark.once
NAME = "engawa_made_client"
AS_BYTES = (
    "application/pdf", "text/csv", "application/zip", "image/jpeg", "text/calendar", "text/vcard",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
"""Files are bytes to a program; the generator has to be told so."""
FLOW = ("accounts", "alerts", "deals", "tickets", "removals", "webhooks")
"""The rooms of the flow: a client of all rooms is 800 files, which take a quarter of a minute."""
REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def of_the_flow(document: dict[str, Any]) -> dict[str, Any]:
    """The document without the rooms that nobody enters, and without their schemas."""
    kept = {path: ways for path, ways in document["paths"].items() if path.split("/")[3] in FLOW}
    schemas, found = document["components"]["schemas"], {"Problem"}
    wanted = set(REFERENCE.findall(json.dumps(kept)))
    while wanted:
        found |= wanted
        wanted = set(REFERENCE.findall(json.dumps([schemas[one] for one in wanted]))) - found
    parts = document["components"] | {"schemas": {name: schemas[name] for name in sorted(found)}}
    return document | {"paths": kept, "components": parts}


@pytest.fixture
def made(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], ModuleType]:
    """Generate the client, and give out its modules."""
    source, target = tmp_path / "openapi.json", tmp_path / NAME
    document: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").json or {}
    source.write_text(json.dumps(of_the_flow(document)), encoding="utf-8")
    said = ConfigFile(
        post_hooks=[],
        content_type_overrides=dict.fromkeys(AS_BYTES, "application/octet-stream"),
    )
    config = Config.from_sources(said, MetaType.NONE, source, "utf-8", True, target)
    complaints = [f"{one.header} {one.detail}" for one in generate(config=config)]
    assert complaints == []
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name: importlib.import_module(f"{NAME}.{name}")


def test_a_generated_client_goes_from_a_call_to_a_deal(
    company: Company, api: Any, address: str, made: Callable[[str], ModuleType], drained: Any
) -> None:
    caller: Api = api(company.rep)
    client = made("client").AuthenticatedClient(base_url=address, token=caller.token)
    models = made("models")

    def call(name: str, **said: Any) -> Any:
        room = {"accounts": "accounts", "tickets": "support", "alerts": "alerts", "deals": "deals"}
        place = f"api.{room[name.partition('_')[2]]}_api.{name}"
        return made(place).sync(client=client, **said)

    account = call("create_accounts", body=models.Account(name="株式会社生成", rank="A"))
    assert isinstance(account, models.Account) and account.version == 1
    refused = call("create_accounts", body=models.Account(name=""))
    assert isinstance(refused, models.Problem) and "name" in refused.errors.additional_properties
    ticket = call("create_tickets", body=models.Ticket(
        account_id=account.id, channel=models.TicketChannel.PHONE, subject="純水が出ない",
        voice="新しい機種の見積もお願いします。",
    ))  # fmt: skip
    assert ticket.status == "open" and ticket.voice == "新しい機種の見積もお願いします。"
    drained()
    found = call("list_alerts", account_id=account.id)
    assert [one.rule for one in found.items] == ["R17"] and found.next_ is None
    deal = made("api.alerts_api.alerts_make_deal").sync(found.items[0].id, client=client)
    assert (deal.from_alert_id, deal.account_id) == (found.items[0].id, account.id)
    again = call("get_deals", record_id=deal.id)
    assert (again.title, again.stage) == (deal.title, "lead")
    for name in [one for one in sys.modules if one.partition(".")[0] == NAME]:
        del sys.modules[name]
