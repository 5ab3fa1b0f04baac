"""A unit of a customer with an hour counter and a pressure gauge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from crm.clock import now
from tests.installed_base.conftest import plant, unit

__all__ = ["plant", "unit"]


@dataclass(frozen=True)
class Read:
    """Keys of a unit and its two meters."""

    unit: int
    hours: int
    pressure: int


@pytest.fixture
def read(api, company, unit) -> Read:
    """運転時間 runs forward up to 10,000 h, 圧力 goes both ways."""
    key = unit().json["id"]
    engineer = api(company.engineer)
    hours = {"unit_id": key, "name": "運転時間", "measure": "h", "rated_limit": 10_000}
    pressure = {"unit_id": key, "name": "圧力", "measure": "MPa", "kind": "gauge", "decimals": 2}
    made = [engineer.post("/meters", body) for body in (hours, pressure)]
    assert [one.status_code for one in made] == [201, 201], [one.json for one in made]
    return Read(key, made[0].json["id"], made[1].json["id"])


@pytest.fixture
def ago() -> Callable[[float], str]:
    """An instant so many days ago, as JSON says it."""
    at = now().replace(microsecond=0)
    return lambda days: (at - timedelta(days=days)).isoformat()


@pytest.fixture
def note(api, company, read, ago) -> Callable[..., Any]:
    """Note what the hour counter said so many days ago: `note(3, 8_412)`."""
    engineer = api(company.engineer)

    def say(days: float, value: Any, meter: int | None = None, **more: Any) -> Any:
        body = {"meter_id": meter or read.hours, "at": ago(days), "value": value}
        return engineer.post(f"/units/{read.unit}/readings", body | more)

    return say
