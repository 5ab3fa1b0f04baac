"""What the pages of units, contracts and work orders are drawn from; nothing here changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template, request

from crm.accounts.models import Account, Site
from crm.attributes import forms
from crm.attributes import listing as narrowing
from crm.attributes.asking import asked_of, family_of
from crm.attributes.ordering import choose
from crm.attributes.values import shown
from crm.clock import today
from crm.columns import left_out
from crm.editing import Sheet
from crm.extensions import at_most, db
from crm.installed_base import (
    components,
    figures,
    judging,
    listing,
    picking,
    places,
    planned,
    queries,
    rules,
    standing,
    words,
)
from crm.installed_base.around import around
from crm.installed_base.calendar_terms import Contract, Terms
from crm.installed_base.cover_terms import ContractTerms
from crm.installed_base.entitlement import Verdict
from crm.installed_base.expiry import calendar, plain_day
from crm.installed_base.models import ServiceContract, Unit, WorkOrder
from crm.installed_base.outlook import coming, outlook
from crm.installed_base.own_days import DAYS
from crm.installed_base.terms import months_after, months_between
from crm.installed_base.verdict_words import brief, promise, reason
from crm.neighbours import along
from crm.paging import COUNTED
from crm.products import queries as products
from crm.rights import Person, may, the_user
from crm.typed import LARGEST_KEY

PAGE = 50
CHECKS = ("inspection", "calibration")
UNIT = (
    "account_id", "site_id", "product_id", "serial_no", "location", "location_id",
    "status", "criticality", "ownership", "lessor", "lease_ends_on", "re_lease_ends_on",
    "delivered_on", "installed_on", "accepted_on", "warranty_ends_on", "end_of_support_on",
    "parts_supply_end_on", "removed_on", "is_competitor", "sold_by_us", "produced_on", "lot",
    "firmware", "parent_id", "replaces_id", "end_user_account_id",
)  # fmt: skip
CONTRACT = (
    "number", "account_id", "plan", "starts_on", "ends_on", "notice_days", "auto_renew",
    "cycle_months", "cycle_amount", "response_hours", "repair_hours", "around_the_clock",
    "cancelled_on", "labour_percent", "travel_percent", "parts_percent",
)  # fmt: skip


def tools() -> dict[str, Any]:
    """What the templates ask."""
    return {
        "words": words, "labels": words.labels(), "reason": reason, "brief": brief,
        "promise": promise, "plain_day": plain_day,
        "today_on": today(),
        "has": lambda endpoint: endpoint in current_app.view_functions,
        "months_between": months_between,
    }  # fmt: skip


def labels_of(names: Sequence[str]) -> Mapping[str, str]:
    """The fields of a form in words."""
    every = words.labels()
    return {name: every[name] for name in names}


def list_page(user: Person) -> str:
    """The list of units; its address is its whole state."""
    asked = listing.read(request.args)
    sort = choose("unit", request.args.get("sort"), listing.SORTS, "-installed")
    on, cursor = today(), request.args.get("cursor")
    rows, total = listing.unit_page(asked, user, sort, cursor, PAGE, on)
    return render_template(
        "installed_base/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED or bool(asked.q and total >= listing.FOUND),
        asked=asked, products=products.choices(), along=along(request.args, listing.IN_LIST),
        custom=narrowing.panel("unit", request.args, user, [row.id for row in rows.rows]),
        verdicts=judging.verdicts(rows.rows, on), may_create=may(user, "create", "unit"),
        without=left_out(request.args, words.columns()),
        account=db.session.get(Account, asked.account_id) if asked.account_id else None, **tools(),
    )  # fmt: skip


def panel(account_id: int, user: Person) -> str:
    """An account's units and running contracts, for the side of its page; three statements."""
    rows, on = queries.named_units(Unit.account_id == account_id), today()
    contracts = db.session.scalars(
        sa.select(ServiceContract)
        .where(ServiceContract.account_id == account_id, ServiceContract.ends_on >= on)
        .order_by(ServiceContract.ends_on, ServiceContract.id)
        .limit(at_most(20))
    ).all()
    return render_template(
        "installed_base/panel.html", rows=rows, verdicts=judging.verdicts(rows, on),
        contracts=contracts, account_id=account_id, may_unit=may(user, "create", "unit"),
        may_contract=may(user, "create", "contract"), **tools(),
    )  # fmt: skip


def sites_panel(account_id: int) -> str:
    """An account's sites with the number of units at each."""
    number = sa.func.count(Unit.id)
    rows = db.session.execute(
        sa.select(Site.id, Site.name, number.label("units"))
        .outerjoin(Unit, sa.and_(Unit.site_id == Site.id, Unit.status != "removed"))
        .where(Site.account_id == account_id)
        .group_by(Site.id, Site.name)
        .order_by(Site.id)
    ).all()
    return render_template("installed_base/sites.html", rows=rows)


def totals(account_id: int) -> str:
    """What an account pays for maintenance a year, by the contracts in force today."""
    on = today()
    paid = db.session.scalar(
        sa.select(sa.func.sum(ServiceContract.annual_amount)).where(
            ServiceContract.account_id == account_id,
            ServiceContract.starts_on <= on,
            ServiceContract.ends_on >= on,
            sa.or_(ServiceContract.cancelled_on.is_(None), ServiceContract.cancelled_on > on),
        )
    )
    return render_template("installed_base/totals.html", paid=paid or 0)


def unit_page(unit: Unit, user: Person) -> str:
    """One unit: its terms on a calendar, its failures, its work, its cost."""
    on, asked = today(), standing.asked_day()
    row, contracts, work = around(unit), queries.contracts_of(unit.id), queries.work_of(unit.id)
    verdict = judging.verdicts([unit], on)[unit.id]
    terms = _calendar_terms(unit, row, contracts, work)
    jobs = [
        figures.Job(
            one.opened_on, one.kind == "repair", one.total_amount if one.kind == "repair" else 0,
            one.downtime_minutes or 0,
        )
        for one in work
    ]  # fmt: skip
    price = row.next_price or row.list_price
    first_month = current_app.config["FISCAL_YEAR_START_MONTH"]
    begins = unit.installed_on or unit.accepted_on or unit.delivered_on
    ahead = None if unit.status == "removed" else outlook(terms, _covered(verdict), on)
    return render_template(
        "installed_base/unit.html", unit=unit, row=row, verdict=verdict, contracts=contracts,
        work=_by_shown_day(work), calendar=calendar(terms, on, first_month), age=_age(unit, on),
        begins=begins,
        outlook=ahead,
        deal=planned.open_deal(unit.id) if ahead and may(user, "view", "deal") else None,
        may_deal=may(user, "create", "deal"),
        coming=coming(terms, on), failures=figures.failures(jobs, on, first_month),
        cost=figures.cost(jobs, price, begins, on), may_edit=may(user, "edit", "unit", unit),
        may_work=may(user, "create", "work_order"),
        related=components.related(unit), known=shown(unit),
        stood=standing.stood(unit, asked) if asked else None,
        along=along(request.args, listing.IN_LIST), **tools(),
    )  # fmt: skip


def _covered(verdict: Verdict) -> date | None:
    """Until when somebody else pays; for a recall without an end until further notice."""
    return date.max if verdict.bearers and not verdict.covers_until else verdict.covers_until


def terms_of_contract(contract: ServiceContract) -> ContractTerms:
    """A contract as the entitlement reads it, without what it covers."""
    return ContractTerms(
        contract.id, contract.number, contract.starts_on, contract.ends_on,
        contract.cancelled_on, contract.response_hours,
    )  # fmt: skip


def _calendar_terms(
    unit: Unit, row: Any, contracts: Sequence[ServiceContract], work: Sequence[WorkOrder]
) -> Terms:
    done = [one for one in work if one.kind in CHECKS and one.done_on]
    checks = [one.done_on for one in done if one.done_on]
    ahead = planned.next_check(unit.id)
    kinds = {one.kind for one in done} | ({ahead[1]} if ahead else set())
    every = row.inspection_interval_months
    last = max(checks, default=unit.installed_on or unit.accepted_on)
    in_use = unit.status in ("in_use", "spare")
    return Terms(
        begins_on=rules.first_day(unit), warranty_ends_on=unit.warranty_ends_on,
        contracts=[
            Contract(
                c.number, c.starts_on, terms_of_contract(c).last_on, c.notice_days,
                c.auto_renew and c.cancelled_on is None,
            )
            for c in contracts
        ],
        lease_ends_on=unit.lease_ends_on if unit.ownership == "leased" else None,
        re_lease_ends_on=unit.re_lease_ends_on if unit.ownership == "leased" else None,
        checks=checks, checks_called=words.checks(kinds or {"inspection"} if every else kinds),
        next_check_on=ahead[0] if ahead
        else months_after(last, every) if every and last and in_use else None,
        parts_supply_end_on=row.parts_supply_end_on, end_of_support_on=row.end_of_support_on,
        own_ends=[what for what in DAYS if row._mapping[f"own_{what}"] is not None],
        fiscal_year_end_month=row.fiscal_year_end_month,
    )  # fmt: skip


def _by_shown_day(work: Sequence[WorkOrder]) -> list[WorkOrder]:
    """Newest first by the day that stands beside it: that of its end, else of its beginning."""
    return sorted(work, key=lambda one: (one.done_on or one.opened_on, one.id), reverse=True)


def _age(unit: Unit, on: Any) -> int | None:
    begins = unit.installed_on or unit.accepted_on or unit.delivered_on
    return months_between(begins, unit.removed_on or on) if begins and begins <= on else None


def asked_attributes(product_id: int | None) -> str:
    """The fields that a product asks of its units."""
    return render_template("installed_base/asked.html", custom=_custom(None, product_id, {}))


def _custom(unit: Unit | None, product_id: int | None, typed: Mapping[str, Any]) -> Any:
    if unit is not None:
        return forms.drawn(unit, None, typed)
    known = product_id is not None and product_id <= LARGEST_KEY
    return forms.drawn(None, asked_of("unit", family_of("unit", product_id) if known else None),
                       typed)  # fmt: skip


def _typed_key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None


def unit_form(sheet: Sheet, account: Account, unit: Unit | None) -> str:
    """The form of a unit."""
    sites = db.session.execute(
        sa.select(Site.id, Site.name).where(Site.account_id == account.id).order_by(Site.id)
    ).all()
    return render_template(
        "installed_base/unit_form.html", sheet=sheet, account=account, unit=unit,
        sites=[tuple(one) for one in sites], products=products.choices(),
        custom=_custom(unit, _typed_key(sheet["product_id"]), sheet.values),
        pickers=picking.pickers(sheet, account.id, the_user()),
        place_groups=places.choices(account.id), **tools(),
    )  # fmt: skip
