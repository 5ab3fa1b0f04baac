"""Rules are pure: facts in, a finding or nothing out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm.alerts import ending_rules as ending
from crm.alerts import renewal_rules as renewal
from crm.alerts import repair_rules as repair
from crm.alerts import word_rules as words
from crm.alerts.facts import (
    ContractFacts,
    Facts,
    FailureFacts,
    ProductFacts,
    RepairFacts,
    TicketFacts,
    UnitFacts,
)
from crm.alerts.rules import BY_CODE, RULES, matching

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 20)
LX210 = ProductFacts(1, "LX-210", "液体クロマトグラフ LX-210", 6_500_000, 240_000, 96)
LX310 = ProductFacts(2, "LX-310", "液体クロマトグラフ LX-310", 7_380_000, 260_000, 96)
PW10 = ProductFacts(3, "PW-10", "純水製造装置 PW-10", 980_000, 198_000, 96)
UNIT = UnitFacts(5, 7, "PW3381", PW10, installed_on=date(2022, 10, 15))
CONTRACT = ContractFacts(9, "M-100", date(2026, 4, 1), date(2027, 3, 31), 198_000)


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def about(unit: UnitFacts | None = UNIT, today: date = TODAY, **more: object) -> Facts:
    return Facts(today, 7, unit, **more)


def paid(key: int, ago: int, amount: int, chargeable: bool = True) -> RepairFacts:
    return RepairFacts(key, days(-ago), amount, chargeable)


# R01, contract ending


@pytest.mark.parametrize(("left", "raised"), [(181, False), (180, True), (1, True), (0, True)])
def test_a_contract_ending_is_told_from_180_days_on(left, raised):
    unit = replace(UNIT, contracts=(replace(CONTRACT, ends_on=days(left)),))
    assert (ending.contract_ending(about(unit)) is not None) is raised


def test_a_contract_that_has_ended_is_not_ending():
    unit = replace(UNIT, contracts=(replace(CONTRACT, ends_on=days(-1)),))
    assert ending.contract_ending(about(unit)) is None


def test_a_renewed_contract_is_not_told():
    first = replace(CONTRACT, ends_on=days(30))
    second = replace(CONTRACT, id=10, starts_on=days(31), ends_on=days(396))
    assert ending.contract_ending(about(replace(UNIT, contracts=(first, second)))) is None


def test_a_gap_of_a_day_between_two_contracts_is_told():
    first = replace(CONTRACT, ends_on=days(30))
    second = replace(CONTRACT, id=10, starts_on=days(32), ends_on=days(397))
    assert ending.contract_ending(about(replace(UNIT, contracts=(first, second)))) is not None


def test_a_cancelled_contract_is_not_in_force():
    unit = replace(UNIT, contracts=(replace(CONTRACT, cancelled_on=TODAY),))
    assert ending.contract_ending(about(unit)) is None


def test_the_end_of_a_contract_is_worth_a_year_of_it():
    finding = ending.contract_ending(about(replace(UNIT, contracts=(CONTRACT,))))
    assert finding is not None
    assert finding.value == 198_000
    assert finding.subject == "contract:9"
    assert finding.window == "2027-03-31"
    assert finding.ja == "保守契約 M-100 が、あと131日で満了します。"
    assert finding.en == "Maintenance contract M-100 ends in 131 days."
    assert "通知期限 2026/12/31" in finding.evidence[1].ja


@pytest.mark.parametrize(
    ("left", "ja", "en"),
    [(1, "あと1日で満了します", "ends in 1 day."), (0, "今日で満了します", "ends today.")],
)
def test_the_last_days_are_said_as_people_say_them(left, ja, en):
    unit = replace(UNIT, contracts=(replace(CONTRACT, ends_on=days(left)),))
    finding = ending.contract_ending(about(unit))
    assert finding is not None
    assert ja in finding.ja and finding.en.endswith(en)


# R02, a contract that renews by itself


@pytest.mark.parametrize(("left", "raised"), [(15, False), (14, True), (0, True), (-1, False)])
def test_the_notice_day_of_a_renewal_is_told_from_14_days_on(left, raised):
    contract = replace(CONTRACT, ends_on=days(90 + left), auto_renew=True)
    facts = about(replace(UNIT, contracts=(contract,), repairs=(paid(1, 30, 40_000),)))
    finding = renewal.notice_day(facts)
    assert (finding is not None) is raised
    if finding is not None:
        assert (finding.value, finding.subject) == (198_000, "contract:9")
        assert "自動更新" in finding.ja
        assert "1件・¥40,000" in finding.evidence[2].ja


@pytest.mark.parametrize(
    "more", [{"auto_renew": False}, {"notice_given_on": TODAY}, {"cancelled_on": days(60)}]
)
def test_a_contract_that_does_not_renew_keeps_the_notice_day_quiet(more):
    contract = replace(CONTRACT, ends_on=days(95), auto_renew=True)
    unit = replace(UNIT, contracts=(replace(contract, **more),))
    assert renewal.notice_day(about(unit)) is None


# R03, warranty ending without a contract


@pytest.mark.parametrize(("left", "raised"), [(91, False), (90, True), (0, True), (-1, False)])
def test_a_warranty_ending_is_told_from_90_days_on(left, raised):
    finding = ending.warranty_ending(about(replace(UNIT, warranty_ends_on=days(left))))
    assert (finding is not None) is raised


@pytest.mark.parametrize("starts", [-30, 31, 60])
def test_a_contract_now_or_later_keeps_the_warranty_quiet(starts):
    contract = replace(CONTRACT, starts_on=days(starts), ends_on=days(400))
    unit = replace(UNIT, warranty_ends_on=days(30), contracts=(contract,))
    assert ending.warranty_ending(about(unit)) is None


def test_a_unit_out_of_use_or_of_a_competitor_gets_no_contract_offer():
    unit = replace(UNIT, warranty_ends_on=days(30))
    assert ending.warranty_ending(about(replace(unit, in_use=False))) is None
    assert ending.warranty_ending(about(replace(unit, is_competitor=True))) is None


# R04, chargeable repair without a contract


def test_paid_repairs_above_the_contract_say_so():
    unit = replace(
        UNIT, repairs=(paid(1, 700, 92_500), paid(2, 300, 160_000), paid(3, 40, 160_000))
    )
    finding = repair.chargeable_repair(about(unit))
    assert finding is not None
    assert finding.ja == "PW-10 の有償修理が、24か月で保守契約の料金を超えました。"
    assert finding.value == 396_000
    assert finding.evidence[0].ja.startswith("有償修理 3件の合計 ¥412,500")
    assert finding.window == "2026Q4"


def test_a_paid_repair_below_the_contract_is_told_with_its_sum():
    finding = repair.chargeable_repair(about(replace(UNIT, repairs=(paid(1, 3, 50_000),))))
    assert finding is not None
    assert finding.evidence[0].ja.endswith("（2026/11）")
    assert finding.evidence[0].en == "1 paid repair, ¥50,000 (Nov 2026)"
    assert "¥50,000" in finding.ja
    assert finding.value == 396_000


def test_a_repair_under_contract_or_free_of_charge_is_quiet():
    covered = replace(UNIT, repairs=(paid(1, 3, 50_000),), contracts=(CONTRACT,))
    assert repair.chargeable_repair(about(covered)) is None
    free = replace(UNIT, repairs=(paid(1, 3, 50_000, chargeable=False),))
    assert repair.chargeable_repair(about(free)) is None


@pytest.mark.parametrize(("ago", "raised"), [(89, True), (90, False)])
def test_an_old_repair_alone_is_quiet(ago, raised):
    finding = repair.chargeable_repair(about(replace(UNIT, repairs=(paid(1, ago, 50_000),))))
    assert (finding is not None) is raised


def test_an_old_sum_above_the_contract_is_told_when_the_customer_calls_again():
    unit = replace(UNIT, repairs=(paid(1, 200, 420_000),))
    assert repair.chargeable_repair(about(unit)) is None
    call = TicketFacts(10482, "純水が出ない", "また壊れた")
    finding = repair.chargeable_repair(about(unit, ticket=call))
    assert finding is not None
    assert finding.evidence[0].type == "ticket"


def test_what_was_paid_more_than_24_months_ago_does_not_count():
    unit = replace(UNIT, repairs=(paid(1, 800, 900_000), paid(2, 3, 50_000)))
    finding = repair.chargeable_repair(about(unit))
    assert finding is not None
    assert "¥50,000" in finding.evidence[0].ja


def test_a_product_without_a_contract_price_is_worth_what_was_paid():
    unit = replace(
        UNIT, product=replace(PW10, maintenance_price=None), repairs=(paid(1, 3, 50_000),)
    )
    finding = repair.chargeable_repair(about(unit))
    assert finding is not None
    assert finding.value == 50_000


# R05, repeated failures


def failed(*ago: int) -> tuple[FailureFacts, ...]:
    return tuple(FailureFacts("ticket", i, days(-n), "圧力低下") for i, n in enumerate(ago, 1))


@pytest.mark.parametrize(
    ("ago", "raised"),
    [((1, 50, 179), True), ((1, 50, 180), False), ((1, 50), False), ((1, 1, 1), False)],
)
def test_three_failures_on_three_days_within_180_days(ago, raised):
    unit = replace(UNIT, product=LX210, successor=LX310, failures=failed(*ago))
    assert (repair.repeated_failures(about(unit)) is not None) is raised


def test_repeated_failures_are_worth_the_successor_and_show_the_last_three():
    unit = replace(UNIT, product=LX210, successor=LX310, failures=failed(150, 90, 40, 3))
    finding = repair.repeated_failures(about(unit))
    assert finding is not None
    assert finding.value == 7_380_000
    assert finding.product_id == LX310.id
    assert len(finding.evidence) == 3
    assert "4回故障" in finding.ja


def test_failures_after_the_day_are_not_looked_at():
    unit = replace(UNIT, failures=failed(-1, 10, 20))
    assert repair.repeated_failures(about(unit)) is None


# R06, repair cost


@pytest.mark.parametrize(("amount", "raised"), [(2_951_999, False), (2_952_000, True)])
def test_forty_percent_of_the_replacement(amount, raised):
    unit = replace(UNIT, product=LX210, successor=LX310, repairs=(paid(1, 400, amount, False),))
    assert (repair.repair_cost(about(unit)) is not None) is raised


def test_without_a_price_there_is_no_share():
    unit = replace(UNIT, product=replace(PW10, list_price=None), repairs=(paid(1, 4, 9_000_000),))
    assert repair.repair_cost(about(unit)) is None


# R07, age


@pytest.mark.parametrize(
    ("installed", "window"),
    [
        (date(2020, 8, 1), None),
        (date(2020, 7, 1), None),
        (date(2020, 6, 20), "80"),
        (date(2018, 11, 21), "80"),
        (date(2018, 11, 20), "100"),
    ],
)
def test_age_bands_of_an_expected_life_of_eight_years(installed, window):
    finding = ending.old_age(about(replace(UNIT, product=LX210, installed_on=installed)))
    assert (finding.window if finding else None) == window


def test_a_life_or_a_day_that_nobody_knows_is_no_age():
    assert ending.old_age(about(replace(UNIT, installed_on=None))) is None
    unit = replace(UNIT, product=replace(PW10, expected_life_months=None))
    assert ending.old_age(about(unit)) is None


def test_a_price_that_nobody_entered_is_not_said_to_be_nothing():
    bare = replace(PW10, list_price=None, expected_life_months=24, end_of_support_on=TODAY)
    for rule in (ending.old_age, ending.end_of_support):
        finding = rule(about(replace(UNIT, product=bare)))
        assert finding is not None and finding.value == 0
        assert not any("¥" in one.ja + one.en for one in finding.evidence)


# R08, end of support


@pytest.mark.parametrize(
    ("ends", "band"),
    [
        (date(2028, 11, 21), None),
        (date(2028, 11, 20), ":24"),
        (date(2027, 11, 20), ":12"),
        (date(2027, 5, 20), ":6"),
        (date(2026, 1, 31), ":6"),
    ],
)
def test_end_of_support_is_told_at_24_12_and_6_months(ends, band):
    unit = replace(UNIT, product=replace(LX210, end_of_support_on=ends), successor=LX310)
    finding = ending.end_of_support(about(unit))
    assert (finding.window[10:] if finding else None) == band


@pytest.mark.parametrize(
    ("after", "ja", "en"), [(LX310, "後継 LX-310 ", "Successor LX-310 "),
                            (None, "同じ型番 LX-210 ", "The same model LX-210 ")],
)  # fmt: skip
def test_what_replaces_a_unit_is_called_what_it_is(after, ja, en):
    ends = date(2027, 5, 20)
    unit = replace(UNIT, product=replace(LX210, end_of_support_on=ends), successor=after)
    finding = ending.end_of_support(about(unit))
    assert finding is not None
    assert finding.evidence[-1].ja.startswith(ja)
    assert finding.evidence[-1].en.startswith(en)


def test_a_support_that_has_ended_is_said_in_the_past():
    unit = replace(UNIT, product=replace(LX210, end_of_support_on=date(2026, 1, 31)))
    finding = ending.end_of_support(about(unit))
    assert finding is not None
    assert "2026/01/31 に終わりました" in finding.ja


def test_a_units_own_end_of_support_goes_before_its_models():
    unit = replace(UNIT, product=replace(LX210, end_of_support_on=date(2026, 1, 31)))
    assert ending.end_of_support(about(replace(unit, own_support_end_on=date(2031, 3, 31)))) is None
    finding = ending.end_of_support(about(replace(unit, own_support_end_on=date(2027, 3, 31))))
    assert finding is not None and finding.window == "2027-03-31:6"
    assert finding.ja == "LX-210（PW3381）のサポートが、あと4か月で終わります。"
    assert finding.en == "Support of LX-210 (PW3381) ends in 4 months."
    assert (finding.evidence[0].type, finding.evidence[0].id) == ("unit", UNIT.id)
    assert "この機器の期日" in finding.evidence[0].ja
    alone = replace(UNIT, product=LX210, own_support_end_on=date(2026, 1, 31))
    assert "LX-210（PW3381）のサポートは 2026/01/31 に終わりました" in (
        ending.end_of_support(about(alone)).ja
    )


# R17, buying words


def test_buying_words_of_the_customer_are_told_with_the_sentence():
    call = TicketFacts(3, "移転の相談", "来春に移転します", ("移転",), "来春に移転します")
    finding = words.buying_words(about(replace(UNIT, product=LX210), ticket=call))
    assert finding is not None
    assert finding.ja == "お客様のことばに「移転」がありました。"
    assert finding.value == 650_000
    assert finding.voice == "来春に移転します"


def test_a_wish_for_a_contract_is_worth_a_year_of_it():
    call = TicketFacts(3, "相談", "", ("保守加入",))
    finding = words.buying_words(about(ticket=call))
    assert finding is not None
    assert finding.value == 198_000


def test_no_buying_word_no_finding():
    assert words.buying_words(about(ticket=TicketFacts(3, "故障", "動かない"))) is None
    assert words.buying_words(about()) is None


# all of them


def test_the_same_facts_give_the_same_findings():
    unit = replace(
        UNIT, product=LX210, successor=LX310, failures=failed(1, 50, 100), contracts=(CONTRACT,)
    )
    facts = about(unit)
    assert matching(facts, "day") == matching(facts, "day")
    assert [rule.code for rule, _ in matching(facts, "day")] == ["R01", "R05"]


def test_every_rule_speaks_both_languages_and_is_asked_sometime():
    assert len(RULES) == len(BY_CODE) == 13
    for rule in RULES:
        assert rule.ja and rule.en and rule.asked
        assert set(rule.asked) <= {"ticket", "work", "day", "meter", "campaign", "register"}
