"""What can be searched: kind of record, its table, and who makes its entries."""

from __future__ import annotations

from crm.accounts import cards as accounts
from crm.advice import cards as advice
from crm.attributes import searching as attributes
from crm.campaigns import cards as campaigns
from crm.deals import cards as deals
from crm.files import cards as files
from crm.installed_base import cards as installed_base
from crm.products import cards as products
from crm.search.sources import Source
from crm.service import cards as service
from crm.support import cards as support

WORDS_OF = attributes.words_of
"""What is found of records besides what their rooms know."""
SEARCHED: tuple[Source, ...] = (
    Source("account", "accounts", accounts.account_cards),
    Source("site", "sites", accounts.site_cards),
    Source("contact", "contacts", accounts.contact_cards),
    Source("product", "products", products.product_cards),
    Source("unit", "units", installed_base.unit_cards),
    Source("contract", "service_contracts", installed_base.contract_cards),
    Source("campaign", "campaigns", campaigns.campaign_cards),
    Source("deal", "deals", deals.deal_cards),
    Source("activity", "activities", deals.activity_cards),
    Source("ticket", "tickets", support.ticket_cards),
    Source("note", "ticket_notes", support.note_cards),
    Source("advice", "advice", advice.advice_cards),
    Source("work_order", "work_orders", service.work_cards),
    Source("document", "attachments", files.document_cards),
)
