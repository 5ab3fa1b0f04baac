"""Who works at the large company, and who signs in to drive it."""

from __future__ import annotations

from collections.abc import Iterator

from bench import names
from bench.company import Row, Size, clerks, team_of
from crm.staff.actions import hashed

PASSWORD = "bench-bench-bench"
DRIVERS = 8
"""So many reps, clerks and owners sign in: one for each client."""


def email(role: str, number: int) -> str:
    """The address under which somebody signs in."""
    return f"{role}{number}@bench.example"


def rows(size: Size) -> Iterator[tuple[str, Row]]:
    """Teams and staff: reps have the keys from 1 on, clerks those after them."""
    for key in range(1, size.teams + 1):
        yield "teams", _team(key, f"営業{key}課", "sales")
    yield "teams", _team(size.teams + 1, "コールセンター", "call_centre")
    yield "teams", _team(size.teams + 2, "技術課", "service")
    password = hashed(PASSWORD)
    key = 0
    for rep in range(1, size.reps + 1):
        key += 1
        yield "staff", _person(key, "rep", rep, team_of(rep), password)
    for clerk in range(1, clerks(size) + 1):
        key += 1
        yield "staff", _person(key, "clerk", clerk, size.teams + 1, password)
    for engineer in range(1, clerks(size) + 1):
        key += 1
        yield "staff", _person(key, "engineer", engineer, size.teams + 2, None)
    for team in range(1, size.teams + 2):
        key += 1
        yield "staff", _person(key, "manager", team, team, password)


def _team(key: int, name: str, department: str) -> Row:
    return {"id": key, "name": name, "division": "本部", "department": department, "position": key}


def _person(key: int, role: str, number: int, team: int, password: str | None) -> Row:
    family, given, family_kana, given_kana = names.person(key)
    return {
        "id": key, "email": email(role, number), "name": f"{family} {given}",
        "name_kana": f"{family_kana} {given_kana}", "role": role, "team_id": team,
        "password_hash": password, "language": "ja",
    }  # fmt: skip
