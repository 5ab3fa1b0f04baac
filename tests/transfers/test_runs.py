"""A file is tried, imported by a job, stopped, taken back; a machine may lose power meanwhile."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.outbox.drain import drain
from crm.outbox.models import Message
from crm.search.models import Entry
from crm.timeline.models import Event
from crm.transfers import jobs, running, undoing
from crm.transfers.models import ImportKey
from crm.transfers.run_models import ImportRow, ImportRun, ImportStep
from crm.transfers.undoing import parts_back
from tests.dying import die_at
from tests.transfers.samples import companies

ADDRESS = "/api/v1/imports"


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch):
    """Two rows at a time, so that a small file has several parts."""
    monkeypatch.setattr(running, "CHUNK", 2)
    monkeypatch.setattr(undoing, "CHUNK", 2)


@pytest.fixture
def drained(app):
    """The heavy work that waits is done."""

    def run() -> int:
        with app.app_context():
            return drain("heavy")

    return run


@pytest.fixture
def send(app, api, company):
    """Bring a file over the API, as a manager; gives the answer."""
    headers = {"Authorization": f"Bearer {api(company.manager).token}"}

    def sending(text: str, **more: str):
        form = {"kind": "accounts", "file": (io.BytesIO(text.encode()), "会社.csv")} | more
        return app.test_client(use_cookies=False).post(ADDRESS, data=form, headers=headers)

    return sending


@pytest.fixture
def standing(app):
    """What stands in the database of accounts, but for how often it was written."""
    moving = ("version", "updated_at", "created_at", "imported_at")

    def look() -> list[tuple[object, ...]]:
        with app.app_context():
            return [
                tuple(db.session.execute(sa.select(*columns).order_by(*columns[:3])).all())
                for model in (Account, ImportKey, Entry)
                if (
                    columns := [
                        one for one in model.__table__.columns
                        if one.name not in moving and (one.name, model) != ("id", ImportKey)
                    ]
                )
            ]  # fmt: skip

    return look


def counts(run: dict) -> tuple[int, ...]:
    assert run["rows"] == sum(run[one] for one in ("new", "changed", "same", "conflict", "refused"))
    return tuple(run[one] for one in ("rows", "new", "changed", "same", "conflict", "refused"))


def test_a_file_is_tried_imported_and_taken_back_and_nothing_is_left(
    api, company, send, drained, standing, count
):
    manager = api(company.manager)
    before = standing()
    sent = send(companies().replace("7123456789012", "7123456789013"), dry_run="true")
    assert sent.status_code == 202, sent.json
    place = sent.headers["Location"].removeprefix("/api/v1")
    drained()
    tried = manager.get(place).json
    assert (tried["state"], counts(tried)) == ("checked", (6, 5, 0, 0, 0, 1))
    assert (count(Account), tried["encoding"], tried["junk"]) == (0, "utf-8", 0)
    [refused] = manager.get(f"{place}/rows?verdict=refused").json["items"]
    assert (refused["line"], len(refused["cells"])) == (7, 13)
    assert manager.post(f"{place}/start", {}).status_code == 202
    assert manager.post(f"{place}/start", {}).status_code == 409
    drained()
    done = manager.get(place).json
    assert (done["state"], counts(done)) == ("done", (6, 5, 0, 0, 0, 1))
    assert count(Account) == count(Entry, Entry.kind == "account") == 5
    head, row = manager.get(f"{place}/refused.csv").data.decode("utf-8-sig").splitlines()
    assert head.startswith("行,理由,ＥＤＩＮＥＴコード")
    assert row.startswith("7,")
    assert send(companies()).status_code == 202
    drained()
    assert counts(manager.get(f"/imports/{done['id'] + 1}").json) == (6, 1, 0, 5, 0, 0)
    for key in (done["id"] + 1, done["id"]):
        assert manager.post(f"/imports/{key}/undo", {}).status_code == 202
        drained()
        assert manager.get(f"/imports/{key}").json["state"] == "undone"
    assert manager.get(place).json["undone"] == 5
    assert manager.post(f"{place}/undo", {}).status_code == 409
    assert standing() == before
    assert count(Event, Event.kind == "account.imported") == 0


def test_what_was_edited_since_stays_when_an_import_is_taken_back_and_the_rest_is_as_before(
    app, api, company, take, drained, tmp_path: Path, standing
):
    path = tmp_path / "list.csv"
    path.write_text(companies(), encoding="utf-8")
    take("accounts", path)
    before = standing()
    later = companies().replace("水戸市泉町２－３", "水戸市南町９").replace("大手町", "本町")
    path.write_text(later, encoding="utf-8")
    assert take("accounts", path).changed == 2
    manager = api(company.manager)
    [run, first] = manager.get("/imports").json["items"]
    rows = manager.get(f"/imports/{run['id']}/rows?verdict=changed").json["items"]
    assert rows[1]["changes"] == {"address": ["水戸市泉町２－３", "水戸市南町９"]}
    manager.post(f"/imports/{run['id']}/undo", {})
    drained()
    assert manager.get(f"/imports/{run['id']}").json["undone"] == 2
    assert standing() == before
    edited = first_account(app)
    found = manager.get(f"/accounts/{edited}")
    manager.patch(f"/accounts/{edited}", {"rank": "A"}, found.json["version"])
    manager.post(f"/imports/{first['id']}/undo", {})
    drained()
    gone = manager.get(f"/imports/{first['id']}").json
    assert (gone["state"], gone["undone"], gone["kept"]) == ("undone", 5, 1)
    [left] = manager.get(f"/imports/{first['id']}/kept").json["items"]
    assert (left["record_id"], left["why"]) == (edited, "その後に編集されています。")


def first_account(app) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Account.id).order_by(Account.id)).first()


@pytest.mark.parametrize("place", ["before_commit:3", "after_commit:3"])
def test_a_machine_that_loses_its_power_goes_on_where_it_was(
    app, api, company, send, drained, count, place
):
    key = send(companies()).json["id"]
    assert die_at(f"imports.{place}", app, lambda: drain("heavy")) == 137
    with app.app_context():
        assert db.session.get_one(ImportRun, key).state == "running"
        assert 0 <= (db.session.scalar(sa.select(sa.func.count(Account.id))) or 0) < 6
        db.session.execute(sa.update(Message).values(lease_until=None))
        db.session.commit()
    drained()
    manager = api(company.manager)
    assert counts(manager.get(f"/imports/{key}").json) == (6, 6, 0, 0, 0, 0)
    assert count(Account) == count(ImportStep) == 6
    manager.post(f"/imports/{key}/undo", {})
    assert die_at(f"imports.{place}", app, lambda: drain("heavy")) == 137
    with app.app_context():
        db.session.execute(sa.update(Message).values(lease_until=None))
        db.session.commit()
    drained()
    assert (manager.get(f"/imports/{key}").json["undone"], count(Account)) == (6, 0)


def test_an_import_that_is_stopped_stays_where_it_is_and_goes_on_when_asked(
    app, api, company, send, drained, count, monkeypatch
):
    key = send(companies()).json["id"]
    manager = api(company.manager)
    take_rows = running._Going._take

    def stop_after_it(going, rows):
        take_rows(going, rows)
        db.session.execute(sa.update(ImportRun).values(stop=True))
        db.session.commit()

    with monkeypatch.context() as patched:
        patched.setattr(running._Going, "_take", stop_after_it)
        drained()
    assert (manager.get(f"/imports/{key}").json["state"], count(Account)) == ("stopped", 2)
    assert manager.post(f"/imports/{key}/resume", {}).status_code == 202
    assert manager.post(f"/imports/{key}/stop", {}).status_code == 202
    with app.app_context():
        db.session.execute(sa.update(ImportRun).values(stop=False))
        db.session.commit()
    drained()
    assert (manager.get(f"/imports/{key}").json["state"], count(Account)) == ("done", 6)


def test_what_cannot_be_imported_is_said_by_field_and_nothing_stays(
    app, api, company, send, count, fingerprint
):
    manager, engineer = api(company.manager), api(company.engineer)
    before = fingerprint()
    assert "kind" in send(companies(), kind="shoes").json["errors"]
    assert "file" in send("a,b\n1,2\n").json["errors"]
    assert "mapping" in send(companies(), mapping="nonsense").json["errors"]
    assert "mapping" in send(companies(), mapping="{broken").json["errors"]
    assert "mapping" in send(companies(), mapping=json.dumps({"kind": "accounts"})).json["errors"]
    assert "colour" in send(companies(), colour="red").json["errors"]
    assert "file" in manager.post("/imports", {"kind": "accounts"}).json["errors"]
    assert engineer.get("/imports").status_code == 403
    large = app.test_client(use_cookies=False).post(
        ADDRESS, headers={"Authorization": f"Bearer {manager.token}"},
        environ_overrides={"CONTENT_LENGTH": f"{2**30}"}, content_type="multipart/form-data",
    )  # fmt: skip
    assert (large.status_code, "200 MB" in large.json["detail"]) == (413, True)
    assert send("email,name,role\na@b.test,A,admin\n", kind="staff").status_code == 403
    assert (count(ImportRun), count(ImportRow), fingerprint()) == (0, 0, before)


def test_a_manager_sees_on_the_page_what_a_file_does_and_takes_it_back(
    company, send, sign_in, drained, statements
):
    key = send(companies().replace("7123456789012", "1"), dry_run="1").json["id"]
    browser = sign_in(company.manager)
    assert 'hx-trigger="every 1s"' in browser.get(f"/imports/{key}").text
    drained()
    statements.clear()
    page = browser.get(f"/imports/{key}").text
    assert len(statements) <= 12, statements
    assert ("まだ何も書き込んでいません" in page, "提出者法人番号" in page) == (True, True)
    assert browser.post(f"/imports/{key}/start").status_code == 303
    drained()
    assert "取り込み済み" in browser.get("/imports").text
    assert "5 件を削除します" in browser.get(f"/imports/{key}/undo").text
    assert browser.get(f"/imports/{key}/refused.csv").status_code == 200
    assert browser.post(f"/imports/{key}/undoing").status_code == 303
    drained()
    assert "5 件を取り込み前の状態に戻しました" in browser.get(f"/imports/{key}").text


def test_whatever_files_brought_can_be_taken_back(app, take, data, fingerprint):
    before = fingerprint()
    for kind, name in (
        ("staff", "crm_opportunities/sales_teams.csv"),
        ("products", "crm_opportunities/products.csv"),
        ("accounts", "crm_opportunities/accounts.csv"),
        ("deals", "crm_opportunities/sales_pipeline.csv"),
        ("units", "machines/PdM_machines.csv"), ("tickets", "machines/PdM_failures.csv"),
        ("work-orders", "machines/PdM_maint.csv"), ("errors", "machines/PdM_errors.csv"),
        ("readings", "machines/PdM_telemetry_windows.csv"),
    ):  # fmt: skip
        take(kind, data / name)
    with app.app_context():
        runs = db.session.scalars(sa.select(ImportRun.id).order_by(ImportRun.id.desc())).all()
        for key in runs:
            run = db.session.get_one(ImportRun, key)
            run.state, run.step_done = "undoing", 0
            jobs.through(parts_back(key), lambda _run: None)
            db.session.refresh(run)
            kept = db.session.execute(
                sa.select(ImportStep.kind, ImportStep.why).where(ImportStep.outcome == "kept")
            ).all()
            assert (run.kind, run.state, kept) == (run.kind, "undone", [])
    assert fingerprint() == before
