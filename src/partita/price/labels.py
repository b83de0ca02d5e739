"""The words of a charge's steps, standings and classes, in English and traditional Chinese."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, Mapping[str, str]] = {
    "quantity": {"en": "quantity", "zh-Hant": "數量"},
    "base": {"en": "revenue base after deductions", "zh-Hant": "扣除後之收入基礎"},
    "rate": {"en": "rate", "zh-Hant": "費率"},
    "proration": {"en": "part of the period", "zh-Hant": "按期間比例"},
    "reduction": {"en": "reduction for the class of user", "zh-Hant": "依利用人類別酌減"},
    "no_reduction": {"en": "no reduction stated", "zh-Hant": "費率未定酌減"},
    "sum": {"en": "sum", "zh-Hant": "合計"},
    "ratio": {"en": "share of the repertoire", "zh-Hant": "管理著作占比"},
    "minimum": {"en": "minimum fee", "zh-Hant": "最低使用報酬"},
    "rounding": {"en": "rounding", "zh-Hant": "尾數處理"},
    "tax": {"en": "tax", "zh-Hant": "營業稅"},
    "choice": {"en": "licensee's choice", "zh-Hant": "利用人選擇"},
    "interim": {"en": "interim payment", "zh-Hant": "暫付款"},
    "true_up": {"en": "true-up", "zh-Hant": "多退少補"},
    "no_rate": {"en": "no rate in force", "zh-Hant": "無有效費率"},
    "not_computable": {"en": "not computable", "zh-Hant": "無法計算"},
    "not_open": {"en": "not open to this licensee", "zh-Hant": "不適用此計費方式"},
    "proposed": {"en": "proposed by the society", "zh-Hant": "集管團體公告"},
    "under_review": {"en": "under review", "zh-Hant": "審議中"},
    "provisional": {"en": "provisional", "zh-Hant": "暫付"},
    "determined": {"en": "determined by the authority", "zh-Hant": "主管機關審定"},
    "commercial": {"en": "commercial", "zh-Hant": "營利"},
    "public_interest": {"en": "cultural, educational or other public interest", "zh-Hant": "文化、教育或其他公益"},
    "non_profit": {"en": "public interest and not for profit", "zh-Hant": "公益且無營利行為"},
    "room": {"en": "room", "zh-Hant": "包廂"},
    "hall": {"en": "hall", "zh-Hant": "大廳"},
    "machine": {"en": "karaoke machine", "zh-Hant": "電腦伴唱機"},
    "vehicle": {"en": "vehicle", "zh-Hant": "車輛"},
    "seat": {"en": "seat", "zh-Hant": "座位"},
    "play": {"en": "play", "zh-Hant": "點播"},
    "network_fm": {"en": "national FM network", "zh-Hant": "全國性調頻網"},
    "network_am": {"en": "national AM network", "zh-Hant": "全國性調幅網"},
    "revenue": {"en": "ticket revenue", "zh-Hant": "票房收入"},
    "entertainment_tax": {"en": "entertainment tax", "zh-Hant": "娛樂稅"},
    "business_tax": {"en": "business tax", "zh-Hant": "營業稅"},
    "songs": {"en": "songs", "zh-Hant": "總曲目數"},
    "songs_managed": {"en": "songs managed by the society", "zh-Hant": "管理曲目數"},
    "year": {"en": "year", "zh-Hant": "年"},
    "month": {"en": "month", "zh-Hant": "月"},
    "day": {"en": "day", "zh-Hant": "日"},
    "licence": {"en": "licence", "zh-Hant": "授權"},
    "net_income": {"en": "net income", "zh-Hant": "淨收入"},
    "service_income": {"en": "income of the service", "zh-Hant": "服務收入"},
    "output_income": {"en": "income from outputs", "zh-Hant": "生成內容收入"},
    "outputs": {"en": "outputs", "zh-Hant": "件生成內容"},
    "works": {"en": "works", "zh-Hant": "首著作"},
}
"""By step label, standing, class of user, unit and period: the words by language tag."""


def label(name: str, language: str) -> str:
    """The word in `language`, or the name itself where the table has none (a unit that a tariff made up)."""
    return LABELS.get(name, {}).get(language, name)
