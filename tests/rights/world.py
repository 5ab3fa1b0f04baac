"""One record of every kind for every place: one's own, a team mate's, somebody else's, nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crm import rights
from crm.accounts.models import Account, Contact, Site
from crm.advice.models import Advice
from crm.alerts.models import Alert
from crm.attributes.models import AttributeDefinition
from crm.campaigns.models import Campaign, CampaignItem
from crm.clock import now, today
from crm.closed_days.models import ClosedDay
from crm.deals.models import Activity, Deal
from crm.doubles.models import Pair
from crm.exports.models import Export
from crm.extensions import db
from crm.files.models import Attachment
from crm.handover.models import Handover
from crm.installed_base.models import Location, ServiceContract, Unit, WorkOrder
from crm.installed_base.warranty_models import Warranty
from crm.maintenance.models import MaintenancePlan, Visit
from crm.mass_changes.models import MassChange
from crm.readings.models import Meter, Reading
from crm.register.models import RegisterFile, RegisterProposal
from crm.reports.models import ReportJob
from crm.reports.service_report_models import ServiceReport
from crm.saved_views.models import SavedView
from crm.service.models import FaultCode, Loan
from crm.staff.models import Office, Staff, Team
from crm.support.models import CallDraft, Ticket
from crm.timeline.models import Removal
from crm.transfers.run_models import ImportRun
from crm.webhooks.models import Delivery, Webhook
from tests.people import Company
from tests.records import (
    a_campaign,
    a_contact,
    a_contract,
    a_deal,
    a_delivery,
    a_loan,
    a_meter,
    a_paid_repair,
    a_plan,
    a_product,
    a_reading,
    a_site,
    a_ticket,
    a_unit,
    a_visit,
    a_warranty,
    a_webhook,
    an_account,
    an_activity,
    an_advice,
    an_alert,
    keep,
    together,
)

MISSING = 987_654
PLACES = ("own", "team", "foreign")
MODELS: dict[str, Any] = {
    "advice": Advice,
    "account": Account, "site": Site, "contact": Contact, "unit": Unit, "ticket": Ticket,
    "contract": ServiceContract, "work_order": WorkOrder, "deal": Deal, "activity": Activity,
    "alert": Alert, "report": ReportJob, "export": Export, "mass_change": MassChange,
    "import": ImportRun,
    "service_report": ServiceReport, "staff": Staff, "team": Team, "office": Office,
    "warranty": Warranty, "campaign": Campaign, "campaign_item": CampaignItem,
    "draft": CallDraft, "maintenance": MaintenancePlan, "visit": Visit, "meter": Meter,
    "reading": Reading, "place": Location, "attribute": AttributeDefinition,
    "handover": Handover, "file": Attachment, "fault_code": FaultCode, "loan": Loan,
    "closed_day": ClosedDay, "saved_view": SavedView, "double": Pair, "removal": Removal,
    "webhook": Webhook, "webhook_delivery": Delivery,
    "register_proposal": RegisterProposal, "register_file": RegisterFile,
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Who acts, and kind → place → key."""

    user: int
    records: dict[str, dict[str, int]]

    def places(self, kind: str) -> dict[str, int]:
        """The records of a kind; where nothing belongs to anybody there is one."""
        return self.records[kind]


def build(company: Company, role: str) -> World:
    """Write the records of three people: the one who acts, a team mate, a stranger."""
    with together():
        return _built(company, role)


def _built(company: Company, role: str) -> World:
    user: int = getattr(company, role)
    owners = {"own": user, "team": _mate(company, role), "foreign": company.stranger}
    found: dict[str, dict[str, int]] = {kind: {} for kind in [*MODELS, "product"]}
    for place, owner in owners.items():
        for kind, key in _belongings(place, owner).items():
            found[kind][place] = key
    found["staff"]["one"], found["team"]["one"] = company.colleague, company.first_team
    found["office"]["one"] = company.office
    return World(user, found)


def _mate(company: Company, role: str) -> int:
    me = db.session.get_one(Staff, getattr(company, role))
    mate = Staff(
        email="mate@company.test", name="隣 席子", role="rep" if role == "manager" else role,
        team_id=me.team_id,
    )  # fmt: skip
    return keep(mate)


def _belongings(place: str, owner: int) -> dict[str, int]:
    team = db.session.get_one(Staff, owner).team_id
    account = an_account(owner, team)
    product = a_product(f"PW-{place}")
    unit = a_unit(account, product, f"SN{place}")
    deal = a_deal(account, owner, team)
    a_contract(account, [unit], today() - timedelta(days=30), today() + timedelta(days=300), place)
    ticket = a_ticket(account, owner, team, confidential=True)
    plan = a_plan(account, unit)
    campaign, item = a_campaign(account, unit, product, place)
    site = a_site(account)
    later = today() + timedelta(days=90 + len(place))
    return {
        "account": account, "product": product, "unit": unit, "deal": deal, "ticket": ticket,
        "contact": a_contact(account), "site": site,
        "contract": a_contract(
            account, [], today() - timedelta(days=900), today() - timedelta(days=600), place
        ),
        "warranty": a_warranty(unit), "campaign": campaign, "campaign_item": item,
        "maintenance": plan, "visit": a_visit(plan, unit), "meter": a_meter(unit),
        "reading": a_reading(a_meter(unit, "圧力")),
        "work_order": a_paid_repair(account, unit, 40, 66_000),
        "service_report": _a_service_report(a_paid_repair(account, unit, 41, 5_000), owner),
        "fault_code": keep(FaultCode(kind="cause", code=f"C-{place}".upper(), name="経年劣化")),
        "loan": a_loan(account, unit),
        "activity": an_activity(account, owner, team, deal_id=deal),
        "alert": an_alert(account, owner, team, unit_id=unit),
        "advice": an_advice(owner, owner, ticket_id=ticket),
        "report": keep(
            ReportJob(
                kind="pipeline", requested_by_id=owner, team_id=team,
                params={"as_of": f"{today():%Y-%m-%d}", "filters": {}},
            )
        ),
        "export": keep(
            Export(kind="accounts", format="csv", requested_by_id=owner, state="direct")
        ),
        "mass_change": keep(
            MassChange(
                list="accounts", fields={"rank": "A"}, requested_by_id=owner, state="done",
                finished_at=now(),
            )
        ),
        "import": keep(
            ImportRun(kind="accounts", file_name="x.csv", sha256="0" * 64, size=1, rows=1)
        ),
        "place": keep(Location(site_id=site, name="本館")),
        "attribute": keep(
            AttributeDefinition(category="液体クロマト", key=place, label_ja="検出器", label_en="x")
        ),
        "handover": keep(Handover(deal_id=deal, account_id=account)),
        "file": keep(
            Attachment(unit_id=unit, sha256="0" * 64, size=1, media_type="text/plain", name="x.txt")
        ),
        "closed_day": keep(ClosedDay(day=later, name="夏季休業")),
        "saved_view": keep(
            SavedView(list="tickets", name=place, name_key=place, query="q=x", owner_id=owner)
        ),
        "double": _a_pair(account, an_account(owner, team)),
        "removal": keep(Removal(collection="accounts", record_id=1)),
        "webhook": (webhook := a_webhook(place)), "webhook_delivery": a_delivery(webhook),
        **_register(account, place),
        "draft": keep(CallDraft(staff_id=owner, fields={}, began_at=now(), saved_at=now())),
    }  # fmt: skip


def _register(account: int, place: str) -> dict[str, int]:
    file = keep(RegisterFile(name="diff.csv", sha256=place, read_at=now()))
    proposal = RegisterProposal(
        account_id=account, corporate_number="7000012050002", kind="moved", aspect="place",
        effective_on=today(), rank=place, before={}, file_id=file, line=1,
        after={"address": "東京都港区芝1-2-3", "postal_code": "105-0014"},
    )  # fmt: skip
    return {"register_file": file, "register_proposal": keep(proposal)}


def _a_service_report(work_id: int, owner: int) -> int:
    return keep(ServiceReport(work_order_id=work_id, requested_by_id=owner))


def _a_pair(left: int, right: int) -> int:
    return keep(
        Pair(
            kind="account", left_id=left, right_id=right, left_account_id=left,
            right_account_id=right, score=80, reasons=["name", "phone"],
        )
    )  # fmt: skip


def expected(world: World, action: str, kind: str, record_kind: str, key: int) -> bool:
    """What the rights table says: may the person do this to the record in the address?"""
    user = db.session.get_one(Staff, world.user)
    if record_kind == "draft":
        owner = db.session.get_one(CallDraft, key).staff_id
        return rights.may(user, action, kind) and owner == user.id
    record = db.session.get_one(MODELS[record_kind], key) if record_kind in MODELS else None
    return rights.may(user, action, kind, record if record_kind == kind else None)
