"""Figures with decimals are shown as they are, however large or small."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from crm.attributes.models import AttributeDefinition
from crm.attributes.reading import said
from crm.readings.judging import shown


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("8412.5", 2, "8,412.50 h"), ("123456789012.123456", 6, "123,456,789,012.123456 h"),
        ("1E+3", 0, "1,000 h"), ("-0.5", 1, "−0.5 h"),
    ],
)  # fmt: skip
def test_a_reading_is_shown_exactly_with_the_decimals_of_its_meter(app, value, decimals, text):
    with app.test_request_context(), force_locale("en"):
        meter = SimpleNamespace(decimals=decimals, measure="h")
        assert shown(Decimal(value), meter) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345, "12,345 mm"), (12345.5, "12,345.5 mm"), (0.00001, "0.00001 mm"), (-3.2, "−3.2 mm")],
)
def test_a_number_of_a_custom_field_is_written_without_powers_of_ten(app, value, text):
    with app.test_request_context(), force_locale("en"):
        assert said(AttributeDefinition(kind="number", unit="mm"), value) == text
