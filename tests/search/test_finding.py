"""Whatever part of a name, a number or a text people type, the record is found."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.search import actions, folding, queries, sample
from crm.search.actions import Card
from crm.search.models import KINDS, entry_id
from crm.search.queries import Found, Viewer

ANYBODY = Viewer(("staff:1",))
LETTERS = "山田中川本藤髙渡邊浜崎製作所アイカサタナンーガバッｱｶﾞあかさABab12-・ 　"
FORMS = ("株式会社", "㈱", "（有）", "", "")


@pytest.fixture(autouse=True)
def inside(app):
    """Every test here works on the database itself."""
    with app.app_context():
        yield
        db.session.rollback()


def found(q: str, viewer: Viewer = ANYBODY, **how: object) -> list[tuple[str, int]]:
    """Kind and number of every answer, in order."""
    return [(one.kind, one.record_id) for one in queries.find(viewer, q, **how)]


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
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


class Read:
    """A card as one who reads every card sees it."""

    def __init__(self, card: Card) -> None:
        self.card, self.text = card, card.text
        self.label = folding.label_key(card.label)
        self.numbers = set().union(*map(folding.identifier_keys, card.identifiers))

    def holds(self, terms: list[str], viewer: Viewer) -> bool:
        """What the search promises, said plainly."""
        handlers = self.card.handlers
        if handlers is not None and not set(handlers) & set(viewer.handles):
            return False
        return all(term in self.text for term in terms)

    def begins(self, terms: list[str]) -> bool:
        return any(self.label.startswith(term) for term in terms)


def numbered(cards: list[Read], q: str, viewer: Viewer) -> list[Read]:
    """Cards with the number asked for: the whole number first, then those that begin so."""
    hits = [
        ((key != asked, key, one.card.key), one)
        for asked in folding.identifier_keys(q)
        for one in cards
        for key in one.numbers
        if one.holds([], viewer) and (key == asked or (len(asked) >= 3 and key.startswith(asked)))
    ]
    return [one for _, one in sorted(hits, key=lambda hit: hit[0])]


def brute_force(cards: list[Read], q: str, viewer: Viewer = ANYBODY) -> list[tuple[str, int]]:
    """Read every card, sort them all."""
    terms = folding.terms_of(q)
    hits = [one for one in cards if terms and one.holds(terms, viewer)]
    hits.sort(key=lambda one: (not one.begins(terms), one.label, one.card.key))
    return answers([*numbered(cards, q, viewer), *hits])


def answers(cards: list[Read]) -> list[tuple[str, int]]:
    """Each once, twenty at most."""
    return list(dict.fromkeys((one.card.kind, one.card.record_id) for one in cards))[:20]


def questions(cards: list[Card], count: int) -> list[str]:
    """Parts of one to nine characters of what is there, as typed, and some that are nowhere."""
    dice = random.Random(5)
    asked = []
    for _ in range(count):
        card = dice.choice(cards)
        text = dice.choice([card.label, card.sublabel, *card.names, *card.identifiers, card.body])
        start = dice.randrange(len(text) or 1)
        asked.append(text[start : start + dice.randint(1, 9)])
    return [
        *asked,
        "鬱",
        "鬱龢",
        "株式会社",
        "㈱",
        "",
        " ",
        "山 田",
        "%",
        "_",
        "'",
        '"',
        "a* OR",
        "\\",
    ]


def test_the_index_finds_what_reading_every_record_finds():
    cards = many_cards(400)
    assert actions.index_many(cards) == 400
    read = list(map(Read, cards))
    for q in questions(cards, 150):
        assert found(q) == brute_force(read, q), q


def test_one_kind_of_record_alone_can_be_asked_for():
    cards = many_cards(300)
    actions.index_many(cards)
    for kinds in (["deal"], ["deal", "unit"], list(KINDS)):
        some = [Read(card) for card in cards if card.kind in kinds]
        for q in questions(cards, 40):
            assert found(q, kinds=kinds) == brute_force(some, q), (q, kinds)
    assert found("山", kinds=[]) == []


@pytest.mark.parametrize("learnt", [False, True])
def test_a_word_in_very_many_records_gives_always_the_same_choice(monkeypatch, learnt):
    monkeypatch.setattr(queries, "LARGE", 50)
    monkeypatch.setattr(queries, "SIZE", 100)
    if learnt:
        monkeypatch.setattr(sample, "LARGE", 50)
        monkeypatch.setattr(sample, "SIZE", 100)
    cards = sorted(many_cards(400), key=lambda card: card.key)
    actions.index_many(cards)
    read, ways = list(map(Read, cards)), set()
    for q in [*questions(cards, 100), "山", "ア", "ー", "1", "山 ア"]:
        terms = folding.terms_of(q)
        hits = [one for one in read if terms and one.holds(terms, ANYBODY)]
        common = len([one for one in hits if one in read[:100]]) >= queries.COMMON
        begin = sorted(
            (one for one in hits if one.begins(terms)), key=lambda one: (one.label, one.card.key)
        )
        wanted = answers([*numbered(read, q, ANYBODY), *begin, *hits])
        assert found(q) == (wanted if common else brute_force(read, q)), q
        ways.add(common)
    assert ways == {True, False}
    known = sample.sample()
    assert (known is not None) == (learnt and db.engine.dialect.name == "postgresql")
    rare, common = folding.codes(["鬱", "山"])
    assert known is None or known.rarest([common, rare]) == [rare, common]


def test_a_search_takes_few_statements(app):
    actions.index_many(many_cards(300))
    said = []

    def listen(*about):
        said.append(about[2])

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    for q in ("山", "山田", "鬱龢", "A12-3", "山 田 ア"):
        said.clear()
        found(q)
        assert 0 < len(said) <= 5, q
    sa.event.remove(db.engine, "before_cursor_execute", listen)


@pytest.mark.parametrize(
    "q",
    [
        "山田製作所",
        "株式会社山田製作所",
        "㈱山田",
        "やまだせいさく",
        "ﾔﾏﾀﾞ",
        "ヤマダ",
        "田製",
        "製",
        "山田 川崎",
        "川崎　やまだ",
    ],
)
def test_a_customer_is_found_by_any_part_of_her_names(q: str):
    actions.index(
        "account",
        7,
        label="株式会社山田製作所",
        sublabel="神奈川県川崎市",
        names=["ヤマダセイサクショ"],
    )
    actions.index("account", 8, label="鈴木理化", sublabel="静岡")
    assert found(q) == [("account", 7)]


@pytest.mark.parametrize(
    "q",
    ["044-123-4567", "0441234567", "０４４（１２３）４５６７", "+81 44 123 4567", "044-123",
     "4567", "taro@example.jp", "TARO@EXAMPLE.JP", "taro",
     "7123456789012", "T7123456789012", "7123-4567-89012"],
)  # fmt: skip
def test_a_customer_is_found_by_any_of_her_numbers(q: str):
    actions.index(
        "contact",
        3,
        label="鈴木 一郎",
        identifiers=["044-123-4567", "taro@example.jp", "7123456789012"],
    )
    assert found(q) == [("contact", 3)]


@pytest.mark.parametrize(
    "q", ["#1023", "1023", "＃１０２３", "A93-20417", "a93 20417", "A9320417", "A93"]
)
def test_numbers_come_before_words(q: str):
    actions.index("ticket", 1, label="1023 と A93-20417 と A9320417 の件")
    actions.index("ticket", 2, label="水漏れ", identifiers=["1023", "A93-20417"])
    assert found(q)[0] == ("ticket", 2)


def test_a_whole_number_comes_before_one_that_begins_so():
    actions.index("ticket", 1, label="一", identifiers=["10234"])
    actions.index("ticket", 2, label="二", identifiers=["1023"])
    assert found("1023") == [("ticket", 2), ("ticket", 1)]


def test_a_label_that_begins_with_the_word_comes_before_one_that_holds_it():
    actions.index("account", 1, label="大山田商店")
    actions.index("account", 2, label="山田商店")
    assert found("山田") == [("account", 2), ("account", 1)]


def test_a_confidential_record_is_found_by_its_handlers_alone():
    actions.index(
        "ticket", 5, label="秘密の件", identifiers=["5005"], handlers=["staff:1", "team:3"]
    )
    for q in ("秘密", "秘", "5005", "500"):
        assert found(q, Viewer(("staff:1",))) == [("ticket", 5)]
        assert found(q, Viewer(("staff:9", "team:3"))) == [("ticket", 5)]
        assert found(q, Viewer(sees_all=True)) == [("ticket", 5)]
        assert found(q, Viewer(("staff:9",))) == []
        assert found(q, Viewer()) == []
    actions.index("ticket", 5, label="秘密の件", handlers=[])
    assert found("秘密", Viewer(("staff:1",))) == []


def test_a_renamed_record_is_found_by_its_new_name_alone():
    actions.index("account", 1, label="旧名商事", identifiers=["03-1111-2222"])
    actions.index("account", 1, label="新社名工業", identifiers=["03-3333-4444"])
    assert found("旧名") == []
    assert found("0311112222") == []
    assert found("新社") == found("03-3333") == [("account", 1)]


def test_a_forgotten_record_is_not_found():
    actions.index("account", 1, label="山田", identifiers=["03-1111-2222"])
    actions.forget("account", 1)
    actions.forget("account", 99)
    assert found("山田") == found("03-1111") == []


def test_what_was_rolled_back_is_not_found():
    actions.index("account", 1, label="山田")
    db.session.commit()
    actions.forget("account", 1)
    actions.index("account", 2, label="山田")
    db.session.rollback()
    assert found("山田") == [("account", 1)]


def test_emptying_the_index_finds_nothing():
    actions.index_many(many_cards(50))
    actions.forget_all()
    assert found("山") == found("1") == []


def test_the_last_word_about_a_record_counts():
    cards = [Card("account", 1, "旧名"), Card("account", 2, "山田"), Card("account", 1, "新名")]
    assert actions.index_many(cards, fresh=True) == 2
    assert found("旧") == []
    assert found("新名") == [("account", 1)]


def test_an_answer_says_what_is_needed_to_show_it():
    actions.index("deal", 4, label="更新", sublabel="山田", account_id=7, body="声")
    assert queries.find(ANYBODY, "更新") == [Found("deal", 4, 7, "更新", "山田", "声")]


def test_every_record_has_its_own_key():
    keys = {entry_id(kind, number) for kind in KINDS for number in range(1, 3000)}
    assert len(keys) == len(KINDS) * 2999
    assert min(keys) > 0
    assert max(keys) < 2**63


def test_a_very_long_question_is_answered():
    actions.index("account", 1, label="山" * 300)
    assert found("山" * 90) == [("account", 1)]
    assert found("x " * 5000) == []
