"""The parent company of an account, looked up by name as somebody types."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.editing import Form
from crm.errors import Invalid
from crm.rights import Person
from crm.search.asking import viewer_of
from crm.search.queries import find
from crm.text.normal import clean

FIND = "find-parent_id"
"""The field of the form that a part of its name is typed into."""
MOST = 8


def candidates(q: str, user: Person, of: int = 0) -> list[tuple[int, str, str]]:
    """Accounts that this person may see, by what was typed: (key, name, what stands beside it).

    `of` is the account whose parent is looked for: it is not its own.
    """
    if not clean(q):
        return []
    found = find(viewer_of(user), q[:200], ("account",), MOST + 1)
    others = [hit for hit in found if hit.record_id != of]
    return [(hit.record_id, hit.label, hit.sublabel) for hit in others[:MOST]]


def chosen(form: Form, user: Person, of: int = 0) -> Form:
    """The form with the key of the parent company instead of its name.

    A name that was typed and not chosen from the list counts where one account alone is found by
    it; else Invalid is raised.
    """
    kept = form.copy()
    words = kept.pop(FIND, "")
    if not clean(words) or kept.get("parent_id", "") != kept.get("original_parent_id", ""):
        return kept
    hits = candidates(words, user, of)
    if len(hits) != 1:
        why = _("Choose one of these.") if hits else _("Nothing is called that.")
        raise Invalid({"parent_id": [why]})
    kept["parent_id"] = str(hits[0][0])
    return kept
