"""The index is built anew while people work, and nothing is missing at the end."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from crm.accounts import actions as accounts
from crm.accounts.models import Account, Contact, Site
from crm.clock import now, today
from crm.deals.models import Activity, Deal
from crm.extensions import db
from crm.files.models import Attachment
from crm.installed_base.models import WorkOrder
from crm.outbox.drain import drain
from crm.search import actions, folding, jobs, rebuilding, sizes
from crm.search.cli import search_group
from crm.search.models import Entry, Handler, Identifier
from crm.search.older import WHOLE, some_are_older
from crm.search.queries import Only, Viewer, find
from crm.search.rebuild_models import MAKE, Rebuild
from crm.search.sources import sources
from crm.staff.models import Staff
from crm.support.actions import change_ticket
from crm.support.models import Ticket, TicketNote
from crm.text.normal import grams
from tests.records import (
    a_campaign,
    a_contract,
    a_product,
    a_ticket,
    a_unit,
    an_account,
    an_advice,
    keep,
)

HANDLES_ALL = Viewer(sees_all=True)


def whole_index() -> list[object]:
    """All that the index holds, but for the instants of writing."""
    columns = [c for c in Entry.__table__.columns if c.name != "updated_at"]
    tables = [(columns, Entry), (Identifier.__table__.columns, Identifier),
              (Handler.__table__.columns, Handler)]  # fmt: skip
    read = [
        [list(row) for row in db.session.execute(sa.select(*some).order_by(*some[:2]))]
        for some, _table in tables
    ]
    if db.engine.dialect.name == "sqlite":
        grams = "SELECT rowid, grams FROM search_fts ORDER BY rowid"
        read.append([list(row) for row in db.session.connection().exec_driver_sql(grams)])
    db.session.rollback()
    return read


def rebuilt(stop_after: int | None = None) -> Rebuild:
    """Build the index anew, chunk by chunk, or only so many chunks of it."""
    run_id, done = rebuilding.begin().id, 0
    db.session.commit()
    while True:
        run = rebuilding.step(run_id)
        db.session.commit()
        done += 1
        if run.finished_at is not None or done == stop_after:
            return run


@pytest.fixture
def records(app, monkeypatch):
    """Some records of every kind, in chunks of a few, with an index that is right."""
    monkeypatch.setattr(rebuilding, "CHUNK", 7)
    monkeypatch.setattr(jobs, "CHUNK", 3)
    with app.app_context():
        _write()
        assert rebuilt().finished_at is not None
        db.session.execute(sa.delete(Rebuild))
        db.session.commit()
        yield app
        db.session.rollback()


def _write() -> None:
    first = an_account(None, None)
    product = a_product()
    db.session.add_all(Account(name=f"株式会社本橋{n}", name_kana="モトハシ") for n in range(20))
    unit = a_unit(first, product)
    a_campaign(first, unit, product)
    a_contract(first, [unit], today(), today())
    ticket = a_ticket(first, None, None, subject="水漏れ", voice="床が濡れます", confidential=True)
    expert = keep(Staff(email="e@company.test", name="小林 大輔", role="engineer"))
    an_advice(expert, expert, ticket_id=ticket)
    db.session.add_all([
        Site(account_id=first, name="川崎工場"), Contact(account_id=first, family_name="鈴木"),
        Deal(account_id=first, title="更新のご提案", stage_since=now()),
        Activity(account_id=first, kind="visit", at=now(), summary="要望を聞いた"),
        *(TicketNote(ticket_id=ticket, body=f"折り返した {n}", at=now()) for n in range(9)),
        WorkOrder(unit_id=unit, account_id=first, opened_on=today(), symptom="異音"),
        Attachment(ticket_id=ticket, sha256="0" * 64, size=1, media_type="text/plain",
                   name="写真.txt"),
    ])  # fmt: skip
    db.session.commit()


def test_building_the_index_anew_changes_nothing_that_is_right(records):
    before = whole_index()
    kinds = dict(sizes.entries())
    assert kinds.keys() == sources().keys()
    assert {kind: one.count() for kind, one in sources().items()} == kinds
    assert rebuilt().done == sum(kinds.values())
    assert whole_index() == before


def test_the_bytes_of_its_tables_and_indexes_are_known(records):
    known = dict(sizes.sizes())
    assert known["search_entries"] > 0 and known["ix_search_entries_account_id_id"] > 0
    assert known.keys() >= {"search_handlers", "search_identifiers", "search_rebuilds"}


def test_an_emptied_or_old_index_is_whole_again_after_a_kill_in_the_middle(records):
    before = whole_index()
    actions.forget_all()
    actions.index("account", 999_999, label="いなくなった会社")
    actions.index("account", 1, label="古い名")
    db.session.commit()
    reached = rebuilt(stop_after=2).done
    assert 0 < reached < rebuilding.begin().whole
    rebuilding.step(rebuilding.begin().id)
    db.session.rollback()
    assert rebuilding.begin().done == reached
    rebuilt()
    assert whole_index() == before


def test_what_is_changed_during_a_rebuild_has_its_newest_words(records):
    keys = sources()["account"].keys(0, 100)
    stop = threading.Event()

    def rename() -> None:
        with records.app_context():
            for turn, key in enumerate(keys):
                if stop.is_set():
                    break
                account = db.session.get_one(Account, key)
                accounts.change_account(account, {"name": f"改名{turn}商会"}, None)
                db.session.commit()

    writer = threading.Thread(target=rename)
    writer.start()
    rebuilt()
    db.session.rollback()
    stop.set()
    writer.join()
    names = dict(db.session.execute(sa.select(Account.id, Account.name)).tuples().all())
    entries = sa.select(Entry.record_id, Entry.label).where(Entry.kind == "account")
    assert dict(db.session.execute(entries).tuples().all()) == names


def test_an_index_of_an_older_make_is_built_anew_in_the_background(records):
    before = whole_index()
    rebuilding.ask()
    db.session.commit()
    assert drain("heavy") == 0
    db.session.add(Rebuild(make=1, finished_at=None))
    actions.forget_all()
    rebuilding.ask()
    rebuilding.ask()
    db.session.commit()
    assert drain("heavy") > len(sources())
    assert whole_index() == before
    assert not rebuilding.is_outdated()


def test_an_installation_that_never_rebuilt_does_when_the_make_is_raised(records, monkeypatch):
    rebuilding.ask()
    rebuilding.ask()
    db.session.commit()
    founded = db.session.scalars(sa.select(Rebuild)).all()
    assert [(one.make, one.whole) for one in founded] == [(MAKE, 0)]
    assert "never rebuilt" in records.test_cli_runner().invoke(search_group, ["status"]).output
    assert drain("heavy") == 0
    monkeypatch.setattr(rebuilding, "MAKE", MAKE + 1)
    actions.forget_all()
    rebuilding.ask()
    db.session.commit()
    assert drain("heavy") > len(sources())
    assert find(Viewer(), "山田製作所", ["account"])
    assert not rebuilding.is_outdated()


def test_entries_without_triples_are_found_until_they_are_built_anew(records, monkeypatch):
    account = an_account(None, None, name="ミナモ光学エンジニアリング")
    rebuilt()
    whole = find(Viewer(), "エンジニアリ")
    with monkeypatch.context() as older:
        older.setattr(folding, "grams", lambda text: [one for one in grams(text) if len(one) < 3])
        rebuilt()
    assert find(Viewer(), "エンジニアリ") == []
    db.session.add(Rebuild(make=MAKE - 1, finished_at=now()))
    db.session.flush()
    monkeypatch.delitem(records.extensions, WHOLE)
    assert find(Viewer(), "エンジニアリ") == whole
    assert whole[0].record_id == account
    rebuilt()
    assert not some_are_older()
    assert find(Viewer(), "エンジニアリ") == whole


def test_what_belongs_to_a_renamed_customer_is_found_under_the_new_name(records):
    account = db.session.get_one(Account, find(Viewer(), "山田製作所", ["account"])[0].record_id)
    kinds = {one.kind for one in find(HANDLES_ALL, "山田製作所")}
    assert kinds == sources().keys() - {"product", "work_order", "campaign"}
    accounts.change_account(account, {"name": "株式会社鬱龢製作所"}, None)
    db.session.commit()
    drain("fast")
    assert {one.kind for one in find(HANDLES_ALL, "鬱龢")} == kinds
    assert find(Viewer(), "山田製作所", ["contact"]) == []


def test_what_belongs_to_a_customer_is_its_owners(records):
    account = db.session.get_one(Account, find(Viewer(), "山田製作所", ["account"])[0].record_id)
    theirs = {"account", "site", "contact", "unit", "contract"}
    people = db.session.scalars(sa.select(Staff.id).where(Staff.id != account.owner_id)).all()
    for owner_id in people[:2]:
        accounts.change_account(account, {"owner_id": owner_id}, None)
        db.session.commit()
        drain("fast")
        found = find(HANDLES_ALL, "山田製作所", only=Only(owner_id=owner_id))
        assert {one.kind for one in found} >= theirs


def test_the_command_tells_how_large_the_index_is_and_builds_it(records):
    runner = records.test_cli_runner()
    assert "never rebuilt" in runner.invoke(search_group, ["status"]).output
    assert f"make {MAKE}" in runner.invoke(search_group, ["rebuild"]).output
    told = runner.invoke(search_group, ["status"]).output
    assert "search_entries" in told
    assert "work_order" in told


def test_a_document_is_as_confidential_as_its_ticket_is_now(records):
    ticket = db.session.scalars(sa.select(Ticket)).one()
    clerk = SimpleNamespace(id=None, role="admin", team_id=None)
    assert find(Viewer(), "写真") == []
    change_ticket(ticket, {"confidential": False}, clerk)
    assert [one.kind for one in find(Viewer(), "写真")] == ["document"]
    change_ticket(ticket, {"confidential": True}, clerk)
    assert find(Viewer(), "写真") == []
