"""Documents and photos on records: taken in, handed out, taken off, copied."""

from __future__ import annotations

import base64
import io
import os
import tarfile
import time

import pytest
from PIL import Image

from crm.errors import Conflict
from crm.files import store
from crm.files.jobs import OLD, tidy
from crm.operations import copies

PDF = b"%PDF-1.7\n1 0 obj"


def sent(content: bytes, name: str = "x.pdf", **more: object) -> dict[str, object]:
    """A form with a file."""
    return {"file": (io.BytesIO(content), name)} | more


def test_a_photo_hangs_on_a_unit_and_its_small_picture_tells_nobody_where_it_was_taken(
    sign_in, company, unit, photo, app
):
    key = unit().json["id"]
    browser = sign_in(company.engineer)
    form = sent(photo(), "IMG_1.jpg", unit_id=key, caption="銘板")
    assert browser.post("/files", data=form).status_code == 303
    panel = browser.get(f"/files/panel?unit_id={key}").text
    assert 'src="/files/1/thumbnail"' in panel
    assert "銘板" in panel
    assert 'capture="environment"' in panel
    whole = browser.get("/files/1")
    assert whole.data == photo()
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    small = browser.get("/files/1/thumbnail")
    drawn = Image.open(io.BytesIO(small.data))
    assert drawn.size == (360, 480)
    assert not drawn.getexif()
    assert b"secret" not in small.data
    lines = browser.get(f"/units/{key}").text
    assert f"/files/panel?unit_id={key}" in lines


def test_one_content_lies_there_once_and_goes_a_day_after_the_last_record_let_go(
    sign_in, company, unit, app, api, plant
):
    one, two = unit("A").json["id"], unit("B").json["id"]
    browser = sign_in(company.rep)
    for key in (one, two):
        browser.post("/files", data=sent(PDF, unit_id=key))
    with app.app_context():
        lying = [path for folder, _names in store.folders() for path in folder.iterdir()]
        assert len(lying) == 1
        assert browser.post("/files/1/removal").status_code == 303
        os.utime(lying[0], (time.time() - OLD - 9,) * 2)
        tidy({})
        assert lying[0].exists()
        browser.post("/files/2/removal")
        os.utime(lying[0])
        tidy({})
        assert lying[0].exists()
        os.utime(lying[0], (time.time() - OLD - 9,) * 2)
        tidy({})
        tidy({})
        assert not lying[0].exists()
    told = api(company.rep).get(f"/accounts/{plant.account}/timeline").json["items"]
    texts = [line["text"] for line in told]
    assert any(text.startswith("ファイルを追加") for text in texts)
    assert any(text.startswith("ファイルを削除") for text in texts)


def test_what_is_refused_is_named_and_nothing_of_it_is_kept(sign_in, company, unit, photo, app):
    key = unit().json["id"]
    browser = sign_in(company.engineer)
    mixed = {"unit_id": key, "file": [
        (io.BytesIO(PDF), "good.pdf"), (io.BytesIO(b"<svg onload=x>"), "bad.svg"),
    ]}  # fmt: skip
    answer = browser.post("/files", data=mixed)
    assert answer.status_code == 422
    assert "bad.svg" in answer.text
    assert browser.get(f"/files/panel?unit_id={key}").text.count("<li") == 1
    for content in (photo("PNG", (8000, 7000)), photo()[:300], b"\x89PNG\r\n\x1a\nxxxx"):
        assert browser.post("/files", data=sent(content, unit_id=key)).status_code == 422
    large = browser.post("/files", data=sent(b"a" * (10 * 1024 * 1024 + 1), unit_id=key))
    assert large.status_code == 422
    assert "10 MB" in large.text
    huge = browser.post("/files", data=b"", environ_overrides={"CONTENT_LENGTH": f"{2**30}"})
    assert (huge.status_code, "MB までです" in huge.text) == (413, True)
    assert "bin/crm" not in huge.text
    assert browser.post("/files", data={"unit_id": key}).status_code == 422
    assert browser.post("/files", data=sent(PDF)).status_code == 400
    both = sent(PDF, unit_id=key, account_id=1)
    assert browser.post("/files", data=both).status_code == 400
    assert browser.post("/files", data=sent(PDF, unit_id=999)).status_code in (404, 422)


def test_files_of_a_confidential_ticket_are_for_its_handlers(api, company, plant, sign_in):
    clerk = api(company.clerk)
    body = {"account_id": plant.account, "subject": "相談", "confidential": True}
    ticket = clerk.post("/tickets", body).json["id"]
    content = base64.b64encode(PDF).decode()
    made = clerk.post(
        "/files", {"on": "ticket", "record_id": ticket, "name": "証拠.pdf", "content": content}
    )
    assert made.status_code == 201, made.json
    assert (made.json["media_type"], made.json["size"]) == ("application/pdf", len(PDF))
    stranger, key = api(company.rep), made.json["id"]
    for address in (
        f"/files/{key}",
        f"/files/{key}/content",
        f"/files/about?on=ticket&record_id={ticket}",
    ):
        assert clerk.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
    assert sign_in(company.rep).get(f"/files/{key}").status_code == 404
    assert stranger.delete(f"/files/{key}", version=1).status_code == 404
    assert clerk.get(f"/files/{key}/content").data == PDF
    history = stranger.get(f"/accounts/{plant.account}/timeline").json["items"]
    assert "証拠" not in str(history)
    assert (
        clerk.post(
            "/files", {"on": "ticket", "record_id": ticket, "name": "x", "content": "!"}
        ).status_code
        == 422
    )
    assert clerk.delete(f"/files/{key}", version=1).status_code == 204


def test_only_who_may_change_a_record_hangs_something_on_it(sign_in, company, plant, api, unit):
    stranger = sign_in(company.stranger)
    assert "<form" not in stranger.get(f"/files/panel?account_id={plant.account}").text
    form = sent(PDF, account_id=plant.account)
    assert stranger.post("/files", data=form).status_code in (403, 404, 422)
    rep = sign_in(company.rep)
    assert rep.post("/files", data=sent(PDF, account_id=plant.account)).status_code == 303
    assert stranger.get("/files/1").data == PDF
    assert stranger.post("/files/1/removal").status_code == 404
    manager = api(company.manager)
    key = unit().json["id"]
    rep.post("/files", data=sent(PDF, unit_id=key))
    refused = manager.delete(f"/units/{key}", version=1)
    assert (refused.status_code, "ファイル" in refused.json["detail"]) == (409, True)


def test_a_backup_holds_the_files_and_a_restore_puts_them_back(
    app, sign_in, company, unit, tmp_path
):
    sign_in(company.rep).post("/files", data=sent(PDF, unit_id=unit().json["id"]))
    with app.app_context():
        archive = tmp_path / "copy.files.tar"
        copies._copy_files(archive)
        (path,) = (one for folder, _n in store.folders() for one in folder.iterdir())
        path.unlink()
        copies._restore_files(archive)
        assert path.read_bytes() == PDF
        forged = f"{path.parent.name}/{path.name[:-1]}0"
        for number, name in enumerate(("../evil", f"00/{path.name}", forged)):
            bad = tmp_path / f"bad{number}.files.tar"
            with tarfile.open(bad, "w") as wrong:
                wrong.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
            with pytest.raises(Conflict):
                copies._restore_files(bad)
            assert not (store.root() / name).exists()
        with tarfile.open(tmp_path / "link.files.tar", "w") as wrong:
            link = tarfile.TarInfo(forged)
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            wrong.addfile(link)
        with pytest.raises(Conflict):
            copies._restore_files(tmp_path / "link.files.tar")
