"""All pages of deals and activities under their one blueprint."""

from crm.deals import (
    activity_list_views,
    activity_views,
    form_views,
    page_views,
    unit_views,
    views,
)
from crm.deals.blueprint import bp

PAGES = (views, page_views, form_views, activity_views, activity_list_views, unit_views)
"""Imported for the routes they put on the blueprint."""

__all__ = ["PAGES", "bp"]
