"""What part of the deals a list or the board shows: read from the address, said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.attributes.asking import of_kind
from crm.attributes.listing import FILTER, VALUE, asked_text, conditions
from crm.attributes.reading import label
from crm.clock import today
from crm.deals.models import OPEN_STAGES, RANKS, STAGES, Deal
from crm.errors import BadRequest
from crm.look import day
from crm.rights import Person
from crm.search import queries as search
from crm.staff.queries import names
from crm.timeline.sentences.deals import stage_name

ANY = "any"
FOUND = 200
"""So many deals are searched through by words."""

Where = list[sa.ColumnElement[bool]]
Args = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """None is everybody, every day; `stages` are those shown."""

    stages: tuple[str, ...] = OPEN_STAGES
    owner_id: int | None = None
    team_id: int | None = None
    account_id: int | None = None
    rank: str | None = None
    close_from: date | None = None
    close_to: date | None = None
    undated: bool = False
    """With the days of `close_from` and `close_to`: what nobody has dated is shown too."""
    support: bool = False
    q: str = ""
    found: tuple[int, ...] = ()
    """Keys of the deals in which the words of `q` stand."""
    attribute: str = ""
    custom: tuple[sa.ColumnElement[bool], ...] = field(default=(), compare=False)
    """What `attribute` asks of the custom fields, KEY:VALUE."""

    @property
    def plain(self) -> bool:
        """Are the fields that are compared all there is, and short?"""
        return not (self.custom or self.q)

    def where(self) -> Where:
        """All but the stage, which chooses the index."""
        return list(self._conditions())

    def _conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        for column, wanted in (
            (Deal.owner_id, self.owner_id), (Deal.team_id, self.team_id),
            (Deal.account_id, self.account_id), (Deal.rank, self.rank),
        ):  # fmt: skip
            if wanted is not None:
                yield column == wanted
        yield from self._expected()
        if self.support:
            yield Deal.origin == "support"
        if self.q:
            yield Deal.id.in_(self.found)
        yield from self.custom

    def _expected(self) -> Iterator[sa.ColumnElement[bool]]:
        day, spans = Deal.expected_close_on, []
        if self.close_from is not None:
            spans.append(day >= self.close_from)
        if self.close_to is not None:
            spans.append(day <= self.close_to)
        if spans and self.undated:
            yield sa.or_(day.is_(None), sa.and_(*spans))
        else:
            yield from spans


def home_team(user: Person) -> int | None:
    """The team whose deals a person is shown unasked: that of a rep or a manager of sales."""
    team = getattr(user, "team", None)
    if user.role not in ("rep", "manager") or team is None or team.department != "sales":
        return None
    found: int = team.id
    return found


def read(args: Args, user: Person) -> Filters:
    """The filters of an address. Raises BadRequest with the name of a wrong one."""
    asked = _Asked(args, {})
    owner = user.id if args.get("owner") == "me" else asked.key("owner")
    team = args.get("team", "")
    if team == "mine":
        team_id = user.team_id
    elif team in ("", "all"):
        team_id = None
    else:
        team_id = asked.key("team")
    if team == "" and owner is None and not args.get("account"):
        team_id = home_team(user)
    words = args.get("q", "").strip()[:200]
    found = Filters(
        stages=asked.stages(),
        owner_id=owner,
        team_id=team_id,
        account_id=asked.key("account"),
        rank=asked.one_of("rank", RANKS),
        close_from=asked.day("close_from"),
        close_to=asked.day("close_to"),
        undated=asked.one_of("undated", ("1",)) is not None,
        support=asked.one_of("origin", ("support",)) is not None,
        q=words,
        found=_with_words(words),
        attribute=asked_text(args),
        custom=conditions("deal", args),
    )
    if asked.errors:
        raise BadRequest(_("The address holds a filter that cannot be read."), asked.errors)
    return found


def _with_words(q: str) -> tuple[int, ...]:
    if not q:
        return ()
    hits = search.find(search.Viewer(), q, kinds=("deal",), limit=FOUND)
    return tuple(one.record_id for one in hits)


@dataclass(frozen=True, slots=True)
class _Asked:
    args: Args
    errors: dict[str, list[str]]

    def key(self, name: str) -> int | None:
        text = self.args.get(name, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            self.errors[name] = [_("Not the number of a record.")]
            return None
        return int(text)

    def one_of(self, name: str, known: tuple[str, ...]) -> str | None:
        text = self.args.get(name, "")
        if text and text not in known:
            self.errors[name] = [_("One of: %(all)s.", all=", ".join(known))]
        return text or None

    def day(self, name: str) -> date | None:
        text = self.args.get(name, "")
        try:
            return date.fromisoformat(text.replace("/", "-")) if text else None
        except ValueError:
            self.errors[name] = [_("Not a day of the calendar.")]
            return None

    def stages(self) -> tuple[str, ...]:
        text = self.args.get("stage", "")
        if text in ("", "open"):
            return OPEN_STAGES
        if text == ANY:
            return STAGES
        wanted = tuple(text.split(","))
        unknown = [name for name in wanted if name not in STAGES]
        if unknown:
            self.errors["stage"] = [_("One of: %(all)s.", all=", ".join((*STAGES, ANY)))]
        return wanted


def half_year(of: date) -> tuple[date, date]:
    """First and last day of the half of the fiscal year in which a day lies."""
    start: int = current_app.config["FISCAL_YEAR_START_MONTH"]
    into = (of.month - start) % 12
    months = of.year * 12 + of.month - 1 - into % 6
    return _first(months), _first(months + 6) - timedelta(days=1)


def _first(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def periods() -> list[tuple[str, date, date]]:
    """Spans of expected orders to choose from: this month, next month, this half."""
    month = today().year * 12 + today().month - 1
    half = half_year(today())
    return [
        (_("This month"), _first(month), _first(month + 1) - timedelta(days=1)),
        (_("Next month"), _first(month + 1), _first(month + 2) - timedelta(days=1)),
        (half_name(half), *half),
    ]


def half_name(half: tuple[date, date]) -> str:
    """2026年度下期 · FY2026, second half."""
    start: int = current_app.config["FISCAL_YEAR_START_MONTH"]
    year = half[0].year if half[0].month >= start else half[0].year - 1
    if half[0].month == start:
        return _("FY%(year)d, first half", year=year)
    return _("FY%(year)d, second half", year=year)


def chips(filters: Filters, teams: Mapping[int, str]) -> list[tuple[str, dict[str, Any]]]:
    """Every filter in force in words, with the change of the address that takes it away."""
    return list(_chips(filters, teams))


def _chips(filters: Filters, teams: Mapping[int, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if filters.owner_id is not None:
        who = names({filters.owner_id}).get(filters.owner_id, "?")
        yield _("Owner: %(who)s", who=who), {"owner": None, "team": "all"}
    if filters.team_id is not None:
        yield _("Team: %(who)s", who=teams.get(filters.team_id, "?")), {"team": "all"}
    if filters.account_id is not None:
        yield _("One account"), {"account": None, "team": "all"}
    if filters.rank is not None:
        yield _("Rank: %(rank)s", rank=filters.rank), {"rank": None}
    if filters.close_from is not None or filters.close_to is not None:
        gone = {"close_from": None, "close_to": None, "undated": None}
        span = _span(filters)
        if filters.undated:
            span = _("%(span)s or without a day", span=span)
        yield _("Expected order: %(span)s", span=span), gone
    if filters.support:
        yield pgettext("filter", "From support"), {"origin": None}
    if filters.q:
        yield _("Words: %(q)s", q=filters.q), {"q": None}
    if filters.attribute:
        yield _custom_words(filters.attribute), {FILTER: None, VALUE: None}


def _custom_words(text: str) -> str:
    key, _colon, value = text.partition(":")
    name = next((label(one) for one in of_kind("deal") if one.key == key), key)
    return f"{name} {value}".strip()


def _span(filters: Filters) -> str:
    first, last = filters.close_from, filters.close_to
    for name, *span in periods():
        if span == [first, last]:
            return name
    return f"{day(first) if first else ''}–{day(last) if last else ''}"


def stage_words(filters: Filters) -> str:
    """The stages shown, in words."""
    if filters.stages == OPEN_STAGES:
        return _("Open")
    if filters.stages == STAGES:
        return _("All stages")
    return pgettext("list of words", ", ").join(stage_name(one) for one in filters.stages)


def only(filters: Filters, stage: str) -> Filters:
    """The same of one stage."""
    return replace(filters, stages=(stage,))
