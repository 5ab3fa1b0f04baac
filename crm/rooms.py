"""Which rooms there are, and how they are wired: pages, APIs, tables, jobs, listeners, clock."""

from __future__ import annotations

from collections.abc import Callable

from crm.accounts import alike_views
from crm.accounts import api as accounts_api
from crm.accounts import models as _accounts
from crm.accounts import views as accounts_views
from crm.alerts import announcing
from crm.alerts import api as alerts_api
from crm.alerts import campaigns as alerts_campaigns
from crm.alerts import jobs as alerts_jobs
from crm.alerts import models as _alerts
from crm.alerts import register as alerts_register
from crm.alerts import views as alerts_views
from crm.campaigns import api as campaigns_api
from crm.campaigns import jobs as campaigns_jobs
from crm.campaigns import models as _campaigns
from crm.campaigns import views as campaigns_views
from crm.closed_days import api as closed_days_api
from crm.closed_days import models as _closed_days
from crm.closed_days import views as closed_days_views
from crm.deals import api as deals_api
from crm.deals import jobs as deals_jobs
from crm.deals import models as _deals
from crm.deals import pages as deals_pages
from crm.desk import api as desk_api
from crm.desk import views as desk_views
from crm.doubles import api as doubles_api
from crm.doubles import jobs as doubles_jobs
from crm.doubles import models as _doubles
from crm.doubles import views as doubles_views
from crm.expiry import api as expiry_api
from crm.expiry import feed_views
from crm.expiry import models as _expiry
from crm.expiry import views as expiry_views
from crm.exports import api as exports_api
from crm.exports import jobs as exports_jobs
from crm.exports import models as _exports
from crm.exports import views as exports_views
from crm.files import api as files_api
from crm.files import jobs as files_jobs
from crm.files import models as _files
from crm.files import views as files_views
from crm.handover import actions as handover_actions
from crm.handover import api as handover_api
from crm.handover import models as _handover
from crm.handover import moving as handover_moving
from crm.handover import views as handover_views
from crm.home import views as home_views
from crm.installed_base import (
    account_tree_views,
    contract_api,
    contract_views,
    economy_views,
    fleet_views,
    place_views,
    warranty_api,
    warranty_views,
)
from crm.installed_base import api as installed_base_api
from crm.installed_base import jobs as installed_base_jobs
from crm.installed_base import models as _installed_base
from crm.installed_base import views as installed_base_views
from crm.maintenance import api as maintenance_api
from crm.maintenance import jobs as maintenance_jobs
from crm.maintenance import models as _maintenance
from crm.maintenance import terms as maintenance_terms
from crm.maintenance import views as maintenance_views
from crm.operations import jobs as operations_jobs
from crm.operations import views as operations_views
from crm.outbox.drain import Handler
from crm.products import api as products_api
from crm.products import attribute_views
from crm.products import models as _products
from crm.products import views as products_views
from crm.readings import api as readings_api
from crm.readings import models as _readings
from crm.readings import views as readings_views
from crm.register import api as register_api
from crm.register import models as _register
from crm.register import views as register_views
from crm.reports import api as reports_api
from crm.reports import (
    expiry_report_views,
    reliability_api,
    reliability_views,
    service_report_api,
    service_report_views,
)
from crm.reports import jobs as reports_jobs
from crm.reports import models as _reports
from crm.reports import service_report_models as _service_reports
from crm.reports import views as reports_views
from crm.search import api as search_api
from crm.search import following as search_following
from crm.search import jobs as search_jobs
from crm.search import models as _search
from crm.search import rebuild_models as _search_rebuilds
from crm.search import views as search_views
from crm.service import api as service_api
from crm.service import code_views, onsite_views
from crm.service import models as _service
from crm.service import signature_models as _signatures
from crm.service import views as service_views
from crm.staff import api as staff_api
from crm.staff import office_views
from crm.staff import views as staff_views
from crm.support import api as support_api
from crm.support import models as _support
from crm.support import views as support_views
from crm.timeline import api as timeline_api
from crm.timeline import models as _timeline
from crm.timeline.actions import Companion
from crm.transfers import api as transfers_api
from crm.transfers import column_views
from crm.transfers import jobs as transfers_jobs
from crm.transfers import models as _transfers
from crm.transfers import run_models as _import_runs
from crm.transfers import run_views as imports_views
from crm.transfers import views as transfers_views
from crm.vcards import api as vcards_api
from crm.vcards import views as vcards_views
from crm.webhooks import actions as webhooks_actions
from crm.webhooks import api as webhooks_api
from crm.webhooks import jobs as webhooks_jobs
from crm.webhooks import models as _webhooks
from crm.webhooks import views as webhooks_views
from crm.webhooks.kinds import KINDS as WEBHOOK_KINDS

BLUEPRINTS = (
    home_views.bp,
    deals_pages.bp,
    operations_views.bp,
    staff_views.bp,
    office_views.bp,
    closed_days_views.bp,
    alerts_views.bp,
    search_views.bp,
    support_views.bp,
    desk_views.bp,
    accounts_views.bp,
    alike_views.bp,
    doubles_views.bp,
    register_views.bp,
    reports_views.bp,
    expiry_report_views.bp,
    service_report_views.bp,
    installed_base_views.bp,
    contract_views.bp,
    account_tree_views.bp,
    economy_views.bp,
    warranty_views.bp,
    service_views.bp,
    code_views.bp,
    fleet_views.bp,
    place_views.bp,
    maintenance_views.bp,
    campaigns_views.bp,
    onsite_views.bp,
    expiry_views.bp,
    feed_views.bp,
    readings_views.bp,
    transfers_views.bp,
    column_views.bp,
    imports_views.bp,
    reliability_views.bp,
    products_views.bp,
    attribute_views.bp,
    handover_views.bp,
    files_views.bp,
    exports_views.bp,
    vcards_views.bp,
    webhooks_views.bp,
)

APIS = (
    search_api.blp, staff_api.blp, closed_days_api.blp, alerts_api.blp, support_api.blp,
    desk_api.blp, accounts_api.blp,
    products_api.blp, deals_api.blp, installed_base_api.blp, warranty_api.blp, contract_api.blp,
    maintenance_api.blp, campaigns_api.blp,
    service_api.blp,
    readings_api.blp, reliability_api.blp, reports_api.blp, service_report_api.blp, expiry_api.blp,
    register_api.blp, doubles_api.blp,
    handover_api.blp, files_api.blp, transfers_api.blp, exports_api.blp, vcards_api.blp, timeline_api.blp,
    webhooks_api.blp,
)  # fmt: skip

MODELS = (
    _accounts, _alerts, _campaigns, _closed_days, _deals, _doubles, _expiry, _exports, _files,
    _handover,
    _installed_base, _maintenance, _products, _readings, _register, _reports, _search, _service,
    _service_reports, _signatures, _support, _timeline, _transfers,
    _import_runs, _webhooks,
    _search_rebuilds,
)  # fmt: skip
"""Every table of the application is known once these are imported."""

HANDLERS: dict[str, Handler] = {
    "reports.build": reports_jobs.build,
    "imports.work": transfers_jobs.work,
    "reports.service": reports_jobs.build_service_report,
    "deals.pace": deals_jobs.measure,
    "doubles.nightly": doubles_jobs.nightly,
    "doubles.compare": doubles_jobs.compare,
    "doubles.refresh": doubles_jobs.refresh,
    "alerts.evaluate": alerts_jobs.evaluate,
    "alerts.daily": alerts_jobs.daily,
    "alerts.round": alerts_jobs.round_of_units,
    "alerts.wake": alerts_jobs.wake,
    "alerts.release": alerts_jobs.release,
    "operations.tidy": operations_jobs.tidy,
    "search.rebuild": search_jobs.rebuild,
    "search.follow": search_jobs.follow,
    "files.tidy": files_jobs.tidy,
    "exports.build": exports_jobs.build,
    "exports.tidy": exports_jobs.tidy,
    "alerts.expire": alerts_jobs.expire,
    "alerts.hand_over": alerts_jobs.hand_over,
    "alerts.announce": announcing.announce,
    "alerts.reach": announcing.reach,
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
    "staff.changed": ("alerts.hand_over",),
    "product.life_changed": ("alerts.announce",),
    "unit.metered": ("alerts.evaluate", "maintenance.metered"),
    "ticket.opened": ("alerts.evaluate",),
    "ticket.changed": ("alerts.evaluate",),
    "work_order.done": ("alerts.evaluate", "maintenance.follow", "campaigns.follow"),
    "unit.added": ("campaigns.join",),
    "unit.changed": ("campaigns.join",),
    "unit.moved": ("campaigns.join",),
    "campaign.reached": ("alerts.campaign",),
    "plan.added": ("maintenance.plan",),
    "plan.changed": ("maintenance.plan",),
}
"""Event kind → the messages written with it."""

TOGETHER: dict[str, tuple[Companion, ...]] = {
    "account.changed": (search_following.follow_account,),
    "account.renamed": (search_following.follow_account,),
    "deal.won": (handover_actions.follow_deal,),
    "deal.lost": (handover_actions.follow_deal,),
    "deal.reopened": (handover_actions.follow_deal,),
    "deal.changed": (handover_actions.follow_deal, handover_moving.follow_account),
    "unit.changed": (handover_actions.follow_unit,),
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
    "alerts.daily", "alerts.expire", "alerts.release", "campaigns.sweep", "contracts.renew",
    "deals.pace", "doubles.nightly", "exports.tidy", "files.tidy", "maintenance.generate",
    "operations.tidy", "webhooks.tidy",
)  # fmt: skip
"""Messages that the clock writes once a day, at its first look after midnight."""
