"""The one sentence under a unit's calendar: what follows from its terms for action. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from crm.installed_base.approvals import approved_by, in_time
from crm.installed_base.calendar_terms import Contract, Terms
from crm.installed_base.leases import lease_end
from crm.installed_base.terms import BUDGET_MONTHS, budgets, months_after
from crm.look import day, day_short, language

NEAR = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Outlook:
    """`lead` is the conclusion, `rest` what it rests on."""

    lead: str
    rest: str


def coming(terms: Terms, today: date, most: int = 3) -> list[tuple[date, str]]:
    """The next days on which something ends or falls due, for the phone."""
    days = [
        (terms.warranty_ends_on, _("Warranty ends")), _lease(terms, today),
        (terms.next_check_on, _("%(what)s due", what=terms.checks_called or _("Calibration"))),
        (terms.parts_supply_end_on, _whose(_("End of parts supply"), terms, "parts")),
        (terms.end_of_support_on, _whose(_("End of support"), terms, "support")),
    ]  # fmt: skip
    if terms.contracts:
        last = max(terms.contracts, key=lambda c: c.ends_on)
        days += [(last.ends_on, _("Contract ends")), (_deadline(last), _("Notice is due"))]
    return sorted((on, said) for on, said in days if on is not None and on >= today)[:most]


def _whose(said: str, terms: Terms, what: str) -> str:
    own = what in terms.own_ends
    return _("%(what)s (this unit's own day)", what=said) if own else said


def _lease(terms: Terms, today: date) -> tuple[date | None, str]:
    end = lease_end(terms.lease_ends_on, terms.re_lease_ends_on, today)
    if end is None:
        return None, ""
    return end.on, _("Re-lease ends") if end.year else _("Lease ends")


def outlook(terms: Terms, covered_until: date | None, today: date) -> Outlook | None:
    """What to do next, or None when nothing presses."""
    notice = _notice(terms, today)
    last = _last_budget(terms, today)
    if last is not None:
        return Outlook(last[0], " ".join(filter(None, (last[1], notice))))
    ends = terms.end_of_support_on or terms.parts_supply_end_on
    if ends is not None and ends < today:
        return Outlook(
            _("It is no longer supported."),
            _("Support or parts ended on %(day)s; a failure can mean a long standstill.",
              day=day(ends)),
        )  # fmt: skip
    if notice:
        return Outlook(_("The contract is to be decided now."), notice)
    warranty = terms.warranty_ends_on
    if warranty and today <= warranty <= today + NEAR and not _contract_after(terms, warranty):
        return Outlook(
            _("The warranty ends and there is no contract after it."),
            _("From %(day)s on repairs are charged.", day=day(warranty + timedelta(days=1))),
        )
    if covered_until is None and today >= (terms.begins_on or today):
        return Outlook(
            _("Nobody but the customer pays for a repair."), _("Neither warranty nor contract.")
        )
    return None


def _last_budget(terms: Terms, today: date) -> tuple[str, str] | None:
    """The budget at hand is the last one while parts or support last, or none is left by now."""
    since = months_after(today.replace(day=1), -BUDGET_MONTHS - 1)
    asked = budgets(terms.fiscal_year_end_month, since, 37)
    some = [one for one in asked if approved_by(one[1]) >= today]
    names = {
        terms.end_of_support_on: _("the support"), terms.parts_supply_end_on: _("the parts supply")
    }  # fmt: skip
    ends = min((one for one in names if one is not None), default=None)
    if len(some) < 2 or ends is None or ends < today or some[1][0] <= ends:
        return None
    if some[0][0] > ends:
        return (
            _("No budget request is left before %(what)s ends: propose it now.", what=names[ends]),
            _too_late(some[0][0]),
        )
    lead = _("This budget is the last chance to replace it before %(what)s ends.",
             what=names[ends])  # fmt: skip
    return lead, " ".join((in_time(some[0][1], today), _too_late(some[1][0])))


def _too_late(request: date) -> str:
    return _("The next request (%(month)s) comes after the end.", month=_month(request))


def _month(on: date) -> str:
    return f"{on.year}年{on.month}月" if language() == "ja" else f"{on:%B %Y}"


def _notice(terms: Terms, today: date) -> str:
    running = [c for c in terms.contracts if c.starts_on <= today <= c.ends_on]
    last = max(running, key=lambda c: c.ends_on, default=None)
    if last is None or any(c.starts_on > last.ends_on for c in terms.contracts):
        return ""
    by = _deadline(last)
    if not today <= by <= today + NEAR:
        return ""
    return _("Notice on the contract is due by %(day)s.", day=day_short(by))


def _deadline(contract: Contract) -> date:
    return contract.ends_on - timedelta(days=contract.notice_days)


def _contract_after(terms: Terms, on: date) -> bool:
    return any(c.ends_on > on for c in terms.contracts)
