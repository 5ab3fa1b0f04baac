"""A unit that needs work, codes to say what with, and a unit in reserve."""

from __future__ import annotations

import html
import re

import pytest

from tests.installed_base.conftest import contract, plant, unit

__all__ = ["contract", "plant", "unit"]


@pytest.fixture
def opened(api, company, unit):
    """Open a work order: `opened(symptom="液漏れ")`; on a new unit unless `unit_id` says."""

    def make(**fields: object):
        key = fields.get("unit_id") or unit().json["id"]
        made = api(company.engineer).post("/work-orders", {"unit_id": key} | fields)
        assert made.status_code == 201, made.json
        return made.json

    return make


@pytest.fixture
def codes(api, company):
    """Three codes as an administrator keeps them."""
    admin = api(company.admin)
    for kind, code, name, english in (
        ("symptom", "S12", "製氷しない", "Makes no ice"), ("cause", "C07", "スケール堆積", ""),
        ("action", "A03", "部品交換・清掃", "Part changed, cleaned"),
    ):  # fmt: skip
        body = {"kind": kind, "code": code, "name": name, "name_en": english}
        assert admin.post("/fault-codes", body).status_code == 201


def form(client, path, mark='<form class="form"'):
    """The fields of a form as a browser would send them; fields of one name are a list."""
    page = client.get(path).get_data(as_text=True)
    part = page[page.index(mark) :]
    part = part[: part.index("</form>")]
    found: dict[str, list[str]] = {}
    for tag, inner in re.findall(
        r"<(input[^>]*|select[^>]*|textarea[^>]*)>(?:(?<=select)|)([^<]*(?:<option.*?</select>)?)",
        part,
        re.S,
    ):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and "checked" not in tag):
            continue
        text = value[1] if value else ""
        if tag.startswith("select"):
            chosen = re.search(r'value="([^"]*)" selected', inner)
            text = chosen[1] if chosen else (re.search(r'value="([^"]*)"', inner) or ["", ""])[1]
        elif tag.startswith("textarea"):
            text = inner.strip()
        found.setdefault(name[1], []).append(html.unescape(text))
    return found
