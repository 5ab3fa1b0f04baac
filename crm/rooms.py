"""How the rooms are wired: tables, jobs, listeners, what happens together, clock."""

from __future__ import annotations

from collections.abc import Callable

from crm.accounts import models as _accounts
from crm.advice import following as advice_following
from crm.advice import jobs as advice_jobs
from crm.advice import models as _advice
from crm.alerts import announcing, support_days
from crm.alerts import campaigns as alerts_campaigns
from crm.alerts import jobs as alerts_jobs
from crm.alerts import models as _alerts
from crm.alerts import register as alerts_register
from crm.attributes import models as _attributes
from crm.attributes import placing as attributes_placing
from crm.attributes import searching as attributes_searching
from crm.campaigns import jobs as campaigns_jobs
from crm.campaigns import models as _campaigns
from crm.closed_days import models as _closed_days
from crm.deals import jobs as deals_jobs
from crm.deals import models as _deals
from crm.deals import summing as deals_summing
from crm.doubles import jobs as doubles_jobs
from crm.doubles import models as _doubles
from crm.expiry import jobs as expiry_jobs
from crm.expiry import models as _expiry
from crm.exports import jobs as exports_jobs
from crm.exports import models as _exports
from crm.files import jobs as files_jobs
from crm.files import models as _files
from crm.handover import actions as handover_actions
from crm.handover import models as _handover
from crm.handover import moving as handover_moving
from crm.installed_base import jobs as installed_base_jobs
from crm.installed_base import models as _installed_base
from crm.maintenance import following as maintenance_following
from crm.maintenance import jobs as maintenance_jobs
from crm.maintenance import models as _maintenance
from crm.maintenance import terms as maintenance_terms
from crm.mass_changes import jobs as mass_changes_jobs
from crm.mass_changes import models as _mass_changes
from crm.operations import jobs as operations_jobs
from crm.outbox.drain import Handler
from crm.products import models as _products
from crm.readings import models as _readings
from crm.register import models as _register
from crm.reports import jobs as reports_jobs
from crm.reports import models as _reports
from crm.reports import service_report_models as _service_reports
from crm.saved_views import models as _saved_views
from crm.search import following as search_following
from crm.search import jobs as search_jobs
from crm.search import models as _search
from crm.search import rebuild_models as _search_rebuilds
from crm.service import models as _service
from crm.service import signature_models as _signatures
from crm.support import models as _support
from crm.timeline import models as _timeline
from crm.timeline.actions import Companion
from crm.transfers import given_back as transfers_given_back
from crm.transfers import jobs as transfers_jobs
from crm.transfers import models as _transfers
from crm.transfers import run_models as _import_runs
from crm.webhooks import actions as webhooks_actions
from crm.webhooks import jobs as webhooks_jobs
from crm.webhooks import models as _webhooks
from crm.webhooks.kinds import KINDS as WEBHOOK_KINDS

MODELS = (
    _accounts, _advice, _alerts, _attributes, _campaigns, _closed_days, _deals, _doubles, _expiry,
    _exports, _files, _handover,
    _installed_base, _maintenance, _mass_changes, _products, _readings, _register, _reports,
    _saved_views, _search, _service, _service_reports, _signatures, _support, _timeline, _transfers,
    _import_runs, _webhooks,
    _search_rebuilds,
)  # fmt: skip
"""Every table of the application is known once these are imported."""

HANDLERS: dict[str, Handler] = {
    "reports.build": reports_jobs.build,
    "imports.work": transfers_jobs.work,
    "imports.tidy": transfers_jobs.tidy,
    "reports.service": reports_jobs.build_service_report,
    "deals.pace": deals_jobs.measure,
    "deals.sums": deals_jobs.mend_sums,
    "doubles.nightly": doubles_jobs.nightly,
    "doubles.compare": doubles_jobs.compare,
    "doubles.refresh": doubles_jobs.refresh,
    "advice.tell": advice_jobs.tell,
    "alerts.evaluate": alerts_jobs.evaluate,
    "alerts.daily": alerts_jobs.daily,
    "alerts.round": alerts_jobs.round_of_units,
    "alerts.wake": alerts_jobs.wake,
    "alerts.release": alerts_jobs.release,
    "operations.tidy": operations_jobs.tidy,
    "search.rebuild": search_jobs.rebuild,
    "search.follow": search_jobs.follow,
    "files.tidy": files_jobs.tidy,
    "expiry.dues": expiry_jobs.nightly,
    "expiry.follow": expiry_jobs.follow,
    "expiry.keep": expiry_jobs.keep,
    "expiry.units": expiry_jobs.follow_units,
    "attributes.follow": attributes_searching.follow,
    "attributes.place": attributes_placing.follow,
    "attributes.places": attributes_placing.nightly,
    "exports.build": exports_jobs.build,
    "exports.tidy": exports_jobs.tidy,
    "mass_changes.work": mass_changes_jobs.work,
    "mass_changes.tidy": mass_changes_jobs.tidy,
    "alerts.expire": alerts_jobs.expire,
    "alerts.hand_over": alerts_jobs.hand_over,
    "alerts.announce": announcing.announce,
    "alerts.reach": announcing.reach,
    "alerts.own_day": support_days.own_day,
    "alerts.campaign": alerts_campaigns.reached,
    "alerts.register": alerts_register.changed,
    "campaigns.tell": campaigns_jobs.tell,
    "campaigns.reach": campaigns_jobs.reach,
    "campaigns.join": campaigns_jobs.join,
    "campaigns.sweep": campaigns_jobs.sweep,
    "campaigns.follow": campaigns_jobs.follow,
    "contracts.renew": installed_base_jobs.renew,
    "contracts.renew_some": installed_base_jobs.renew_some,
    "maintenance.generate": maintenance_jobs.generate,
    "maintenance.round": maintenance_jobs.round_of_units,
    "maintenance.plan": maintenance_jobs.arrange_plan,
    "maintenance.follow": maintenance_jobs.follow,
    "maintenance.metered": maintenance_jobs.metered,
    "webhooks.deliver": webhooks_jobs.deliver,
    "webhooks.tidy": webhooks_jobs.tidy,
}
"""Message kind → the job that does it."""

LISTENERS: dict[str, tuple[str, ...]] = {
    "account.changed": ("alerts.hand_over",),
    "account.renamed": ("alerts.register",),
    "account.moved": ("alerts.register",),
    "account.closed": ("alerts.register",),
    "account.restored": ("alerts.register",),
    "account.merged": ("alerts.hand_over",),
    "account.unmerged": ("alerts.hand_over",),
    "staff.changed": ("alerts.hand_over", "attributes.follow"),
    "advice.asked": ("advice.tell",),
    "advice.handed_on": ("advice.tell",),
    "advice.answered": ("advice.tell",),
    "advice.declined": ("advice.tell",),
    "advice.left": ("advice.tell",),
    "advice.shut_out": ("advice.tell",),
    "advice.withdrawn": ("advice.tell",),
    "product.life_changed": ("alerts.announce",),
    "attribute.changed": ("attributes.follow",),
    "product.changed": ("expiry.follow",),
    "unit.metered": ("alerts.evaluate", "maintenance.metered"),
    "ticket.opened": ("alerts.evaluate",),
    "ticket.changed": ("alerts.evaluate",),
    "work_order.done": (
        "alerts.evaluate", "maintenance.follow", "campaigns.follow", "expiry.follow",
    ),
    "unit.added": ("campaigns.join", "expiry.follow"),
    "unit.changed": ("campaigns.join", "expiry.follow"),
    "unit.moved": ("campaigns.join",),
    "unit.merged": ("campaigns.join",),
    "unit.unmerged": ("campaigns.join",),
    "product.merged": ("expiry.follow",),
    "product.unmerged": ("expiry.follow",),
    "campaign.reached": ("alerts.campaign",),
    "plan.added": ("maintenance.plan", "expiry.follow"),
    "plan.changed": ("maintenance.plan", "expiry.follow"),
    "plan.removed": ("expiry.follow",),
    "visit.skipped": ("expiry.follow",),
}  # fmt: skip
"""Event kind → the messages written with it."""

TOGETHER: dict[str, tuple[Companion, ...]] = {
    "account.changed": (search_following.follow_account,),
    "account.renamed": (search_following.follow_account,),
    "account.unmerged": (transfers_given_back.follow,),
    "contact.unmerged": (transfers_given_back.follow,),
    "product.unmerged": (transfers_given_back.follow,),
    "unit.unmerged": (transfers_given_back.follow,),
    "staff.changed": (advice_following.follow_staff,),
    "ticket.assigned": (search_following.follow_ticket, advice_following.follow_ticket),
    "ticket.changed": (search_following.follow_ticket, advice_following.follow_ticket),
    "deal.won": (handover_actions.follow_deal,),
    "deal.lost": (handover_actions.follow_deal,),
    "deal.reopened": (handover_actions.follow_deal,),
    "deal.changed": (handover_actions.follow_deal, handover_moving.follow_account),
    "unit.changed": (
        handover_actions.follow_unit,
        maintenance_following.follow_unit,
        support_days.follow_unit,
    ),
    "unit.moved": (maintenance_following.follow_unit,),
    "work_order.changed": (maintenance_following.follow_work,),
    "contract.added": (maintenance_terms.follow_renewal,),
    "contract.renewed": (maintenance_terms.follow_renewal,),
}
TOGETHER |= {kind: (*TOGETHER.get(kind, ()), webhooks_actions.follow) for kind in WEBHOOK_KINDS}
"""Event kind → what happens with it in the same transaction, so that whoever did it sees it."""

ASLEEP: dict[Companion, Callable[[str], bool]] = {
    webhooks_actions.follow: webhooks_actions.nobody_listens,
}
"""What follows in the same transaction → would it do nothing for a kind? Asked once for many."""

CLOCK: tuple[str, ...] = (
    "alerts.daily", "alerts.expire", "alerts.release", "attributes.places", "campaigns.sweep",
    "contracts.renew", "deals.pace", "deals.sums", "doubles.nightly", "expiry.dues",
    "exports.tidy", "files.tidy", "imports.tidy", "maintenance.generate", "mass_changes.tidy",
    "operations.tidy", "webhooks.tidy",
)  # fmt: skip
"""Messages that the clock writes once a day, at its first look after midnight."""

MIGRATED = (deals_summing.after_migration, attributes_placing.after_migration)
"""What looks after itself when a migration has changed the tables."""
