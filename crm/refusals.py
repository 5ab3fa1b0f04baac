"""Why a field is refused, in the reader's language: the sentences of marshmallow in our words."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _

Say = Callable[[re.Match[str]], str]

SENTENCES: tuple[tuple[re.Pattern[str], Say], ...] = tuple(
    (re.compile(pattern + r"\Z", re.DOTALL), say)
    for pattern, say in (
        (r"Missing data for required field\.", lambda _m: _("This is required.")),
        (r"Field may not be null\.", lambda _m: _("This may not be empty.")),
        (r"Unknown field\.", lambda _m: _("There is no such field.")),
        (r"Invalid (input )?type\.", lambda _m: _("This has the wrong form.")),
        (r"Not a valid integer\.", lambda _m: _("This is not a whole number.")),
        (
            r"(Not a valid number|Special numeric values .*)\.",
            lambda _m: _("This is not a number."),
        ),
        (r"Number too large\.", lambda _m: _("This number is too large.")),
        (r"Not a valid boolean\.", lambda _m: _("This is not yes or no (true, false).")),
        (r"Not a valid date\.", lambda _m: _("This is not a date such as 2026-11-21.")),
        (
            r"Not a valid (aware |naive )?(datetime|time)\.",
            lambda _m: _("This is not a time such as 2026-11-21T09:00:00+09:00."),
        ),
        (r"Not a valid (utf-8 )?string\.", lambda _m: _("This is not text.")),
        (r"Not a valid email address\.", lambda _m: _("This is not a mail address.")),
        (r"Not a valid list\.", lambda _m: _("This is not a list.")),
        (r"Not a valid mapping type\.", lambda _m: _("This is not a set of named values.")),
        (r"Not a valid URL\.", lambda _m: _("This is not an address such as https://….")),
        (r"Shorter than minimum length (\d+)\.", lambda m: _too_short(int(m[1]))),
        (
            r"Longer than maximum length (\d+)\.",
            lambda m: _("At most %(n)s characters.", n=f"{int(m[1]):,}"),
        ),
        (
            r"Length must be between (\d+) and (\d+)\.",
            lambda m: _between(int(m[1]), int(m[2])),
        ),
        (r"Fewer than (\d+) things\.", lambda m: _("At least %(n)s of them.", n=m[1])),
        (r"More than (\d+) things\.", lambda m: _("At most %(n)s of them.", n=m[1])),
        (
            r"Not between (\d+) and (\d+) things\.",
            lambda m: _("From %(low)s to %(high)s of them.", low=m[1], high=m[2]),
        ),
        (r"Length must be (\d+)\.", lambda m: _("Exactly %(n)s characters.", n=m[1])),
        (
            r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.",
            lambda m: _("From %(low)s to %(high)s.", low=m[1], high=m[2]),
        ),
        (
            r"Must be greater than or equal to (\S+)\.",
            lambda m: _("At least %(n)s.", n=m[1]),
        ),
        (r"Must be less than or equal to (\S+)\.", lambda m: _("At most %(n)s.", n=m[1])),
        (r"Must be one of: (.*)\.", lambda m: _("One of: %(all)s.", all=m[1].removeprefix(", "))),
        (
            r"String does not match expected pattern\.",
            lambda _m: _("This does not have the expected form."),
        ),
        (r"Invalid value\.", lambda _m: _("This value is not possible.")),
        (r"Not a valid \w+\.", lambda _m: _("This has the wrong form.")),
    )
)


def _between(least: int, most: int) -> str:
    if least == 1:
        return _("Fill this in, with at most %(n)s characters.", n=f"{most:,}")
    return _("From %(low)s to %(high)s characters.", low=least, high=most)


def _too_short(least: int) -> str:
    return _("This may not be empty.") if least == 1 else _("At least %(n)s characters.", n=least)


def why(text: str) -> str:
    """A reason in the reader's language; what is not marshmallow's passes as it is."""
    for pattern, say in SENTENCES:
        found = pattern.match(text)
        if found is not None:
            return say(found)
    return text
