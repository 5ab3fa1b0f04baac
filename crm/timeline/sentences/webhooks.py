"""What the history says about addresses outside that are told of events."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _paused(facts: Facts) -> str:
    said = {
        "person": _("Webhook paused: %(name)s", name=facts["label"]),
        "restored": _("Webhook paused after a restore: %(name)s", name=facts["label"]),
        "gone": _("Webhook paused, its address is gone: %(name)s", name=facts["label"]),
        "failing": _("Webhook paused after a day of failures: %(name)s", name=facts["label"]),
    }
    return said[str(facts["reason"])]


KINDS: dict[str, Line] = {
    "webhook.added": Line(
        "send", "record", lambda f: _("New webhook: %(name)s", name=f["label"])
    ),
    "webhook.changed": Line(
        "send", "record", lambda f: _("Webhook changed: %(name)s", name=f["label"])
    ),
    "webhook.removed": Line(
        "send", "record", lambda f: _("Webhook removed: %(name)s", name=f["label"])
    ),
    "webhook.secret_renewed": Line(
        "send", "record", lambda f: _("New secret of the webhook: %(name)s", name=f["label"])
    ),
    "webhook.paused": Line("send", "record", _paused),
    "webhook.resumed": Line(
        "send", "record", lambda f: _("Webhook resumed: %(name)s", name=f["label"])
    ),
    "webhook.given_up": Line(
        "send", "record",
        lambda f: _("A message to the webhook was given up: %(name)s", name=f["label"]),
    ),
}  # fmt: skip
