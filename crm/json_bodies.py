"""Bodies of JSON, looked at before anything reads them."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from flask_babel import gettext as _

from crm.errors import BadRequest, Invalid

NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""The character NUL as JSON writes it, no backslash of the text before it."""


def check_json(body: bytes) -> None:
    """Refuse what readers or databases stumble over; what is no JSON is refused later.

    Raises BadRequest for the whole, Invalid where the fields can be named.
    """
    try:
        said = json.loads(body, object_pairs_hook=_named_once)
        text = json.dumps(said, ensure_ascii=False)
        text.encode()
    except RecursionError as error:
        raise BadRequest(_("The JSON is nested too deeply.")) from error
    except UnicodeEncodeError as error:
        raise BadRequest(_("The text holds a character that cannot be.")) from error
    except (json.JSONDecodeError, UnicodeDecodeError):
        return
    except ValueError as error:
        raise BadRequest(_("A number in the JSON has too many digits.")) from error
    if NUL.search(text):
        why_not = [_("The text holds a character that cannot be.")]
        raise Invalid(dict.fromkeys(_holding_nul(said), why_not))


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One reader would take the first of two, another the last. Raises Invalid."""
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _value in pairs)
        twice = [name.replace("\x00", "") or "body" for name, n in times.items() if n > 1]
        raise Invalid({name: [_("This is said twice.")] for name in twice[:50]})
    return found


def _holding_nul(said: object) -> list[str]:
    """The fields that hold the character; `body` when it is the body itself."""
    if not isinstance(said, dict):
        return ["body"]
    found = [
        str(name)
        for name, value in said.items()
        if NUL.search(json.dumps([name, value], ensure_ascii=False))
    ]
    return [name.replace("\x00", "") or "body" for name in found]
