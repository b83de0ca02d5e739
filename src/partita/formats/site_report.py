"""The report of what was published: carrier by carrier, which statement is exact, broader, narrower or lost, and why.

In English and in traditional Chinese. Reasons are made of a few sentences with names in them; those are said in Chinese
too, and a reason that has none of them stays in English.
"""

# ruff: noqa: E501  sentences in two scripts side by side read as a table

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from partita import scope
from partita.formats.signals import Effect, Stance

EFFECTS = {
    Effect.EXACT.value: ("exact", "完整表達"),
    Effect.BROADER.value: ("broader", "保留過寬"),
    Effect.NARROWER.value: ("narrower", "僅表達一部分"),
    Effect.LOST.value: ("lost", "無法表達"),
}
STANCES = {Stance.RESERVE.value: ("reserved", "保留"), Stance.PERMIT.value: ("permitted", "允許")}
_PURPOSES = {
    "any": ("any use", "任何利用"),
    "any_ai": ("any use by AI", "任何 AI 利用"),
    "train": ("training AI", "訓練 AI"),
    "mining": ("text and data mining", "文字與資料探勘"),
    "likeness": ("voice or face cloning", "聲音或臉部複製"),
} | {name: (leaf.english, leaf.chinese) for name, leaf in scope.LEAF.items()}

_CHINESE = (
    (r"it speaks of (.+), not of what is at hand", r"此聲明僅針對 \1，不涉及此處內容"),
    (r"the carrier cannot say (.+), so it would permit more", r"此載體無法表達（\1），若寫入將允許過多"),
    (
        r"the carrier cannot say (.+), and to reserve more was not chosen",
        r"此載體無法表達（\1），而權利人未選擇擴大保留",
    ),
    (r"no label means (.+) and no more", r"沒有標籤恰好表示（\1）"),
    (r"a reservation stands against it", "與保留聲明牴觸，從嚴"),
    (
        r"a reservation that meets it cannot be said here in full, so nothing is permitted here",
        "此載體無法完整表達相關保留，故不寫入允許",
    ),
    (
        r"it speaks of the whole site at once, a part of which is excepted, and to reserve more was not chosen",
        "此載體僅能涵蓋全站，而部分另有例外，且權利人未選擇擴大保留",
    ),
    (r"where a prohibition meets it, the prohibition wins", "與禁止規則重疊處，以禁止為準"),
    (r"the price is not said.*", "未載明價格"),
    (r"that the price is per (.+) is not said", r"未載明計價單位（\1）"),
    (r"reaches the (\d+) crawlers that are known by name for it, and no others", r"僅及於已知名稱之 \1 個爬蟲"),
    (r"no crawler is known that fetches for this and nothing more", "沒有已知爬蟲專為此目的擷取"),
    (
        r"a crawler may fetch what it is not refused, nothing is written, and no more is granted by it",
        "未拒絕即可擷取，故不另寫入，亦不因此授權",
    ),
    (r"crawlers are refused that also fetch for (.+)", r"亦為（\1）擷取之爬蟲一併拒絕"),
    (r"(.+) is reserved too", r"（\1）亦一併保留"),
    (r"(.+) is not said", r"未表達：\1"),
    (r"(.+) is no path of the site", r"\1 不是本站路徑"),
    (r"no address is known at which (.+) is served, so it is not said of it", r"不知 \1 之網址，故未表達"),
    (r"it begins only on (.+)", r"自 \1 起始生效"),
    (r"it ended on (.+)", r"已於 \1 終止"),
    (r"a permission for money is an offer: state a reservation with a price", "收費之允許應以附價格之保留表達"),
    (r"where (.+) matches too, its rule decides alone", r"\1 亦相符處，僅依該規則"),
)
"""English reasons as expressions, and the same in Chinese."""


_WHOLE = "a crawler may fetch what it is not refused; nothing is written, and no more is granted by it"
_LIMITS = ((r"that only (\S+) is meant", r"僅限 \1"), (r"that it ends on (\S+)", r"至 \1 止"), (r"\band\b", "及"))
"""A reason that is one sentence in two halves; and what carriers cannot say, within other reasons."""


def chinese(why: str) -> str:
    """A reason in Chinese, part by part; parts without a Chinese sentence stay English."""
    parts = why.replace(_WHOLE, _WHOLE.replace(";", ",")).split("; ") if why else []
    return "；".join(_part(part) for part in parts)


def _part(part: str) -> str:
    for english, said in _CHINESE:
        if re.fullmatch(english, part):
            told = re.sub(english, said, part)
            for limit, words in _LIMITS:
                told = re.sub(limit, words, told)
            return _leaves(told)
    return part


def _leaves(text: str) -> str:
    for leaf in sorted(scope.LEAVES, key=lambda one: -len(one.english)):
        text = re.sub(rf"(?<![\w/]){re.escape(leaf.english)}(?![\w/])", leaf.chinese, text)
    return text


def named(statement: Mapping[str, Any]) -> tuple[str, str]:
    """A statement in English and Chinese words."""
    purpose, stance = _PURPOSES[statement["purpose"]], STANCES[statement["stance"]]
    limits = [("by {}", "限 {}", statement["system"] if statement["system"] != scope.ANYONE else ""),
              ("in {}", "限地區 {}", statement["territory"] if statement["territory"] != scope.EVERYWHERE else ""),
              ("from {}", "自 {} 起", statement["from"]), ("until {}", "至 {} 止", statement["to"]),
              ("for {}", "範圍 {}", ", ".join(statement["targets"][:5]))]  # fmt: skip
    price = " ".join(statement["price"].get(key, "") for key in ("amount", "currency"))
    limits.append(("offered for {}", "授權價格 {}", price.strip()))
    english = " ".join([f"{purpose[0]}: {stance[0]}", *(words.format(value) for words, _, value in limits if value)])
    return english, "，".join([f"{purpose[1]}：{stance[1]}", *(words.format(v) for _, words, v in limits if v)])


def markdown(result: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    lines = [
        "# What was published 發布報告",
        "",
        f"{_cell(result['party'])}, {result['at']}",
        "",
        "## Statements 聲明",
        "",
    ]
    for number, statement in enumerate(result["statements"], 1):
        english, said = named(statement)
        lines.append(f"{number}. {_cell(english)} / {_cell(said)}")
    lines += [
        "",
        "## Carriers 載體",
        "",
        "| carrier 載體 | file 檔案 | statement 聲明 | effect 結果 | why 原因 |",
        "|---|---|---|---|---|",
    ]
    for row in result["effects"]:
        effect = " ".join(EFFECTS[row["effect"]])
        why = f"{_cell(row['why'])} / {_cell(chinese(row['why']))}" if row["why"] else ""
        lines.append(f"| {row['carrier']} | {_cell(row['where'])} | {row['statement']} | {effect} | {why} |")
    return "\n".join([*lines, "", *_advice(result)]) + "\n"


def _advice(result: Mapping[str, Any]) -> Sequence[str]:
    return [f"- {_cell(english)} / {_cell(said)}" for english, said in result["notes"]]


def _cell(text: str) -> str:
    """Text from a file within Markdown: shown, never obeyed."""
    flat = " ".join(str(text).split())
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", flat)


_STYLE = (
    "body{font:16px/1.6 system-ui,'Noto Sans TC',sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1f2a36}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{border-bottom:1px solid #dfe5ea;padding:.4rem .6rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}.lost{color:#8c2d23}.exact{color:#22694c}"
    ".broader,.narrower{color:#7d4708}.zh{color:#566472}"
)


def page(result: Mapping[str, Any]) -> str:
    """The report as one page without a script; nothing is loaded from anywhere."""
    statements = "".join(f"<li><bdi>{_safe(english)}</bdi> <span class=zh lang=zh-Hant><bdi>{_safe(said)}</bdi></span></li>\n"
                         for english, said in map(named, result["statements"]))  # fmt: skip
    rows = "".join(
        f"<tr><td>{_safe(row['carrier'])}<td><bdi>{_safe(row['where'])}</bdi><td>{row['statement']}"
        f"<td class={row['effect']}>{' '.join(EFFECTS[row['effect']])}<td><bdi>{_safe(row['why'])}</bdi>"
        f" <span class=zh lang=zh-Hant><bdi>{_safe(chinese(row['why']))}</bdi></span></tr>\n"
        for row in result["effects"]
    )
    notes = "".join(f"<li>{_safe(english)} <span class=zh lang=zh-Hant>{_safe(said)}</span></li>\n"
                    for english, said in result["notes"])  # fmt: skip
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>What was published</title><style>{_STYLE}</style></head>\n<body>\n"
        f"<h1>What was published <span class=zh lang=zh-Hant>發布報告</span></h1>\n"
        f"<p><bdi>{_safe(result['party'])}</bdi>, {result['at']}</p>\n<h2>Statements <span lang=zh-Hant>聲明</span></h2>\n"
        f"<ol>\n{statements}</ol>\n<h2>Carriers <span lang=zh-Hant>載體</span></h2>\n"
        "<table><thead><tr><th>carrier 載體<th>file 檔案<th>statement 聲明<th>effect 結果<th>why 原因</tr></thead>\n"
        f"<tbody>\n{rows}</tbody></table>\n<ul>\n{notes}</ul>\n</body></html>\n"
    )


def _safe(text: Any) -> str:
    return html.escape("".join(c if c.isprintable() else " " for c in str(text)))
