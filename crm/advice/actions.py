"""Ask a colleague, answer, decline, hand on, withdraw, and say what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.advice import colleagues, reach
from crm.advice.cards import advice_cards
from crm.advice.models import BACK, CASES, Advice
from crm.clock import now, today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.rights import Person
from crm.search.actions import forget, index_many
from crm.timeline.actions import record
from crm.timeline.models import Event

Fields = dict[str, Any]
EXCERPT = 500
"""Characters of a question or an answer that an event carries."""
REWORDED = ("question", "wanted_on")


def ask(name: str, case: Any, fields: Fields, user: Person) -> Advice:
    """Ask a colleague over a ticket or a deal (`name` is its column). Raises Invalid."""
    person = colleagues.to_ask(fields["asked_id"], name, case, user.id)
    _check_day(fields.get("wanted_on"))
    made = Advice(
        **{name: case.id}, asker_id=user.id, asked_id=person.id, question=fields["question"],
        wanted_on=fields.get("wanted_on"), state="open", asked_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    index_many(advice_cards([made.id]), fresh=True)
    tell("advice.asked", made, user.id, [person.id], name=person.name, text=made.question[:EXCERPT])
    return made


def reword(advice: Advice, fields: Fields, user: Person) -> None:
    """Put the question otherwise, or wish for another day, while nobody has answered."""
    if kept := [field for field in (*CASES, "asked_id") if field in fields]:
        why = _("This cannot be changed. Withdraw the request or hand it on.")
        raise Invalid({field: [why] for field in kept})
    _must_wait(advice)
    changed = {k: v for k, v in fields.items() if k in REWORDED and getattr(advice, k) != v}
    if "wanted_on" in changed:
        _check_day(changed["wanted_on"])
    if not changed:
        return
    for field, value in changed.items():
        setattr(advice, field, value)
    _index(advice)
    tell("advice.changed", advice, user.id, [], text=advice.question[:EXCERPT])


def answer(advice: Advice, text: str, user: Person) -> None:
    """Advise. Raises Conflict when it does not wait for an answer any more."""
    _must_wait(advice)
    advice.answer = text
    _settle(advice, "answered", "")
    _index(advice)
    tell(
        "advice.answered", advice, user.id, [advice.asker_id], shared=True, text=text[:EXCERPT],
        question=advice.question[:EXCERPT],
    )  # fmt: skip


def decline(advice: Advice, word: str, user: Person) -> None:
    """Give it back to the asker, with the reason."""
    _must_wait(advice)
    _settle(advice, "declined", word)
    tell("advice.declined", advice, user.id, [advice.asker_id], word=word)


def give_back(advice: Advice, kind: str) -> None:
    """It is the asker's again, as the colleague has left (`advice.left`) or may not see the case
    any more (`advice.shut_out`)."""
    _settle(advice, "returned", "")
    name = colleagues.chosen(advice.asked_id)
    tell(kind, advice, None, [advice.asker_id], name=name[1] if name else "")


def hand_on(advice: Advice, asked_id: int, word: str, user: Person) -> None:
    """Ask somebody else instead: by who has it while it waits, by the asker also when it came
    back. Raises Invalid, Conflict."""
    if advice.state not in ("open", *BACK):
        raise Conflict(_("This request is finished already."))
    if advice.state != "open" and not reach.lets(advice, user, "edit"):
        raise Conflict(_("This request is finished already."))
    if advice.state == "open" and asked_id == advice.asked_id:
        raise Invalid({"asked_id": [_("This colleague is asked already.")]})
    name, key = advice.case
    person = colleagues.to_ask(asked_id, name, reach.record_of(name, key), advice.asker_id)
    advice.asked_id, advice.handed_by_id, advice.word = person.id, user.id, word
    advice.state, advice.asked_at = "open", now()
    advice.settled_at = advice.seen_at = None
    _index(advice)
    tell("advice.handed_on", advice, user.id, [person.id], name=person.name, word=word)


def withdraw(advice: Advice, user: Person) -> None:
    """The question is not to be answered any more. Raises Conflict when it has been."""
    if advice.state not in ("open", *BACK):
        raise Conflict(_("This request is finished already."))
    told = [advice.asked_id] if advice.state == "open" else []
    _settle(advice, "withdrawn", advice.word)
    forget("advice", advice.id)
    tell("advice.withdrawn", advice, user.id, told)


def judge(advice: Advice, outcome: str, word: str, user: Person) -> None:
    """Say whether the answer helped and what was done: the second line of its history."""
    if advice.state != "answered":
        raise Conflict(_("There is no answer yet."))
    advice.outcome, advice.outcome_word, advice.outcome_at = outcome, word, now()
    if user.id == advice.asker_id:
        advice.seen_at = advice.seen_at or now()
    for event in _answered(advice):
        event.facts = event.facts | {"outcome": outcome, "outcome_word": word}
    tell("advice.judged", advice, user.id, [advice.asked_id], outcome=outcome, word=word)


def note(advice: Advice, user: Person) -> None:
    """The asker takes note of what came back; twice is once."""
    if user.id == advice.asker_id and advice.settled_at is not None:
        advice.seen_at = advice.seen_at or now()


def _must_wait(advice: Advice) -> None:
    if advice.state != "open":
        raise Conflict(_("This request is finished already."))


def _check_day(wanted_on: date | None) -> None:
    if wanted_on is not None and wanted_on < today():
        raise Invalid({"wanted_on": [_("This day is past.")]})


def _settle(advice: Advice, state: str, word: str) -> None:
    advice.state, advice.word, advice.settled_at = state, word, now()


def _index(advice: Advice) -> None:
    db.session.flush()
    index_many(advice_cards([advice.id]))


def _answered(advice: Advice) -> list[Event]:
    """The line in the history that says what was advised."""
    name, key = advice.case
    found = db.session.query(Event).filter_by(
        subject_type=name.removesuffix("_id"), subject_id=key, kind="advice.answered"
    )
    return [event for event in found if event.facts.get("advice_id") == advice.id]


def tell(
    kind: str, advice: Advice, by_id: int | None, to: list[int], shared: bool = False, **facts: Any
) -> None:
    """Write the line into the history of the case; into that of the customer only what is
    `shared`, as the asking itself is among colleagues. `to` are told on their open screens."""
    name, key = advice.case
    case = reach.record_of(name, key)
    record(
        kind, case, by_id, account_id=case.account_id if shared else None,
        restricted=bool(getattr(case, "confidential", False)), advice_id=advice.id,
        title=case.subject if name == "ticket_id" else case.title, to=to, **facts,
    )  # fmt: skip
