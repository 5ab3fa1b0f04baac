"""Customers for every support test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people import Company
from tests.support.customers import Customers, found_customers


@pytest.fixture
def customers(app: Flask, company: Company) -> Customers:
    """Two customers of the rep's, with machines."""
    with app.app_context():
        return found_customers(company.rep, company.first_team)
