"""Secrets and signatures in the manner of Standard Webhooks (standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def secret_of(salt: str, installation: str) -> bytes:
    """The 32 bytes that sign for a salt. Whoever reads the database alone cannot sign."""
    return hmac.digest(installation.encode(), f"webhook {salt}".encode(), hashlib.sha256)


def shown(secret: bytes) -> str:
    """A secret as it is given to whoever runs the receiver."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secrets: Sequence[bytes], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What is sent with a body: its key, the instant in seconds, a signature for each secret."""
    timestamp = str(int(at.timestamp()))
    said = f"{message_id}.{timestamp}.".encode() + body
    signed = [base64.b64encode(hmac.digest(one, said, hashlib.sha256)).decode() for one in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signed),
    }
