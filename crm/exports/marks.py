"""The key of a record of ours in a file: no other installation has the same."""

from __future__ import annotations

import hmac

from flask import current_app

PARTED = "-"


def installation() -> str:
    """A short name of this installation; it follows from its secret and tells nothing of it."""
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode(), b"exported records", "sha256").hex()[:6]


def record_id(key: int | None) -> str | None:
    """How a record is named in a file of ours: 3f9c1a-42."""
    return None if key is None else f"{installation()}{PARTED}{key}"


def own_key(text: str) -> int | None:
    """The key of the record that a file of this installation names; None for any other text."""
    mark, _parted, key = text.strip().partition(PARTED)
    if mark != installation() or not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    return int(key)
