"""Company names: the legal form is found, and never printed short or on the wrong side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.text.legal_form import display, name_core_key, only_forms, short, split, without_forms
from crm.text.legal_forms import FORMS, Form
from crm.text.normal import search_key

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "shown", "shortened"),
    [
        ("株式会社山田製作所", "株式会社山田製作所", "㈱山田製作所"),
        ("山田製作所株式会社", "山田製作所株式会社", "山田製作所㈱"),
        ("㈱山田", "株式会社山田", "㈱山田"),
        ("㍿山田", "株式会社山田", "㈱山田"),
        ("（株） 山田", "株式会社山田", "㈱山田"),
        ("山田(株)", "山田株式会社", "山田㈱"),
        ("( 株 )山田", "株式会社山田", "㈱山田"),
        ("株式會社山田", "株式会社山田", "㈱山田"),
        ("カ)ヤマダ", "株式会社ヤマダ", "㈱ヤマダ"),
        ("ﾔﾏﾀﾞ(ｶ", "ﾔﾏﾀﾞ株式会社", "ﾔﾏﾀﾞ㈱"),
        ("㈲山田", "有限会社山田", "㈲山田"),
        ("山田（有）", "山田有限会社", "山田㈲"),
        ("(同)山田", "合同会社山田", "(同)山田"),
        ("(資)山田", "合資会社山田", "(資)山田"),
        ("(名)山田", "合名会社山田", "(名)山田"),
        ("(一社)計測協会", "一般社団法人計測協会", "(一社)計測協会"),
        ("（公財）理化学振興会", "公益財団法人理化学振興会", "(公財)理化学振興会"),
        ("(学)緑学園", "学校法人緑学園", "(学)緑学園"),
        ("医療法人社団 健康会", "医療法人社団健康会", "(医社)健康会"),
        ("(医)健康会", "医療法人健康会", "(医)健康会"),
        ("(福)光の家", "社会福祉法人光の家", "(福)光の家"),
        ("(独)技術研究所", "独立行政法人技術研究所", "(独)技術研究所"),
        ("国立大学法人北大学", "国立大学法人北大学", "国立大学法人北大学"),
        ("ＮＰＯ法人みどり", "特定非営利活動法人みどり", "(特非)みどり"),
        ("横浜鉄工協同組合", "横浜鉄工協同組合", "横浜鉄工(協)"),
        ("税理士法人青葉", "税理士法人青葉", "税理士法人青葉"),
        ("有限責任監査法人青葉", "有限責任監査法人青葉", "有限責任監査法人青葉"),
        ("山田株式会社大阪支店", "山田株式会社大阪支店", "山田㈱大阪支店"),
        ("ヤマダ(カ)エイギヨウシヨ", "ヤマダ株式会社エイギヨウシヨ", "ヤマダ㈱エイギヨウシヨ"),
        ("Yamada Co., Ltd.", "Yamada Co., Ltd.", "Yamada Co., Ltd."),
        ("髙﨑商店", "髙﨑商店", "髙﨑商店"),
        ("株式会社", "株式会社", "株式会社"),
    ],
)
def test_a_clerk_types_any_form_and_the_letter_is_right(
    typed: str, shown: str, shortened: str
) -> None:
    assert (display(typed), short(typed)) == (shown, shortened)


def test_the_side_of_the_form_keeps_two_companies_apart() -> None:
    assert split("株式会社アシスト").position == "before"
    assert split("アシスト株式会社").position == "after"
    assert display("㈱アシスト") != display("アシスト㈱")


@pytest.mark.parametrize(
    "name",
    [
        "株式会社山田",
        "山田㈱",
        "（有）山田",
        "山田",
        "カ)山田",
        "山田 Co., Ltd.",
        "山田 LLC",
        "ﾔﾏﾀﾞ",
    ],
)
def test_doubles_meet_in_the_core_of_the_name(name: str) -> None:
    assert name_core_key(name) in {"山田", "ヤマダ"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.full)
def test_every_form_is_found_on_both_sides_in_every_spelling(form: Form) -> None:
    for spelling in form.spellings:
        assert split(f"{spelling}青葉").form == form.full
        assert split(f"青葉{spelling}").form == form.full


def test_a_name_that_only_sounds_like_a_form_keeps_it() -> None:
    assert split("Incline").form is None
    assert split("Big").form is None
    assert split("全国農業協同組合連合会").core == "全国農業協同組合連合会"


def test_a_search_leaves_legal_forms_out() -> None:
    assert without_forms(search_key("株式会社山田")) == ["山田"]
    assert without_forms(search_key("山田㈱大阪支店")) == ["山田", "大阪支店"]
    assert without_forms(search_key("（有）")) == []


def test_a_legal_form_alone_is_told_from_a_name():
    assert all(map(only_forms, ("株式会社", " ㈱ ", "(有) 合同会社", "ｶﾌﾞｼｷｶﾞｲｼｬ")))
    assert not any(map(only_forms, ("", "  ", "株式会社山", "山 株式会社", "1")))


@given(st.sampled_from(FORMS), st.text(st.sampled_from("青葉山川アカ"), min_size=1, max_size=6))
def test_taking_apart_what_was_put_together_gives_the_same(form: Form, core: str) -> None:
    for name in (form.full + core, core + form.full):
        assert split(split(name).display) == split(name)
        assert split(split(name).short).display == name
