"""The legal forms of Japanese organisations, their abbreviations, and foreign company forms.

Abbreviations follow the registers' and banks' customs: (株) in lists, カ) in bank files.
"""

from typing import NamedTuple


class Form(NamedTuple):
    """One legal form: its official name, its list abbreviation, other spellings, bank letters."""

    full: str
    short: str = ""
    others: tuple[str, ...] = ()
    bank: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.full, *((self.short,) if self.short else ()), *self.others)


COMPANIES = (
    Form(
        "株式会社", "㈱", ("(株)", "㍿", "株式會社", "カブシキガイシャ", "かぶしきがいしゃ"), "カ"
    ),
    Form("有限会社", "㈲", ("(有)", "有限會社"), "ユ"),
    Form("合同会社", "(同)", (), "ド"),
    Form("合資会社", "(資)", ("㈾", "合資會社"), "シ"),
    Form("合名会社", "(名)", ("㈴", "合名會社"), "メ"),
    Form("相互会社", "(相)", (), "ソ"),
    Form("特定目的会社", "", (), "トクモク"),
)

CORPORATIONS = (
    Form("一般社団法人", "(一社)", (), "シヤ"),
    Form("公益社団法人", "(公社)"),
    Form("一般財団法人", "(一財)", (), "ザイ"),
    Form("公益財団法人", "(公財)"),
    Form("特例社団法人"),
    Form("特例財団法人"),
    Form("社団法人", "(社)", ("㈳",)),
    Form("財団法人", "(財)", ("㈶",)),
    Form("学校法人", "(学)", ("㈻",), "ガク"),
    Form("準学校法人"),
    Form("社会医療法人財団"),
    Form("社会医療法人社団"),
    Form("社会医療法人"),
    Form("特定医療法人社団"),
    Form("特定医療法人財団"),
    Form("特定医療法人"),
    Form("医療法人社団", "(医社)"),
    Form("医療法人財団", "(医財)"),
    Form("医療法人", "(医)", (), "イ"),
    Form("社会福祉法人", "(福)", ("(社福)",), "フク"),
    Form("宗教法人", "(宗)", (), "シユウ"),
    Form("更生保護法人", "", (), "ホゴ"),
    Form("独立行政法人", "(独)", ("(独法)",), "ドク"),
    Form("地方独立行政法人", "(地独)", (), "チドク"),
    Form("国立研究開発法人", "(国研)"),
    Form("国立大学法人", "", (), "ダイ"),
    Form("公立大学法人"),
    Form("大学共同利用機関法人"),
    Form("認定特定非営利活動法人", "", ("認定NPO法人",)),
    Form("特定非営利活動法人", "(特非)", ("NPO法人", "(NPO)"), "トクヒ"),
    Form("農事組合法人", "", (), "ノウ"),
    Form("管理組合法人", "", (), "カンリ"),
    Form("税理士法人", "", (), "ゼイ"),
    Form("弁護士法人", "", (), "ベン"),
    Form("司法書士法人", "", (), "シホウ"),
    Form("行政書士法人", "", (), "ギヨ"),
    Form("社会保険労務士法人", "", (), "ロウム"),
    Form("土地家屋調査士法人"),
    Form("弁理士法人"),
    Form("特許業務法人"),
    Form("有限責任監査法人"),
    Form("監査法人"),
    Form("投資法人"),
)

UNIONS = (
    Form("農業協同組合"),
    Form("漁業協同組合"),
    Form("生活協同組合"),
    Form("事業協同組合"),
    Form("協同組合", "(協)"),
    Form("企業組合"),
    Form("商工組合"),
    Form("有限責任事業組合"),
    Form("投資事業有限責任組合"),
    Form("国民健康保険組合"),
    Form("健康保険組合"),
    Form("労働組合", "", ("(労)",)),
)

FORMS = (*COMPANIES, *CORPORATIONS, *UNIONS)

FOREIGN = (
    "Co., Ltd.",
    "Company Limited",
    "K.K.",
    "Kabushiki Kaisha",
    "Inc.",
    "Incorporated",
    "Corp.",
    "Corporation",
    "LLC",
    "G.K.",
    "Godo Kaisha",
    "Ltd.",
    "Limited",
    "GmbH",
    "AG",
    "S.A.",
    "B.V.",
    "PLC",
)
"""Foreign forms: they only ever follow the name, after a blank, and stay as they were typed."""
