"""What the address of a list says: keys, words and flags. What it does not know is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from crm.errors import BadRequest

Args = Mapping[str, str]


def key_in(args: Args, name: str) -> int | None:
    """A record's key in digits. Raises BadRequest naming the filter."""
    text = args.get(name, "")
    if not text:
        return None
    if not _is_key(text):
        raise _unknown(name, _("A record's number."))
    return int(text)


def person_in(args: Args, name: str, me: int) -> int | None:
    """A person's key, or `me`. Raises BadRequest naming the filter."""
    text = args.get(name, "")
    if text == "me":
        return me
    if text and not _is_key(text):
        raise _unknown(name, _("me, or a person's key."))
    return int(text) if text else None


def word_in(args: Args, name: str, allowed: Collection[str]) -> str:
    """One of the words that are allowed, or nothing. Raises BadRequest naming the filter."""
    text = args.get(name, "")
    if text and text not in allowed:
        raise _unknown(name, _("One of: %(all)s.", all=", ".join(allowed)))
    return text


def flag_in(args: Args, name: str) -> bool | None:
    """true or false, or nothing. Raises BadRequest naming the filter."""
    text = word_in(args, name, ("true", "false"))
    return text == "true" if text else None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _unknown(name: str, why: str) -> BadRequest:
    return BadRequest(_("There is no such filter."), {name: [why]})
