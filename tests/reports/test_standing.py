"""The sums of the screen, made by the database, are those that the list is printed with."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.deals.models import RANKS, STAGES, Activity
from crm.extensions import db
from crm.reports import asking, queries, standing
from crm.reports.lines import Filters, Moment, Version, Wanted, half_year
from crm.reports.payload import payload
from tests.reports.records import account, deal

FIRST = datetime(2026, 3, 1, 0, 7, tzinfo=UTC)


def some_deals(people, number: int, dice: random.Random) -> None:
    """Deals of two people and of nobody, each with up to four changes in nine months."""
    customer = account().id
    chairs = [(people.rep, people.first_team), (people.stranger, people.second_team), (None, None)]
    for _ in range(number):
        times = sorted(FIRST + timedelta(minutes=dice.randrange(380_000)) for _ in range(4))
        history = [(at, _changes(dice, chairs)) for at in times[: dice.randrange(1, 5)]]
        made = deal(
            *chairs[0], *history, account_id=customer,
            origin=dice.choice(["support", "sales", "referral", "web", "elsewhere"]),
            next_step_on=dice.choice([None, date(2026, 11, 25)]),
            last_activity_on=dice.choice([None, date(2026, 8, 1), date(2026, 11, 18)]),
        )  # fmt: skip
        at = FIRST + timedelta(minutes=dice.randrange(300_000))
        db.session.add(Activity(kind="visit", account_id=customer, deal_id=made.id, at=at))
    db.session.flush()


def _changes(dice: random.Random, chairs: list[tuple[int | None, int | None]]) -> dict[str, object]:
    owner, team = dice.choice(chairs)
    months = date(2026, 10, 1) + timedelta(days=dice.randrange(400))
    return {
        "stage": dice.choice(STAGES), "rank": dice.choice(RANKS), "owner_id": owner,
        "team_id": team, "amount": dice.randrange(10**7),
        "expected_close_on": dice.choice([None, months, months]),
    }  # fmt: skip


def test_sums_of_the_screen_are_those_of_the_list_to_the_yen(app, company, november, monkeypatch):
    noon = datetime(2026, 11, 16, 3, tzinfo=UTC)
    version = Version(1, "RP", "", Moment(date(2026, 11, 16), noon, whole_day=False))
    parts = [
        Filters(), Filters(team_id=company.first_team), Filters(owner_id=company.stranger),
        Filters(period=half_year(2026, 2, 4)),
    ]  # fmt: skip
    with app.app_context():
        some_deals(company, 120, random.Random(11))
        for zone in ("Asia/Tokyo", "America/New_York"):
            monkeypatch.setitem(app.config, "ZONE", ZoneInfo(zone))
            for day, beside in (
                ("2026-11-19", None),
                ("2026-11-19", version),
                ("2026-09-30", None),
            ):
                for part in parts:
                    moment = asking.moment(day)
                    found = standing.figures(Wanted(part, moment, beside))
                    every = queries.figures(part, moment, beside)
                    assert payload(found) == payload(every)
                    assert found.moves == every.moves
        monkeypatch.setattr(queries, "MOST", 1)
        long = standing.figures(Wanted(Filters(), asking.moment("2026-11-19")))
        assert long.lines == ()
        assert long.total == every_total(asking.moment("2026-11-19"))


def every_total(moment: Moment):
    return queries.figures(Filters(), moment).total


def test_a_day_begins_where_the_zone_says_so_before_and_after_clocks_change():
    shifts = standing.offsets(ZoneInfo("America/New_York"))
    assert (datetime(2026, 11, 1, 6, tzinfo=UTC), -18_000) in shifts
    assert standing.offsets(ZoneInfo("Asia/Tokyo"))[0][1] == 32_400
    assert len(standing.offsets(ZoneInfo("Asia/Tokyo"))) == 1
