"""Bodies of JSON, looked at before anything reads them."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from flask_babel import gettext as _

from crm.errors import BadRequest, Invalid

IMPOSSIBLE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
"""NUL as JSON writes it, no backslash of the text before it, or half of a character."""
IMPOSSIBLE_IN_NAME = re.compile(r"[\x00\ud800-\udfff]")


def check_json(body: bytes) -> None:
    """Refuse what readers or databases stumble over; what is no JSON is refused later.

    Raises BadRequest for the whole, Invalid where the fields can be named.
    """
    try:
        said = json.loads(body, object_pairs_hook=_named_once)
        text = json.dumps(said, ensure_ascii=False)
    except RecursionError as error:
        raise BadRequest(_("The JSON is nested too deeply.")) from error
    except (json.JSONDecodeError, UnicodeDecodeError):
        return
    except ValueError as error:
        raise BadRequest(_("A number in the JSON has too many digits.")) from error
    if IMPOSSIBLE.search(text):
        why_not = [_("The text holds a character that cannot be.")]
        raise Invalid(dict.fromkeys(_impossible_in(said), why_not))


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One reader would take the first of two, another the last. Raises Invalid."""
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _value in pairs)
        twice = [IMPOSSIBLE_IN_NAME.sub("", name) or "body" for name, n in times.items() if n > 1]
        raise Invalid({name: [_("This is said twice.")] for name in twice[:50]})
    return found


def _impossible_in(said: object) -> list[str]:
    """The fields that hold such a character; `body` when it is the body itself."""
    if not isinstance(said, dict):
        return ["body"]
    found = [
        str(name)
        for name, value in said.items()
        if IMPOSSIBLE.search(json.dumps([name, value], ensure_ascii=False))
    ]
    return [IMPOSSIBLE_IN_NAME.sub("", name) or "body" for name in found]
