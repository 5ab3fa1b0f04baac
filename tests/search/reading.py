"""What a search promises, said plainly: read every card, keep what holds the words, sort."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crm.search import folding, marks, queries
from crm.search.actions import Card
from crm.search.models import KINDS
from crm.search.queries import Only, Viewer

ANYBODY = Viewer(("staff:1",))
LETTERS = "山田中川本藤髙渡邊浜崎製作所アイカサタナンーガバッｱｶﾞあかさABab12-・ 　"
FORMS = ("株式会社", "㈱", "（有）", "", "")
START = datetime(2026, 1, 1, tzinfo=UTC)


def a_name(dice: random.Random) -> str:
    """A name that could stand in a list of Japanese customers, or nearly."""
    letters = "".join(dice.choice(LETTERS) for _ in range(dice.randint(1, 9))).strip() or "山"
    form = dice.choice(FORMS)
    return form + letters if dice.random() < 0.5 else letters + form


def many_cards(count: int) -> list[Card]:
    """Random customers, people, machines and tickets, the same each time."""
    dice = random.Random(11)
    return [
        Card(
            dice.choice(KINDS[:6]), number, a_name(dice), a_name(dice),
            names=[a_name(dice)],
            identifiers=[f"A{dice.randint(10, 99)}-{dice.randint(0, 999)}", str(number)],
            body=a_name(dice) if dice.random() < 0.3 else "",
            handlers=["staff:1"] if dice.random() < 0.05
            else ["staff:2"] if dice.random() < 0.05 else None,
            at=START + timedelta(hours=dice.randint(0, 6000)) if dice.random() < 0.6 else None,
            owner_id=dice.choice((None, 1, 2, 3)),
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


class Read:
    """A card as one who reads every card sees it."""

    def __init__(self, card: Card) -> None:
        self.card, self.text = card, card.text
        self.grams = set(card.grams(self.text))
        self.label = folding.label_key(card.label)
        self.numbers = set().union(*map(folding.identifier_keys, card.identifiers))

    def seen(self, viewer: Viewer, only: Only) -> bool:
        """May this viewer find it, and is it asked for?"""
        card, handlers = self.card, self.card.handlers
        if handlers is not None and not set(handlers) & set(viewer.handles):
            return False
        if only.kinds is not None and card.kind not in only.kinds:
            return False
        if only.owner_id is not None and card.owner_id != only.owner_id:
            return False
        if only.since is not None and (card.at is None or card.at < only.since):
            return False
        return only.until is None or (card.at is not None and card.at < only.until)

    def begins(self, terms: list[str]) -> bool:
        return any(self.label.startswith(term) for term in terms)

    def place(self, terms: list[str]) -> tuple[object, ...]:
        """Where it stands among the answers."""
        at = self.card.at
        newer = -at.timestamp() if at else 0.0
        order = ["account", "contact", self.card.kind]
        tier = 0 if self.begins(terms) else 1 + order.index(self.card.kind)
        return tier, at is not None, newer, self.label, self.card.key


class Reader:
    """Answers every question by reading every card."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = [Read(card) for card in cards]

    def answers(
        self, q: str, viewer: Viewer = ANYBODY, only: Only | None = None, limit: int = 20
    ) -> list[tuple[str, int]]:
        """Kind and number of what a search must find, in order."""
        only, terms = only or Only(), folding.terms_of(q)
        seen = [one for one in self.cards if one.seen(viewer, only)]
        hits = [one for one in seen if terms and all(term in one.text for term in terms)]
        hits.sort(key=lambda one: one.place(terms))
        level = self.level(terms, only) if terms else 0
        chosen = self._choice(hits, terms, level, only, limit) if level else hits
        for some in (chosen, hits):
            every = [*_numbered(seen, q), *some]
            found = list(dict.fromkeys((one.card.kind, one.card.record_id) for one in every))
            if len(found) >= limit or level != 1:
                break
        return found[:limit]

    def held(self, terms: list[str], only: Only, level: int) -> int:
        """How many cards of a level the index gives for a question."""
        every = set(folding.grams_asked(terms))
        every |= {f"by:{only.owner_id}"} if only.owner_id is not None else set()
        few = set(only.kinds) if only.kinds is not None and len(only.kinds) <= 3 else set()
        days = set(marks.of_span(only.since, only.until))
        return sum(
            every <= one.grams and (not few or bool(few & one.grams))
            and (not days or bool(days & one.grams))
            for one in self.cards if one.card.key < marks.below(level)
        )  # fmt: skip

    def level(self, terms: list[str], only: Only) -> int:
        """The sample of which a question is answered; 0 is everything."""
        deep, wide = ((self.held(terms, only, level), level) for level in queries.COUNTED.values())
        seen, level = deep if deep[0] > queries.UNSURE else wide
        while level and seen * 4 <= queries.MOST:
            seen, level = seen * 4, level - 1
        return level

    def _choice(
        self, hits: list[Read], terms: list[str], level: int, only: Only, limit: int
    ) -> list[Read]:
        """Of a common word: labels that begin so, then the sample, the newest before its dated."""
        begin = sorted(
            (one for one in hits if one.begins(terms)), key=lambda one: (one.label, one.card.key)
        )
        sample = [one for one in hits if one.card.key < marks.below(level)][:limit]
        dated = [one for one in sample if one.card.at is not None]
        share, fewer = 4**level, level
        newest: list[Read] = []
        if dated:
            since = dated[min(len(dated), max(1, queries.FRESH // share)) - 1].card.at
            while fewer and share > queries.FRESH:
                share, fewer = share // 4, fewer - 1
            newest = [
                one for one in hits
                if one.card.at and since and one.card.at >= since
                and one.card.key < marks.below(level - fewer)
            ]  # fmt: skip
            newest.sort(key=lambda one: one.place(terms)[2:])
        return [*begin, *(one for one in sample if one.card.at is None), *newest, *dated]


def _numbered(cards: list[Read], q: str) -> list[Read]:
    """Cards with the number asked for: the whole number first, then those that begin so."""
    hits = [
        ((key != asked, key, one.card.key), one)
        for asked in folding.identifier_keys(q)
        for one in cards
        for key in one.numbers
        if key == asked or (len(asked) >= 3 and key.startswith(asked))
    ]
    return [one for _, one in sorted(hits, key=lambda hit: hit[0])]


def questions(cards: Sequence[Card], count: int) -> list[str]:
    """Parts of one to nine characters of what is there, as typed, and some that are nowhere."""
    dice = random.Random(5)
    asked = []
    for _ in range(count):
        card = dice.choice(cards)
        text = dice.choice([card.label, card.sublabel, *card.names, *card.identifiers, card.body])
        start = dice.randrange(len(text) or 1)
        asked.append(text[start : start + dice.randint(1, 9)])
    odd = ("鬱", "鬱龢", "株式会社", "㈱", "", " ", "山 田", "%", "_", "'", '"', "a* OR", "\\")
    return [*asked, *odd]
