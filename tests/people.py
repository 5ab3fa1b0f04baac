"""The people every test knows."""

from __future__ import annotations

from dataclasses import dataclass

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
    office = Office(name="本社")
    db.session.add(office)
    db.session.flush()
    teams = [
        Team(name=name, division=division, department=department, position=i, office_id=office.id)
        for i, (name, division, department) in enumerate(
            (
                ("営業一課", "営業部", "sales"),
                ("営業二課", "西日本営業部", "sales"),
                ("コールセンター", "お客様部", "call_centre"),
                ("サービス課", "お客様部", "service"),
            )
        )
    ]
    db.session.add_all(teams)
    db.session.flush()
    first, second, calls, service = (team.id for team in teams)
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
    staff = {
        key: Staff(email=f"{key}@company.test", name=name, role=role, team_id=team)
        for key, (name, role, team) in people.items()
    }
    db.session.add_all(staff.values())
    db.session.commit()
    return Company(office.id, first, second, calls, service, *(staff[key].id for key in people))
