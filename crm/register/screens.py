"""What the pages of the register are drawn from; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request

from crm.accounts.former_names import former_names
from crm.accounts.models import Account
from crm.extensions import db
from crm.paging import COUNTED
from crm.register import queries, words
from crm.register.models import KINDS, RegisterProposal
from crm.rights import Person, may

PAGE = 50
ENDS = ("closed", "absorbed")


def list_page(user: Person, errors: Mapping[str, Sequence[str]] | None = None) -> str:
    """What is to be decided, or was; the address is the whole state."""
    args = request.args
    kind = args.get("kind") if args.get("kind") in KINDS else None
    state = args["state"] if args.get("state") in words.states() else "open"
    rows, total = queries.proposals(state, kind, args.get("cursor"), PAGE)
    counts = queries.open_by_kind()
    return render_template(
        "register/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED, kind=kind, state=state, counts=counts, errors=errors or {},
        all_open=sum(counts.values()), upto=queries.newest_open() if state == "open" else 0,
        files=queries.files(), may_edit=may(user, "edit", "register"), **_about(rows.rows),
    )  # fmt: skip


def panel(account: Account, user: Person) -> str:
    """What the register says of one account: what it was called, its end, what is open."""
    rows = queries.of_account(account.id)
    return render_template(
        "register/panel.html", account=account, former=former_names(account.id), rows=rows,
        may_see=may(user, "view", "register"), **_about(rows, account.successor_number),
    )  # fmt: skip


def name_of(proposal: RegisterProposal) -> str:
    """What the account of a proposal is called."""
    return db.session.get_one(Account, proposal.account_id).name


def _about(rows: Sequence[Any], *numbers: str | None) -> dict[str, Any]:
    """What hangs on accounts that end, and who takes them over."""
    ending = [row.account_id for row in rows if row.kind in ENDS]
    wanted = (*(row.after.get("successor_number") for row in rows), *numbers)
    known = {number for number in wanted if number}
    return {
        "hanging": queries.hanging(ending) if ending else {},
        "successors": queries.successors(known) if known else {},
        "words": words,
    }
