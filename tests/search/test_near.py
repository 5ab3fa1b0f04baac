"""A long word with one wrong, missing or extra character still leads to what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.extensions import db
from crm.search import actions, folding
from crm.search.actions import Card
from crm.search.near import may_be_mistyped
from crm.search.near_queries import find_near
from crm.search.queries import Viewer, find
from tests.search.reading import ANYBODY, LETTERS, Read, many_cards

NAMES = ("株式会社山田製作所", "ヤマダセイサクショ", "Yokohama Instruments", "LX-310B", "漏れ止め")


def distance(word: str, text: str) -> int:
    """The fewest edits between a word and some part of a text, by the book (Sellers)."""
    row = [0] * (len(text) + 1)
    for n, char in enumerate(word, 1):
        last, row = row, [n]
        for m, other in enumerate(text, 1):
            row.append(min(last[m] + 1, row[m - 1] + 1, last[m - 1] + (char != other)))
    return min(row)


def nears(read: Read, terms: list[str]) -> bool:
    """What near means, said plainly: one word in one field with one edit, the others as typed."""
    return any(
        may_be_mistyped(word)
        and any(distance(word, field) <= 1 for field in read.text.split("\n"))
        and all(term in read.text for n, term in enumerate(terms) if n != place)
        for place, word in enumerate(terms)
    )


@pytest.fixture(autouse=True)
def inside(app):
    with app.app_context():
        yield
        db.session.rollback()


def test_what_is_near_is_what_one_edit_reaches():
    cards = [*many_cards(100), *(Card("product", n, name) for n, name in enumerate(NAMES))]
    actions.index_many(cards)
    read = [Read(card) for card in cards]

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(
        name=st.sampled_from([*NAMES, *(card.label for card in cards[:40])]),
        place=st.integers(0, 20),
        edit=st.sampled_from(("wrong", "missing", "extra", "none")),
        other=st.sampled_from("山アb1鬱x"),
        more=st.sampled_from(("", " 山", " 製作所")),
        free=st.none() | st.text(LETTERS, min_size=4, max_size=9),
    )
    def asked(name, place, edit, other, more, free):
        place %= len(name)
        kept = {"wrong": place + 1, "missing": place + 1, "extra": place, "none": place}[edit]
        added = other if edit in ("wrong", "extra") else ""
        q = free or name[:place] + added + name[kept:] + more
        terms = folding.terms_of(q)
        wanted = {(one.card.kind, one.card.record_id) for one in read if nears(one, terms)}
        found = {(one.kind, one.record_id) for one in find_near(ANYBODY, q, limit=200)}
        visible = {(c.kind, c.record_id) for c in cards if c.handlers in (None, ["staff:1"])}
        assert found == wanted & visible

    asked()


@pytest.mark.parametrize(
    ("q", "hits"),
    [("山本製作所", 1), ("ヤマダセサクショ", 1), ("やまだせいいさくしょ", 1), ("Yokohana", 1),
     ("LX-311B", 1), ("山木", 0), ("LXX3", 0), ("03-1234-5679", 0), ("鬱龢彅鑾", 0)],
)  # fmt: skip
def test_only_long_words_may_be_mistyped_and_numbers_never(q, hits):
    actions.index("account", 1, label=NAMES[0], names=[NAMES[1], NAMES[2], NAMES[3]],
                  identifiers=["03-1234-5678"])  # fmt: skip
    assert find(Viewer(), q) == []
    assert len(find_near(Viewer(), q)) == hits
