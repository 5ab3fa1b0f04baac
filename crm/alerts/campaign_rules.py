"""Rules about recalls and field campaigns."""

from __future__ import annotations

from crm.alerts.facts import Evidence, Facts, Finding
from crm.alerts.words import day_en, day_ja


def open_campaign(facts: Facts) -> Finding | None:
    """R21: a running campaign names units of the customer that are not done: a visit, and a look
    at their age. One for each campaign and account. Value: nothing, it is owed."""
    campaign = facts.campaign
    if campaign is None or not campaign.runs(facts.today) or not campaign.open_units:
        return None
    number, title, many = campaign.number, campaign.title, campaign.open_units
    ja = "リコール" if campaign.kind == "recall" else "フィールド対策"
    en = "Recall" if campaign.kind == "recall" else "Campaign"
    return Finding(
        subject=f"campaign:{campaign.id}:account:{facts.account_id}",
        window=str(campaign.id),
        ja=f"{ja} {number} の対象が{many}台あります。訪問の約束をとってください。",
        en=f"{en} {number} is about {many} unit{'s' * (many != 1)} here: arrange a visit.",
        evidence=(
            Evidence(
                f"{title}（{day_ja(campaign.starts_on)} 開始）",
                f"{title} (from {day_en(campaign.starts_on)})", "campaign", campaign.id,
            ),
            *(
                Evidence(
                    f"{one.name}" + (f"・設置から{one.years}年" if one.years else ""),
                    f"{one.name}" + (f", {one.years} years old" if one.years else ""),
                    "unit", one.id,
                )
                for one in campaign.oldest
            ),
        ),
        value=0,
        offer_ja=f"{ja} {number} の訪問と更新のご相談",
        offer_en=f"Visit for {en.lower()} {number}, and replacement",
    )  # fmt: skip
