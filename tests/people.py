"""The people every test knows."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.extensions import db
from crm.staff.models import Office, Staff, Team


@dataclass(frozen=True)
class Company:
    """Keys of offices, teams and staff. `colleague` is in the rep's team, `stranger` in another."""

    office: int
    first_team: int
    second_team: int
    call_centre: int
    service: int
    rep: int
    colleague: int
    stranger: int
    clerk: int
    engineer: int
    manager: int
    other_manager: int
    admin: int


def found_company() -> Company:
    """Write the people of a small company and commit."""
    [office] = _written(Office, [{"name": "本社"}])
    names = ("name", "division", "department")
    first, second, calls, service = _written(Team, [
        {**dict(zip(names, team, strict=True)), "position": place, "office_id": office}
        for place, team in enumerate(
            (
                ("営業一課", "営業部", "sales"),
                ("営業二課", "西日本営業部", "sales"),
                ("コールセンター", "お客様部", "call_centre"),
                ("サービス課", "お客様部", "service"),
            )
        )
    ])  # fmt: skip
    people = {
        "rep": ("佐藤 美咲", "rep", first),
        "colleague": ("伊藤 翔", "rep", first),
        "stranger": ("木村 拓", "rep", second),
        "clerk": ("中村 由佳", "clerk", calls),
        "engineer": ("高橋 健", "engineer", service),
        "manager": ("田中 浩一", "manager", first),
        "other_manager": ("山口 恵", "manager", second),
        "admin": ("小川 誠", "admin", None),
    }
    staff = _written(Staff, [
        {"email": f"{key}@company.test", "name": name, "role": role, "team_id": team}
        for key, (name, role, team) in people.items()
    ])  # fmt: skip
    db.session.commit()
    return Company(office, first, second, calls, service, *staff)


def _written(model: type, rows: list[dict[str, object]]) -> list[int]:
    """Write rows without making objects of them, as this happens before every test."""
    key = model.id  # type: ignore[attr-defined]
    writing = sa.insert(model).returning(key, sort_by_parameter_order=True)
    return list(db.session.scalars(writing, rows))
