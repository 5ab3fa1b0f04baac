"""What a clerk has typed so far is kept here: one draft for each call she has open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.accounts.models import Account, Contact
from crm.attributes.forms import FIND
from crm.attributes.values import PREFIX
from crm.clock import now
from crm.errors import Conflict, NotFound
from crm.extensions import db
from crm.rights import Person
from crm.support.models import CallDraft
from crm.support.schemas import VOICE_MOST
from crm.text import buying_words
from crm.text.legal_form import split
from crm.text.phone import spoken
from crm.typed import key_of

MOST = 20
"""Calls one clerk can have open."""

LONGEST = timedelta(hours=12)
"""A page that was opened earlier says nothing of when its call rang."""

TYPED = ("account_id", "contact_id", "site_id", "unit_id", "category", "symptom", "other",
         "voice", "withdrawn", "memo", "outcome", "q", "from", "idempotency_key")  # fmt: skip
"""Fields of the form that a draft keeps, as typed."""

BETWEEN = "|"
"""Between the buying words that are taken back, in the form and in the draft."""

_CUSTOM = re.compile(rf"(?:{PREFIX}|{FIND})[a-z][a-z0-9_]{{0,39}}")
CUSTOM_MOST = 100
"""Custom fields one draft can hold."""


def get_draft(draft_id: int, user: Person) -> CallDraft:
    """The door: a draft is its writer's alone. Raises NotFound."""
    found = db.session.get(CallDraft, draft_id) if 0 < draft_id < 2**53 else None
    if found is None or found.staff_id != user.id:
        raise NotFound
    return found


def hollow(form: Mapping[str, str]) -> bool:
    """Nothing is typed yet but a question to the look-up, and no draft is there: keep none."""
    worth = ("draft", "from", "account_id", "symptom", "other", "voice", "memo", "choose")
    return not any(form.get(name, "").strip() for name in worth)


def typed_in(form: Mapping[str, Any]) -> dict[str, str]:
    """What a form, an address or a draft holds of the fields that drafts keep."""
    custom = islice((name for name in form if _CUSTOM.fullmatch(name)), CUSTOM_MOST)
    return {name: str(form[name] or "") for name in (*TYPED, *custom) if name in form}


def keep(form: Mapping[str, str], user: Person) -> CallDraft:
    """Write what the form holds into its draft, or into a new one. Does not commit.

    A form whose draft is gone (saved, or thrown away elsewhere) gets a new one.
    """
    typed = {name: text[:VOICE_MOST].replace("\x00", "") for name, text in typed_in(form).items()}
    draft = _known(form, user, lock=True)
    if draft is None:
        draft = _new(user, _began(form))
    kept = dict(draft.fields)
    if typed.get("account_id") != kept.get("account_id") or (
        typed.get("contact_id") != kept.get("contact_id")
    ):
        kept["label"] = label_of(typed.get("account_id", ""), typed.get("contact_id", ""))
    draft.fields = kept | typed
    draft.saved_at = now()
    db.session.flush()
    return draft


def stranger(draft: CallDraft) -> tuple[str, str]:
    """What is known of a caller whom nobody knows: the name asked for and the number."""
    asked, number = draft.fields.get("q", "").strip(), draft.fields.get("from", "")
    named = any(one.isalpha() for one in asked)
    return asked[:200] if named else "", spoken(number or ("" if named else asked))[:40]


def _began(form: Mapping[str, str]) -> datetime:
    """When the call rang, as its page says, which was opened before anything was kept; else now."""
    try:
        began = datetime.fromisoformat(form.get("began", ""))
    except ValueError:
        return now()
    return began if began.tzinfo and now() - LONGEST < began < now() else now()


def _new(user: Person, began: datetime) -> CallDraft:
    count = sa.select(sa.func.count()).where(CallDraft.staff_id == user.id)
    if (db.session.scalar(count) or 0) >= MOST:
        raise Conflict(_("You have %(n)s calls open. Finish or discard one first.", n=MOST))
    draft = CallDraft(staff_id=user.id, fields={}, began_at=began, saved_at=now())
    db.session.add(draft)
    return draft


def _known(form: Mapping[str, str], user: Person, *, lock: bool = False) -> CallDraft | None:
    """The draft the form names, else the one that the same form wrote a moment ago. `lock` for who
    writes it: its words and how the call stands are one value, saved in turn."""
    named = form.get("draft", "")
    if named.isascii() and named.isdigit() and len(named) < 16:
        found = db.session.get(CallDraft, int(named), with_for_update=lock or None)
        if found is not None and found.staff_id == user.id:
            return found
    key = form.get("idempotency_key")
    if not key:
        return None
    own = sa.select(CallDraft).where(CallDraft.staff_id == user.id)
    rows = db.session.scalars(own.with_for_update() if lock else own)
    return next((one for one in rows if one.fields.get("idempotency_key") == key), None)


def label(account: str, family: str | None) -> str:
    """What the tab of a call says: 山田製作所 鈴木様."""
    called = pgettext("honorific after a family name", "%(name)s", name=family) if family else ""
    return f"{split(account).core or account} {called}".strip()


def label_of(account_id: str, contact_id: str) -> str:
    """The same of the records that these are the keys of."""
    account, contact = key_of(account_id), key_of(contact_id)
    if account is None:
        return ""
    row = db.session.execute(
        sa.select(Account.name, Contact.family_name)
        .outerjoin(Contact, sa.and_(Contact.id == contact, Contact.account_id == Account.id))
        .where(Account.id == account)
    ).first()
    return label(row.name, row.family_name) if row is not None else ""


def choose(draft: CallDraft, chosen: str) -> None:
    """Take a candidate (`account:contact:site`) as the caller; another's unit is let go."""
    parts = [part if part.isascii() and part.isdigit() else "" for part in chosen.split(":")]
    account, contact, site, unit = [*parts, "", "", "", ""][:4]
    kept = dict(draft.fields)
    if kept.get("account_id") != account:
        kept["unit_id"] = ""
    kept |= {"account_id": account, "contact_id": contact, "site_id": site}
    if unit:
        kept["unit_id"] = unit
    kept["label"] = label_of(account, contact)
    draft.fields = kept


def withdrawn_in(form: Mapping[str, Any]) -> list[str]:
    """The buying words that a form or a draft holds as taken back, each once."""
    words = str(form.get("withdrawn") or "").split(BETWEEN)
    return [word for word in dict.fromkeys(words) if word in buying_words.KNOWN]


def take_back(draft: CallDraft, word: str) -> None:
    """A buying word is no sign for sales after all, or it is one again."""
    words = withdrawn_in(draft.fields)
    if word in words:
        words.remove(word)
    elif word in buying_words.KNOWN:
        words.append(word)
    draft.fields = dict(draft.fields) | {"withdrawn": BETWEEN.join(words)}


def hold(draft: CallDraft) -> None:
    """Put the caller on hold, or take her back."""
    kept = dict(draft.fields)
    kept["held_at"] = None if kept.get("held_at") else now().isoformat()
    draft.fields = kept


def over(form: Mapping[str, str], user: Person) -> bool:
    """Has the caller of this form hung up already?"""
    draft = _known(form, user)
    return draft is not None and bool(draft.fields.get("ended_at"))


def hang_up(draft: CallDraft) -> None:
    """The call is over, the writing is not: the timer stops."""
    draft.fields = dict(draft.fields) | {"ended_at": now().isoformat(), "held_at": None}


def finish(form: Mapping[str, str], user: Person) -> None:
    """The call is a ticket now: its draft goes."""
    draft = _known(form, user)
    if draft is not None:
        db.session.delete(draft)


def _instant(draft: CallDraft, name: str) -> datetime | None:
    text = draft.fields.get(name)
    return datetime.fromisoformat(text) if text else None


def view_of(draft: CallDraft) -> dict[str, Any]:
    """What a tab needs."""
    return {"id": draft.id, "label": draft.fields.get("label") or draft.fields.get("from") or "",
            "began_at": draft.began_at, "held_at": _instant(draft, "held_at"),
            "voice": draft.fields.get("voice", "")}  # fmt: skip
