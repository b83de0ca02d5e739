"""The distribution table of six items that Taiwan's 著作權集體管理團體條例, Art. 38(4), asks of each society.

In HTML and CSV, traditional Chinese first, English beside it.

Source: the Act as amended on 18 May 2022 (law.moj.gov.tw, J0070019), and for the signatures the rules on attestation
of 28 October 2022 (J0070051), Arts. 5 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from partita.engine.duck import Duck
from partita.formats.pages import cells, render, session, text
from partita.formats.pages.view import RunView, safe_name

FOLDER = "art38"
POOLS_MOST = 200
_BATCH_ROWS = 16_384
COLUMNS = (
    "item 款次",
    "party_id 權利人編號",
    "party 著作財產權人",
    "work_id 著作編號",
    "title 著作名稱",
    "role 身分",
    "share_percent 持分百分比",
    "licensee 利用人",
    "tariff 使用報酬率",
    "period_from 期間起",
    "period_to 期間迄",
    "pool_id 款項編號",
    "method 計算方法",
    "amount 金額",
    "currency 幣別",
)
_MONEY = ("amount_micro", "fee_micro", "fund_micro", "passed_on_micro", "suspense_micro", "gross_micro")


def write(folder: Path, duck: Duck, run: RunView) -> list[tuple[str, Path, Path]]:
    """Writes the table of every society named in the run: (society, page, CSV) of each, by society."""
    named = session.rows(
        duck, "SELECT society AS society FROM pool UNION SELECT society AS society FROM share_paid ORDER BY 1"
    )
    target = folder / FOLDER
    return [(s, *_one(target, duck, run, s)) for row in named if (s := row["society"]) != ""]


def _one(target: Path, duck: Duck, run: RunView, society: str) -> tuple[Path, Path]:
    target.mkdir(exist_ok=True)
    duck.run(session.PACKAGE, "art38.sql", society=society)
    royalties = session.rows(duck, "SELECT * FROM received ORDER BY licensee, tariff_id, period_from, pool_id")
    sums = {name: sum(row[name] for row in royalties) for name in _MONEY}
    people = list(_people(duck))
    stem = safe_name(run.society(society, "en"), society)
    sheet_path = target / f"{stem}.csv"
    with cells.Sheet(sheet_path, COLUMNS) as sheet:
        sheet.write(_rows(duck, run, royalties, people, sums))
    page = render.write(
        target / f"{stem}.html",
        "art38.html",
        "zh-Hant",
        run=run,
        society=society,
        sums=sums,
        en=text.words("en"),
        royalties=royalties[:POOLS_MOST],
        royalties_rest=len(royalties) - POOLS_MOST,
        people=people[: run.html_most],
        people_rest=len(people) - run.html_most,
        people_sums=_sums(people),
        csv=sheet_path.name,
        rates=run.fees.get(society),
    )
    return page, sheet_path


def _people(duck: Duck) -> Iterator[dict[str, Any]]:
    """Rightholders, most money first, each with what this society owes and pays it."""
    named: dict[str, list[dict[str, Any]]] = {}
    for row in session.rows(duck, "SELECT * FROM first_holding ORDER BY party_id, place"):
        named.setdefault(row["party_id"], []).append(row)
    for row in session.rows(duck, "SELECT * FROM rightholder ORDER BY gross_micro DESC, party_id"):
        yield {**row, "named": named.get(row["party_id"], [])}


def _sums(people: list[dict[str, Any]]) -> dict[str, int]:
    names = (
        "gross_micro",
        "fee_micro",
        "fund_micro",
        "net_micro",
        "paid_micro",
        "carried_in_micro",
        "carried_out_micro",
    )
    return {name: sum(row[name] for row in people) for name in names}


def _rows(
    duck: Duck, run: RunView, royalties: list[dict[str, Any]], people: list[dict[str, Any]], sums: dict[str, int]
) -> Iterator[list[cells.Cell]]:
    """The six items, one after the other; totals have an item number and no person or royalty."""
    zh = text.words("zh-Hant")
    yield from _holdings(duck, run, {row["party_id"]: row["party_name"] for row in people})
    for item, name in (("2", "amount_micro"), ("3", "fee_micro")):
        for row in royalties:
            yield [item, *[""] * 6, *_royalty(row), "", cells.amount(row[name], run.currency), run.currency]
        yield _total(f"{item} 總額", sums[name], run)
    yield _total("4 可供分配", sums["amount_micro"] - sums["fee_micro"], run)
    for row in royalties:
        yield ["5", *[""] * 6, *_royalty(row), text.named(zh, "key", row["allocation_key"]), "", ""]
    yield ["5", *[""] * 11, zh["art38_method"], "", ""]
    for row in people:
        amount = cells.amount(row["net_micro"], run.currency)
        yield ["6", row["party_id"], row["party_name"], *[""] * 10, amount, run.currency]
    yield _total("6 總額", sum(row["net_micro"] for row in people), run)


def _holdings(duck: Duck, run: RunView, names: dict[str, str]) -> Iterator[list[cells.Cell]]:
    order = "ORDER BY party_id, amount_micro DESC, work_id, role"
    for batch in duck.batches(f"SELECT * FROM holding {order}", batch_rows=_BATCH_ROWS):
        for row in batch.to_pylist():
            share = cells.percent(row["share_ppm"])
            head = ["1", row["party_id"], names[row["party_id"]], row["work_id"], row["title"], row["role"], share]
            yield [*head, *[""] * 6, cells.amount(row["amount_micro"], run.currency), run.currency]


def _royalty(row: dict[str, Any]) -> list[cells.Cell]:
    days = [row["period_from"].isoformat(), row["period_to"].isoformat()]
    return [row["licensee"], row["tariff_id"], *days, row["pool_id"]]


def _total(item: str, amount_micro: int, run: RunView) -> list[cells.Cell]:
    return [item, *[""] * 12, cells.amount(amount_micro, run.currency), run.currency]
