"""What kinds of event, states and failures are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext


def labels() -> dict[str, str]:
    """Field → its name."""
    return {
        "label": pgettext("webhook", "Name"),
        "url": pgettext("webhook", "Address"),
        "kinds": _("Tells of"),
    }


def groups() -> dict[str, str]:
    """Kind of record → its name."""
    return {
        "ticket": _("Tickets"), "deal": _("Deals"), "alert": _("Alerts"), "unit": _("Units"),
        "contract": _("Contracts"), "work_order": _("Work orders"), "account": _("Accounts"),
        "contact": _("Contacts"), "site": _("Sites"), "product": _("Products"),
    }  # fmt: skip


def happened() -> dict[str, str]:
    """The second word of an event → what happened."""
    return {
        "added": pgettext("event", "added"), "changed": pgettext("event", "changed"),
        "removed": pgettext("event", "removed"), "opened": pgettext("event", "opened"),
        "assigned": pgettext("event", "assigned"), "pended": pgettext("event", "pended"),
        "resumed": pgettext("event", "resumed"), "solved": pgettext("event", "solved"),
        "closed": pgettext("event", "closed"), "reopened": pgettext("event", "reopened"),
        "won": pgettext("event", "won"),
        "lost": pgettext("event", "lost"), "raised": pgettext("event", "raised"),
        "accepted": pgettext("event", "accepted"), "dismissed": pgettext("event", "dismissed"),
        "snoozed": pgettext("event", "snoozed"), "renewed": pgettext("event", "renewed"),
        "notice_given": pgettext("event", "notice given"),
        "notice_taken_back": pgettext("event", "notice taken back"),
        "done": pgettext("event", "done"), "renamed": pgettext("event", "renamed"),
        "numbered": pgettext("event", "corporate number found"),
        "restored": pgettext("event", "in the register again"),
        "merged": pgettext("event", "merged"), "unmerged": pgettext("event", "merge taken back"),
        "life_changed": pgettext("event", "end of sale or support"),
        "ping": pgettext("event", "test"),
    }  # fmt: skip


def event(kind: str) -> str:
    """What happened, as one says it of this kind of record."""
    own = {
        "deal.moved": pgettext("event", "moved to a stage"),
        "unit.moved": pgettext("event", "moved"),
        "account.moved": pgettext("event", "head office moved"),
        "account.closed": pgettext("event", "closed in the register"),
    }  # fmt: skip
    return own.get(kind) or happened()[kind.partition(".")[2]]


def states() -> dict[str, str]:
    """State of a delivery → its name."""
    return {
        "waiting": pgettext("delivery", "Waiting"), "delivered": pgettext("delivery", "Delivered"),
        "given_up": pgettext("delivery", "Given up"),
        "discarded": pgettext("delivery", "Discarded"),
    }  # fmt: skip


def pause_reasons() -> dict[str, str]:
    """Why an address hears nothing at the moment."""
    return {
        "person": _("Paused by hand. What happens meanwhile waits for 30 days."),
        "failing": _("Paused by itself: the receiver has failed for a day. What happens waits."),
        "gone": _("Paused by itself: the receiver answered that the address is gone (410)."),
        "restored": _("Paused because this database was restored from a copy. Look whether the "
                      "receiver is the right one, then resume."),
    }  # fmt: skip


def error(code: str) -> str:
    """What went wrong with a try, or is wrong with an address."""
    said = {
        "form": _("This is no address that can be called: https://, a host in plain letters and a "
                  "path, nothing before the host."),
        "scheme": _("Only https addresses are called. For a receiver inside the company the "
                    "administrator sets CRM_WEBHOOK_PRIVATE."),
        "network": _("This address lies in a network that is never called. For a receiver inside "
                     "the company the administrator sets CRM_WEBHOOK_PRIVATE."),
        "unknown": _("The name of the host leads nowhere."),
        "timeout": _("No answer within 5 seconds."),
        "tls": _("The certificate of the receiver is not valid."),
        "connection": _("The connection was refused or broke off."),
        "redirect": _("The receiver sent us on to another address; that is not followed."),
        "status": _("The receiver answered that it did not take it."),
    }  # fmt: skip
    return said.get(code, code)
