"""What is left behind: of a command that was killed, of records merged since, of old files."""

from __future__ import annotations

import csv
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.clock import now
from crm.doubles import merging, unmerging
from crm.doubles.models import Merge
from crm.extensions import db
from crm.outbox.drain import drain
from crm.outbox.models import Message
from crm.search.models import Entry
from crm.transfers import jobs, running
from crm.transfers.models import ImportKey
from crm.transfers.run_actions import enter, start
from crm.transfers.run_models import ImportRun, ImportStep
from crm.transfers.storing import root, store
from tests.dying import die_at
from tests.transfers.samples import companies


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    path = tmp_path / "companies.csv"
    path.write_text(companies(), encoding="utf-8")
    return path


@pytest.mark.parametrize("place", ["before_commit:3", "after_commit:3"])
def test_a_command_that_is_killed_is_gone_on_with_and_said_again_changes_nothing(
    app, company, command, count, brought, monkeypatch, place
):
    monkeypatch.setattr(running, "CHUNK", 2)
    said = ("import", "accounts", brought)
    assert die_at(f"imports.{place}", app, lambda: command(*said)) == 137
    done = count(Account)
    assert done == {"before_commit:3": 2, "after_commit:3": 4}[place]
    with app.app_context():
        assert drain("heavy") == 0, "whoever was at work may still be"
        db.session.execute(sa.update(Message).values(lease_until=None))
        db.session.commit()
        assert drain("heavy") == 1
        run = db.session.scalars(sa.select(ImportRun)).one()
        assert (run.state, run.rows_done, run.new_count) == ("done", 6, 6)
    assert count(Account) == count(ImportKey) == count(ImportStep) == 6
    again = command(*said)
    assert (again.exit_code, count(Account)) == (0, 6), again.output
    with app.app_context():
        last = db.session.scalars(sa.select(ImportRun).order_by(ImportRun.id.desc())).first()
        assert last is not None and (last.new_count, last.same_count) == (0, 6)


def test_names_of_any_signs_are_known_again_and_every_customer_of_a_file_is_new_once(
    app, take, count, tmp_path
):
    names = ['"A" 商会', "B\\\\", "{C},(D)", "{NULL}", "%s %(x)s ? :y", "E\tF 'G'", "ﾊﾟ ー", "null,"]
    rows = [("name", "handling_note"), *((name, f"{name} \\\\N \t \n.") for name in names)]
    with (tmp_path / "odd.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    made = take("accounts", tmp_path / "odd.csv")
    assert (made.new, made.refused, count(Account)) == (len(names), [], len(names))
    assert take("accounts", tmp_path / "odd.csv").same == len(names)
    with app.app_context():
        stand = dict(db.session.execute(sa.select(Account.name, Account.handling_note)).all())
    assert stand == {" ".join(a.split()): b.strip() for a, b in rows[1:]}


def test_a_large_file_comes_in_by_a_process_without_pages(app, company, count, monkeypatch):
    monkeypatch.setattr(jobs, "LARGE", 1)
    settings = app.extensions["settings"]
    for name in ("database_url", "data_dir", "secret_key"):
        monkeypatch.setenv(f"CRM_{name.upper()}", str(getattr(settings, name)))
    with app.app_context():
        run = enter("accounts", store(io.BytesIO(companies().encode()), "x.csv"), None)
        run.mapping, run.state = {"name": "edinet_utf8"}, "mapped"
        start(run, company.manager)
        db.session.commit()
        assert drain("heavy") == 1
        db.session.refresh(run)
        assert (run.state, run.new_count, run.error) == ("done", 6, "")
    assert count(Account) == count(Entry, Entry.kind == "account") == 6


def test_an_import_is_taken_back_but_for_what_was_merged_since_and_the_merge_can_be_as_well(
    app, api, company, take, count, brought
):
    assert take("accounts", brought).new == 6
    manager = api(company.manager)
    with app.app_context():
        first, _, third, fourth, *_ = db.session.scalars(sa.select(Account.id).order_by("id"))
        merging.merge("account", third, fourth, {}, company.manager)
        db.session.commit()
    back = undone(app, manager)
    assert (back["state"], back["undone"], back["kept"]) == ("undone", 4, 2)
    kept = manager.get(f"/imports/{back['id']}/kept").json["items"]
    assert {one["record_id"]: one["why"] for one in kept} == dict.fromkeys(
        (third, fourth), "その後に別の記録と統合されています。"
    )
    again = take("accounts", brought)
    assert (again.new, again.same, again.refused) == (4, 2, [])
    with app.app_context():
        assert unmerging.unmerge(db.session.scalars(sa.select(Merge)).one(), company.manager) == []
        db.session.commit()
        keys = set(db.session.scalars(sa.select(ImportKey.record_id)))
        assert keys == set(db.session.scalars(sa.select(Account.id))) and first not in keys
    assert {third, fourth} < keys
    assert undone(app, manager)["undone"] == 4
    assert count(Account) == count(ImportKey) == 2
    assert take("accounts", brought).same == 2


def undone(app, manager) -> dict:
    """Take the last import back; what became of it."""
    key = manager.get("/imports").json["items"][0]["id"]
    assert manager.post(f"/imports/{key}/undo", {}).status_code == 202
    with app.app_context():
        drain("heavy")
    return manager.get(f"/imports/{key}").json


def test_files_go_a_month_after_their_import_which_can_still_be_taken_back(
    app, api, company, take, count, brought
):
    take("accounts", brought)
    take("accounts", brought)
    with app.app_context():
        for state in ("mapped", "running"):
            run = enter("accounts", store(io.BytesIO(companies().encode()), "x.csv"), None)
            run.state = state
        db.session.commit()
        gone, *_, busy = db.session.scalars(sa.select(ImportRun.stored).order_by(ImportRun.id))
        (root() / "stray").mkdir()
        (root() / "fresh").mkdir()
        os.utime(root() / "stray", (0, 0))
        old = now() - timedelta(days=31)
        db.session.execute(sa.update(ImportRun).where(ImportRun.id != 2).values(updated_at=old))
        db.session.commit()
        jobs.tidy({})
        jobs.tidy({})
        left = {run.id: run.stored for run in db.session.scalars(sa.select(ImportRun))}
        assert (set(left), left[1], left[4]) == ({1, 2, 4}, "", busy)
        lying = {one.name for one in root().iterdir()}
        assert ({left[2], busy, "fresh"} - lying, {gone, "stray"} & lying) == (set(), set())
    manager = api(company.manager)
    assert manager.post("/imports/1/undo", {}).status_code == 202
    with app.app_context():
        drain("heavy")
    assert (manager.get("/imports/1").json["undone"], count(Account)) == (6, 0)
