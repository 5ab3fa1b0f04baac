"""What a campaign would reach before it is started: units, owners, open deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm.campaigns.matching import named, product_ids
from crm.campaigns.models import Campaign
from crm.campaigns.queries import OWNERS_SHOWN, Figures, deals_about, with_names
from crm.extensions import at_most


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The figures, and the accounts with most units."""

    figures: Figures
    owners: Sequence[sa.Row[Any]]


def foreseen(campaign: Campaign) -> Foreseen:
    """What a campaign would reach if it were started now.

    The units, of which there may be a million, are looked through once: what is asked of them
    is one statement.
    """
    units = named(campaign, product_ids(campaign.id)).cte("reached")
    number = sa.func.count().label("units")
    owners = sa.select(units.c.account_id, number).group_by(units.c.account_id).cte("owners")
    counted = sa.select(sa.func.sum(owners.c.units)).scalar_subquery()
    accounts = sa.select(sa.func.count()).select_from(owners).scalar_subquery()
    some = (
        sa.select(
            owners, counted.label("counted"), accounts.label("accounts"),
            deals_about(units).scalar_subquery().label("deals"),
        )
        .order_by(owners.c.units.desc(), owners.c.account_id)
        .limit(at_most(OWNERS_SHOWN))
        .subquery()
    )  # fmt: skip
    columns = [some.c.counted, some.c.accounts, some.c.deals, some.c.units]
    rows = with_names(some.c.account_id, columns, some)
    first = rows[0] if rows else None
    reached = Figures(int(first.counted), first.accounts, first.deals) if first else Figures()
    return Foreseen(reached, rows)
