"""What was typed into a form that cannot be taken, as its sign-in has ended, held in the answer.

Whoever signed out in another tab, or in again, has a form whose token is no longer good. The answer
carries her fields, so that she sends them again from there. Only a form that came from a page of
ours is held: otherwise a stranger's page could lay words into a form of ours that looks like hers.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import HTTPException

NEVER_HELD = ("staff",)
"""The rooms whose forms hold passwords."""
Fields = list[tuple[str, str]]


def held_fields() -> Fields | None:
    """The fields of the form of this request, without its token. None for what is not held: what
    did not come from a page of ours, passwords, and files, which no page can hold."""
    if request.method != "POST" or request.blueprint in (None, *NEVER_HELD):
        return None
    if not _from_our_page() or request.path.startswith(("//", "/\\")):
        return None
    try:
        fields = [one for one in request.form.items(multi=True) if one[0] != "csrf_token"]
        files = any(one.filename for one in request.files.values())
    except HTTPException:  # too large to be read
        return None
    if files or any("password" in name for name, _value in fields):
        return None
    return fields


def words_of(fields: Fields) -> list[str]:
    """What of it is text that somebody wrote, to be read and copied; no keys, days or choices."""
    return [
        value for name, value in fields
        if not name.startswith("original_") and (not value.isascii() or " " in value.strip())
    ]  # fmt: skip


def _from_our_page() -> bool:
    """Browsers say where a form came from, and no page can make them say anything else."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
