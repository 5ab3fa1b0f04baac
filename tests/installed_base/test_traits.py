"""What is asked of the units of a product family, and units found by it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.attributes.reading import folded
from crm.extensions import db
from tests.conftest import POSTGRES


@pytest.fixture
def family(api, company, plant):
    """Three attributes of the plant's product, as an administrator keeps them; key → number."""
    admin, manager = api(company.admin), api(company.manager)
    manager.patch(f"/products/{plant.product}", {"category": "液体クロマト"}, version=1)
    made = {}
    for place, (key, ja, en, more) in enumerate(
        (
            ("detector", "検出器", "Detector", {"kind": "choice", "choices": ["UV", "PDA", "RI"]}),
            ("pressure", "耐圧", "Pressure limit", {"kind": "number", "unit": "MPa"}),
            ("calibrated", "校正日", "Calibrated", {"kind": "date"}),
        )
    ):
        body = {"category": "液体クロマト", "key": key, "label_ja": ja, "label_en": en}
        answer = admin.post("/attributes", body | more | {"position": place})
        assert answer.status_code == 201, answer.json
        made[key] = answer.json["id"]
    return made


def test_administrators_say_what_is_asked_of_a_family_and_nobody_else(api, company, family):
    body = {"category": "x", "key": "y", "label_ja": "い", "label_en": "i"}
    assert api(company.manager).post("/attributes", body).status_code == 403
    admin = api(company.admin)
    for wrong in ({"key": "Ü"}, {"kind": "choice"}, {"kind": "list"}, {"label_ja": ""}):
        assert admin.post("/attributes", body | wrong).status_code == 422
    twice = {"category": "液体クロマト", "key": "detector", "label_ja": "検", "label_en": "d"}
    assert admin.post("/attributes", twice).status_code == 409
    assert [one["key"] for one in admin.get("/attributes?sort=position").json["items"]] == [
        "detector", "pressure", "calibrated",
    ]  # fmt: skip


def test_a_unit_carries_values_of_the_right_kind_and_each_wrong_one_is_named(
    api, company, unit, family
):
    good = {"detector": "PDA", "pressure": "１，０００．５", "calibrated": "2026/04/01"}
    made = unit(attributes=good).json
    assert made["attributes"] == {
        "detector": "PDA", "pressure": 1000.5, "calibrated": "2026-04-01",
    }  # fmt: skip
    rep = api(company.rep)
    bad = {"detector": "FID", "pressure": "高い", "calibrated": "2月30日", "colour": "青"}
    refused = unit("B", attributes=bad)
    assert sorted(refused.json["errors"]) == sorted(f"attributes.{name}" for name in bad)
    for odd in (True, [1], {"a": 1}, "1e99", "NaN", "x" * 300):
        answer = unit("B", attributes={"pressure": odd})
        assert list(answer.json["errors"]) == ["attributes.pressure"], odd
    path = f"/units/{made['id']}"
    changed = rep.patch(path, {"attributes": {"pressure": 60, "calibrated": None}}, version=1)
    assert changed.json["attributes"] == {"detector": "PDA", "pressure": 60}


def test_what_has_to_be_filled_in_may_wait_until_the_unit_is_delivered(api, company, unit, family):
    admin = api(company.admin)
    admin.patch(f"/attributes/{family['detector']}", {"required": True}, version=1)
    assert list(unit("A").json["errors"]) == ["attributes.detector"]
    planned = unit("A", status="planned").json
    rep, path = api(company.rep), f"/units/{planned['id']}"
    assert rep.patch(path, {"location": "1階"}, version=planned["version"]).status_code == 200
    assert unit("B", attributes={"detector": "UV"}).status_code == 201


def test_a_definition_that_units_rest_on_keeps_its_kind_and_stays(api, company, unit, family):
    unit(attributes={"detector": "UV"})
    admin, path = api(company.admin), f"/attributes/{family['detector']}"
    assert list(admin.patch(path, {"kind": "text"}, version=1).json["errors"]) == ["kind"]
    assert admin.delete(path, version=1).status_code == 409
    assert admin.patch(path, {"label_ja": "検出部"}, version=1).status_code == 200
    assert admin.delete(f"/attributes/{family['pressure']}", version=1).status_code == 204


def test_units_are_found_by_one_attribute_through_an_index(
    sign_in, company, unit, family, app, api
):
    keys = [
        unit(serial, attributes={"detector": kind, "pressure": most}).json["id"]
        for serial, kind, most in (("A", "UV", 60), ("B", "PDA", 60.0), ("C", "UV", 100))
    ]
    browser = sign_in(company.engineer)

    def found(attribute: str, value: str) -> list[int]:
        page = browser.get(f"/units?attribute={attribute}&value={value}").text
        return [key for key in keys if f'data-row="/units/{key}?' in page]

    assert found("detector", "UV") == [keys[0], keys[2]]
    assert found("pressure", "60.0") == keys[:2]
    assert found("pressure", "") == keys
    assert browser.get("/units?attribute=pressure&value=x").status_code == 400
    assert browser.get("/units?attribute=999").status_code == 400
    rep = api(company.rep)
    asked = (("detector:UV", [0, 2]), ("pressure:６０", [0, 1]), ("pressure", [0, 1, 2]))
    for text, places in asked:
        items = rep.get(f"/units?attribute={text}").json["items"]
        assert [one["id"] for one in items] == [keys[n] for n in places], text
    for text in ("colour:blue", "pressure:x", "Ü", ""):
        refused = rep.get(f"/units?attribute={text}")
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["attribute"]), text
    api(company.rep).patch(f"/units/{keys[0]}", {"attributes": {"detector": "RI"}}, version=1)
    assert found("detector", "UV") == [keys[2]]
    with app.app_context():
        if POSTGRES:
            # Of so few rows any index is as good; the other is out of the way until the rollback.
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            db.session.execute(sa.text("ALTER TABLE unit_traits DROP CONSTRAINT pk_unit_traits"))
        explain = "EXPLAIN" if POSTGRES else "EXPLAIN QUERY PLAN"
        plan = db.session.execute(
            sa.text(
                f"{explain} SELECT unit_id FROM unit_traits WHERE definition_id=1 AND value='x'"
            )
        )
        assert "ix_unit_traits_definition_id_value" in str(plan.all())


def test_attributes_are_filled_in_on_the_form_of_a_unit(sign_in, company, unit, family, plant, api):
    made = unit().json
    browser, edit = sign_in(company.rep), f"/units/{made['id']}/edit"
    assert 'name="attr-detector"' in browser.get(edit).text
    assert (
        'name="attr-detector"' in browser.get(f"/units/attributes?product_id={plant.product}").text
    )
    form = {
        "version": str(made["version"]),
        "original_attr-detector": "",
        "original_attr-pressure": "",
    }
    wrong = browser.post(edit, data=form | {"attr-detector": "UV", "attr-pressure": "多い"})
    assert wrong.status_code == 422
    assert 'value="多い"' in wrong.text
    assert "why-attr-pressure" in wrong.text
    saved = browser.post(edit, data=form | {"attr-detector": "UV", "attr-pressure": "60"})
    assert saved.status_code == 303
    page = browser.get(f"/units/{made['id']}").text
    assert "60 MPa" in page
    new = {"account_id": plant.account, "product_id": plant.product, "serial_no": "N-1"}
    assert browser.post("/units", data=new | {"attr-detector": "RI"}).status_code == 303


def test_attributes_survive_that_somebody_else_saved_first(sign_in, company, unit, family, api):
    """Typed together with a field that both changed they go along; one both changed is asked."""
    made, rep = unit(attributes={"detector": "UV"}).json, api(company.rep)
    edit, path = f"/units/{made['id']}/edit", f"/units/{made['id']}"
    names = ("location", "attr-detector", "attr-pressure")
    was = dict(zip(names, (made["location"], "UV", ""), strict=True))
    form = {f"original_{name}": value for name, value in was.items()}
    form |= was | {"version": "1", "location": "二階", "attr-pressure": "60"}
    rep.patch(path, {"location": "三階"}, version=1)
    browser = sign_in(company.rep)
    asked = browser.post(edit, data=form)
    assert asked.status_code == 409
    assert '<input type="hidden" name="attr-pressure" value="60">' in asked.text
    assert '<input type="hidden" name="original_attr-pressure" value="">' in asked.text
    rep.patch(path, {"attributes": {"detector": "RI"}}, version=2)
    mine = form | {"location": "三階", "attr-detector": "PDA"}
    both = browser.post(edit, data=mine)
    assert both.status_code == 409 and "検出器" in both.text and 'value="RI"' in both.text
    assert '<input type="hidden" name="original_attr-detector" value="RI">' in both.text
    mine |= {"version": "3", "original_location": "三階", "original_attr-detector": "RI"}
    assert browser.post(edit, data=mine).status_code == 303
    assert rep.get(path).json["attributes"] == {"detector": "PDA", "pressure": 60}


def test_administrators_keep_attributes_on_a_page(sign_in, company, family):
    browser, address = sign_in(company.admin), "/custom-fields"
    assert "検出器" in browser.get(address).text
    form = {
        "category": "液体クロマト", "key": "column_oven", "label_ja": "カラムオーブン",
        "label_en": "Column oven", "kind": "choice", "unit": "", "position": "3",
        "choices": "あり\nなし\n", "required": "0",
    }  # fmt: skip
    assert browser.post(address, data=form).status_code == 303
    assert browser.post(address, data=form).status_code == 422
    one = f"{address}/{family['pressure']}"
    assert "耐圧" in browser.get(one).text
    changed = form | {"key": "pressure", "kind": "number", "label_ja": "最高耐圧", "choices": ""}
    assert browser.post(one, data=changed).status_code == 303
    assert browser.post(f"{one}/removal").status_code == 303
    assert "最高耐圧" not in browser.get(address).text
    assert sign_in(company.manager).post(address, data=form).status_code == 403


@pytest.mark.parametrize(
    ("one", "two"), [(5, 5.0), ("ＵＶ", "uv"), (1000, "1000"), (0.1, 0.10), (1e6, 1_000_000)]
)
def test_the_same_value_is_found_however_it_is_written(one, two):
    assert folded(one) == folded(two)
