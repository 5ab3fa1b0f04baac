"""What a file has no column for, it says nothing of: what an earlier file of the same source said
of it stays. The programs for business cards are one source and have not the same columns."""

from __future__ import annotations

from crm.transfers.evaluating import make_item, thaw
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind


def keep_unsaid(kind: Kind, item: Item, before: Fields, finder: Finder) -> None:
    """Let a row say again what the file before it said and this one has no column for.

    Raises Unreadable where both together cannot be.
    """
    unsaid = {name: value for name, value in before.items() if name not in item.fields}
    if not unsaid:
        return
    whole = make_item(kind, item.key, item.line, thaw(kind, unsaid) | item.fields, finder)
    item.digest, item.said, item.text = whole.digest, whole.said, whole.text
    item.fields, item.columns = whole.fields, whole.columns
