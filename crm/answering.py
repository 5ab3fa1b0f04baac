"""What answers under an address: the pages and the APIs of all rooms."""

from __future__ import annotations

from crm.accounts import alike_views, contact_views
from crm.accounts import api as accounts_api
from crm.accounts import views as accounts_views
from crm.advice import api as advice_api
from crm.advice import views as advice_views
from crm.alerts import api as alerts_api
from crm.alerts import views as alerts_views
from crm.attributes import api as attributes_api
from crm.attributes import views as attributes_views
from crm.campaigns import api as campaigns_api
from crm.campaigns import views as campaigns_views
from crm.closed_days import api as closed_days_api
from crm.closed_days import views as closed_days_views
from crm.deals import api as deals_api
from crm.deals import pages as deals_pages
from crm.desk import api as desk_api
from crm.desk import views as desk_views
from crm.doubles import api as doubles_api
from crm.doubles import views as doubles_views
from crm.expiry import api as expiry_api
from crm.expiry import feed_views
from crm.expiry import views as expiry_views
from crm.exports import api as exports_api
from crm.exports import views as exports_views
from crm.files import api as files_api
from crm.files import views as files_views
from crm.handover import api as handover_api
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
from crm.installed_base import views as installed_base_views
from crm.maintenance import api as maintenance_api
from crm.maintenance import views as maintenance_views
from crm.mass_changes import api as mass_changes_api
from crm.mass_changes import views as mass_changes_views
from crm.operations import views as operations_views
from crm.products import api as products_api
from crm.products import views as products_views
from crm.readings import api as readings_api
from crm.readings import views as readings_views
from crm.register import api as register_api
from crm.register import views as register_views
from crm.reports import api as reports_api
from crm.reports import (
    expiry_report_views,
    reliability_api,
    reliability_views,
    service_report_api,
    service_report_views,
)
from crm.reports import views as reports_views
from crm.saved_views import api as saved_views_api
from crm.saved_views import views as saved_views_views
from crm.search import api as search_api
from crm.search import views as search_views
from crm.service import api as service_api
from crm.service import code_views, onsite_views
from crm.service import views as service_views
from crm.staff import api as staff_api
from crm.staff import colleague_views, office_views
from crm.staff import views as staff_views
from crm.support import api as support_api
from crm.support import request_views as work_request_views
from crm.support import views as support_views
from crm.timeline import api as timeline_api
from crm.transfers import api as transfers_api
from crm.transfers import column_views
from crm.transfers import run_views as imports_views
from crm.transfers import views as transfers_views
from crm.vcards import api as vcards_api
from crm.vcards import views as vcards_views
from crm.webhooks import api as webhooks_api
from crm.webhooks import views as webhooks_views

BLUEPRINTS = (
    home_views.bp,
    deals_pages.bp,
    operations_views.bp,
    staff_views.bp,
    office_views.bp,
    colleague_views.bp,
    closed_days_views.bp,
    alerts_views.bp,
    search_views.bp,
    support_views.bp,
    work_request_views.bp,
    advice_views.bp,
    desk_views.bp,
    accounts_views.bp,
    contact_views.bp,
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
    attributes_views.bp,
    handover_views.bp,
    files_views.bp,
    exports_views.bp,
    mass_changes_views.bp,
    saved_views_views.bp,
    vcards_views.bp,
    webhooks_views.bp,
)

APIS = (
    search_api.blp, staff_api.blp, closed_days_api.blp, alerts_api.blp, support_api.blp,
    advice_api.blp,
    desk_api.blp, accounts_api.blp, products_api.blp, deals_api.blp, installed_base_api.blp,
    attributes_api.blp,
    warranty_api.blp, contract_api.blp, maintenance_api.blp, campaigns_api.blp, service_api.blp,
    readings_api.blp, reliability_api.blp, reports_api.blp, service_report_api.blp,
    expiry_api.blp, register_api.blp, doubles_api.blp, handover_api.blp, files_api.blp,
    transfers_api.blp, exports_api.blp, vcards_api.blp, mass_changes_api.blp,
    saved_views_api.blp, timeline_api.blp, webhooks_api.blp,
)  # fmt: skip
