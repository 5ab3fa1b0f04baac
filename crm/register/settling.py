"""Put drafts beside what the register said before: the newest word on each aspect counts."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from crm.extensions import db
from crm.register.judging import Draft
from crm.register.models import RegisterProposal

Key = tuple[int, str, str]


class Settling:
    """The drafts of one batch. `whole`: a file of the register as it stands says nothing new of
    what is so here already, and no memory of it is kept."""

    def __init__(self, file_id: int, whole: bool) -> None:
        self.file_id, self.whole = file_id, whole
        self.new = self.updated = 0
        self._drafts: list[tuple[Draft, bool]] = []
        self._newest: dict[Key, RegisterProposal] = {}

    def put(self, draft: Draft, correct: bool) -> None:
        """One more; `correct`: the row corrects an earlier one."""
        self._drafts.append((draft, correct))

    def write(self) -> None:
        """Propose, overtake, bring up to date; corrections after what they correct."""
        if not self._drafts:
            return
        self._newest = dict(_newest({draft.account_id for draft, _correct in self._drafts}))
        self._drafts.sort(key=lambda one: (one[1], one[0].rank, one[0].line))
        for draft, correct in self._drafts:
            if correct:
                self._correct(draft)
            else:
                self._propose(draft)
        db.session.flush()

    def _propose(self, draft: Draft) -> None:
        known = self._newest.get(_key(draft))
        if known is not None:
            if draft.rank <= known.rank:
                return
            if (known.kind, known.after) == (draft.kind, draft.after):
                self._say_again(known, draft)
                return
        is_open = known is not None and known.state == "open"
        if draft.same and self.whole and not is_open:
            return
        if known is not None and is_open:
            known.state = "superseded"
        self._add(draft)

    def _say_again(self, known: RegisterProposal, draft: Draft) -> None:
        """The same word once more: it is as young as its youngest row, whatever was decided."""
        known.rank = draft.rank
        if known.state == "open":
            known.effective_on, known.line, known.file_id = (
                draft.effective_on, draft.line, self.file_id,
            )  # fmt: skip

    def _add(self, draft: Draft) -> None:
        made = RegisterProposal(
            account_id=draft.account_id, corporate_number=draft.number, kind=draft.kind,
            aspect=draft.aspect, state="settled" if draft.same else "open", rank=draft.rank,
            effective_on=draft.effective_on, before=draft.before, after=draft.after,
            said=draft.said, file_id=self.file_id, line=draft.line,
        )  # fmt: skip
        db.session.add(made)
        self._newest[_key(draft)] = made
        self.new += not draft.same

    def _correct(self, draft: Draft) -> None:
        """A correction raises nothing; an open proposal that it corrects is brought up to date."""
        known = self._newest.get(_key(draft))
        if known is None or known.state != "open" or known.kind != draft.kind:
            return
        same_change = known.rank[:8] == draft.rank[:8]
        if not same_change and draft.rank <= known.rank:
            return
        if known.after != draft.after or draft.same:
            known.after, known.before, known.said = draft.after, draft.before, draft.said
            known.effective_on = draft.effective_on
            known.state = "settled" if draft.same else "open"
            self.updated += 1
        known.rank = max(known.rank, draft.rank)


def _key(draft: Draft) -> Key:
    return draft.account_id, draft.aspect, draft.number if draft.aspect == "number" else ""


def _newest(account_ids: set[int]) -> Iterator[tuple[Key, RegisterProposal]]:
    """The newest word on each aspect of some accounts, in one statement."""
    rows = db.session.scalars(
        sa.select(RegisterProposal)
        .where(RegisterProposal.account_id.in_(account_ids))
        .order_by(RegisterProposal.rank, RegisterProposal.id)
    )
    for row in rows:
        number = row.corporate_number if row.aspect == "number" else ""
        yield (row.account_id, row.aspect, number), row
