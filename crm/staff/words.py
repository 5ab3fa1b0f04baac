"""Roles and departments as people call them."""

from __future__ import annotations

from flask_babel import pgettext


def role_name(role: str) -> str:
    """A role in the reader's language."""
    names = {
        "rep": pgettext("role", "Sales rep"),
        "clerk": pgettext("role", "Call-centre clerk"),
        "engineer": pgettext("role", "Engineer"),
        "manager": pgettext("role", "Manager"),
        "admin": pgettext("role", "Administrator"),
    }
    return names[role]
