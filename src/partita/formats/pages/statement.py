"""Statements: what each payee is paid, for which use of which work, by whom, when and at what rate.

One pass over allocations sorted by payee writes everything: `statements.csv` and `statements.json` hold all payees;
the payees with the most money also get files of their own (HTML in each language, CSV, JSON).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from partita import money
from partita.engine.duck import Duck
from partita.formats.pages import cells, render, session
from partita.formats.pages.view import RunView, safe_name

FOLDER = "statements"
LINES_MOST = 200
"""Lines that a page shows; the rest is counted there and stands in the CSV."""

POOLS_MOST = 40
_BATCH_ROWS = 16_384
_POOLS = """SELECT p.*, coalesce(w.weight, 0) AS weight FROM pool AS p
    LEFT JOIN pool_weight AS w ON w.pool_id = p.pool_id ORDER BY p.pool_id"""
_STEPS_UNSAID = ("tax", "choice", "not_open")
"""Steps that say nothing of the net amount; the JSON has them."""

_TRUE_UP = "/true_up"
"""How the id of a true-up ends; before it stands the id of its charge. Sorted by id, its steps follow the charge's."""

COLUMNS = (
    "reference 查詢編號",
    "payee_id 權利人編號",
    "payee 權利人",
    "society 集管團體",
    "entry 項目",
    "work_id 著作編號",
    "title 著作名稱",
    "role 身分",
    "share_percent 持分百分比",
    "licensee 利用人",
    "tariff 使用報酬率",
    "method 計費模式",
    "period_from 期間起",
    "period_to 期間迄",
    "pool_id 款項編號",
    "pool_amount 該筆使用報酬",
    "plays 使用次數",
    "amount 金額",
    "currency 幣別",
)


@dataclass(frozen=True, slots=True)
class Pool:
    """One royalty as a statement shows it; `steps` says how it was computed: (label, formula, source)."""

    pool_id: str
    licensee: str
    tariff_id: str
    method: str
    period_from: dt.date
    period_to: dt.date
    allocation_key: str
    amount_micro: int
    steps: tuple[tuple[str, str, str], ...]
    weight: int = 0

    @property
    def basis(self) -> list[tuple[str, str, str]]:
        """The steps that led to the amount; a true-up says nothing of a pool that this run leaves as it was."""
        unsaid = _STEPS_UNSAID if self.amount_micro else (*_STEPS_UNSAID, "true_up")
        return [step for step in self.steps if step[0] not in unsaid]

    @property
    def sources(self) -> list[str]:
        """The legal references of those steps, each once."""
        return list(dict.fromkeys(source for _, _, source in self.basis if source))


class Line(NamedTuple):
    """One allocation of one payee; columns of `statement_line`, in order."""

    place: int
    pool_id: str
    work_id: str
    title: str
    role: str
    share_ppm: int
    plays: int
    weight: int
    claimed_ppm: int
    amount_micro: int


class Payee(NamedTuple):
    """One row of `payee`, in order."""

    place: int
    party_id: str
    party_name: str
    society: str
    gross_micro: int
    fee_micro: int
    fund_micro: int
    carried_in_micro: int
    paid_micro: int
    carried_out_micro: int

    @property
    def net_micro(self) -> int:
        """Gross less management fee and fund."""
        return self.gross_micro - self.fee_micro - self.fund_micro

    @property
    def stem(self) -> str:
        """The name of the payee's files, without extension."""
        return safe_name(self.party_name, self.party_id, self.society)

    def reference(self, run_id: str) -> str:
        """What the payee quotes: the run, and eight digits that stand for the payee."""
        return f"{run_id}-{self.stem[-16:-8]}"


@dataclass(frozen=True, slots=True)
class _Files:
    """Where everything goes."""

    folder: Path
    languages: tuple[str, ...]
    sheet: cells.Sheet
    everybody: TextIO


def prepare(duck: Duck) -> None:
    """Makes `payee` and `statement_line`."""
    duck.run(session.PACKAGE, "statement.sql")


def write(folder: Path, duck: Duck, run: RunView, languages: tuple[str, ...]) -> list[Path]:
    """Writes `statements/` in `folder` and returns the paths of what was written. Needs `prepare`."""
    target = folder / FOLDER
    target.mkdir()
    pools = load_pools(duck)
    written = [target / "statements.csv", target / "statements.json"]
    shown: list[Payee] = []
    with ExitStack() as stack:
        sheet = stack.enter_context(cells.Sheet(written[0], COLUMNS))
        everybody = stack.enter_context(written[1].open("x", encoding="utf-8", newline="\n"))
        files = _Files(target, languages, sheet, everybody)
        everybody.write("[")
        for payee, lines in _by_payee(duck):
            written += _one(files, run, pools, payee, lines)
            shown += [payee] if payee.place <= run.html_most else []
        everybody.write("\n]\n")
    return written + _index(folder, run, shown, languages)


def load_pools(duck: Duck) -> dict[str, Pool]:
    """Every pool of the run by id, with the steps of the charge that filled it and of its true-up."""
    steps: dict[str, list[tuple[str, str, str]]] = {}
    for row in session.rows(duck, "SELECT * FROM charge_steps ORDER BY charge_id, step"):
        charge_id = row["charge_id"].removesuffix(_TRUE_UP)
        steps.setdefault(charge_id, []).append((row["label"], row["formula"], row["source"]))
    return {
        row["pool_id"]: Pool(
            **{name: row[name] for name in Pool.__slots__ if name != "steps"},
            steps=tuple(steps.get(row["pool_id"], ())),
        )
        for row in session.rows(duck, _POOLS)
    }


def _by_payee(duck: Duck) -> Iterator[tuple[Payee, list[Line]]]:
    """Every payee in order of money, with its lines, most money first."""
    order = "ORDER BY place, amount_micro DESC, pool_id, work_id, role, society, share_ppm"
    lines = _tuples(duck, f"SELECT {', '.join(Line._fields)} FROM statement_line {order}", Line)
    groups = groupby(lines, key=attrgetter("place"))
    group = next(groups, None)
    for payee in _tuples(duck, f"SELECT {', '.join(Payee._fields)} FROM payee ORDER BY place", Payee):
        if group is not None and group[0] == payee.place:
            yield payee, list(group[1])
            group = next(groups, None)
        else:
            yield payee, []


def _tuples(duck: Duck, sql: str, kind: Any) -> Iterator[Any]:
    for batch in duck.batches(sql, batch_rows=_BATCH_ROWS):
        yield from map(kind._make, zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _one(files: _Files, run: RunView, pools: dict[str, Pool], payee: Payee, lines: list[Line]) -> list[Path]:
    """Adds a payee to the combined files, and writes the payee's own where there are to be any."""
    rows = list(sheet_rows(run, pools, payee, lines))
    data = _dump(as_data(run, pools, payee, lines))
    files.sheet.write_safe(rows)
    files.everybody.write(("\n" if payee.place == 1 else ",\n") + data)
    if payee.place > run.html_most:
        return []
    sheet_path, data_path = (files.folder / f"{payee.stem}.{ending}" for ending in ("csv", "json"))
    with cells.Sheet(sheet_path, COLUMNS) as sheet:
        sheet.write_safe(rows)
    with data_path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(data + "\n")
    return [sheet_path, data_path, *_pages(files, run, pools, payee, lines)]


def _pages(files: _Files, run: RunView, pools: dict[str, Pool], payee: Payee, lines: list[Line]) -> list[Path]:
    names = {tag: render.plain_name(payee.stem, tag, files.languages) for tag in files.languages}
    return [
        render.write(
            files.folder / name,
            "statement.html",
            tag,
            run=run,
            payee=payee,
            reference=payee.reference(run.run_id),
            parts_of_pools=_parts(pools, lines),
            pools=pools,
            lines=lines[:LINES_MOST],
            rest=_rest(lines),
            nav=render.nav(names),
        )
        for tag, name in names.items()
    ]


def _rest(lines: list[Line]) -> dict[str, int]:
    left = lines[LINES_MOST:]
    return {"rest": len(left), "plays": sum(x.plays for x in left), "amount_micro": sum(x.amount_micro for x in left)}


def _parts(pools: dict[str, Pool], lines: list[Line]) -> dict[str, Any]:
    """What the payee gets from each pool, most money first, and a sum of the rest."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.pool_id] = sums.get(line.pool_id, 0) + line.amount_micro
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    left = ordered[POOLS_MOST:]
    return {
        "rows": [(pools[pool_id], amount) for pool_id, amount in ordered[:POOLS_MOST]],
        "rest": len(left),
        "amount_micro": sum(amount for _, amount in left),
    }


def sheet_rows(run: RunView, pools: dict[str, Pool], payee: Payee, lines: list[Line]) -> Iterator[list[cells.Cell]]:
    """The statement as rows of a ledger: what comes in is positive, what goes out negative, and all add up to zero.

    Every cell is safe for a spreadsheet.
    """
    safe, amount, currency = cells.safe, cells.amount, run.currency
    head = [safe(cell) for cell in (payee.reference(run.run_id), payee.party_id, payee.party_name, payee.society)]
    parts = {pool_id: _pool_cells(pools[pool_id], currency) for pool_id in {line.pool_id for line in lines}}
    for _, pool_id, work_id, title, role, share_ppm, plays, _, _, amount_micro in lines:
        yield [
            *head, "allocation", safe(work_id), safe(title), safe(role), cells.percent(share_ppm), *parts[pool_id],
            plays, amount(amount_micro, currency), currency,
        ]  # fmt: skip
    for entry, amount_micro in _settled(payee):
        yield [*head, entry, *[""] * 12, amount(amount_micro, currency), currency]


def _pool_cells(pool: Pool, currency: str) -> list[cells.Cell]:
    days = [pool.period_from.isoformat(), pool.period_to.isoformat()]
    names = [pool.licensee, pool.tariff_id, pool.method, *days, pool.pool_id, cells.amount(pool.amount_micro, currency)]
    return [cells.safe(name) for name in names]


def _settled(payee: Payee) -> list[tuple[str, int]]:
    """What happens to the sum of the allocations, as entries that bring it to zero; entries of 0 are left out."""
    entries = [
        ("management_fee", -payee.fee_micro),
        ("fund", -payee.fund_micro),
        ("carried_in", payee.carried_in_micro),
        ("paid", -payee.paid_micro),
        ("carried_out", -payee.carried_out_micro),
    ]
    return [(name, amount) for name, amount in entries if amount or name == "paid"]


def as_data(run: RunView, pools: dict[str, Pool], payee: Payee, lines: list[Line]) -> dict[str, Any]:
    """The statement as plain data: integers in micro-units, and the same amounts as exact text."""
    used = sorted({line.pool_id for line in lines})
    return {
        "form": "partita.statement/1",
        "run_id": run.run_id,
        "reference": payee.reference(run.run_id),
        "contact": run.contact,
        "currency": run.currency,
        "period_from": run.period_from.isoformat(),
        "period_to": run.period_to.isoformat(),
        "payee": {"party_id": payee.party_id, "name": payee.party_name, "society": payee.society},
        "money": _money(payee, run.currency) | _rates(run, payee.society),
        "adjusts": run.adjusts,
        "pools": {pool_id: _pool_data(pools[pool_id], run.currency) for pool_id in used},
        "lines": [_line_data(line, run.currency) for line in lines],
    }


def _money(payee: Payee, currency: str) -> dict[str, int | str]:
    found: dict[str, int | str] = {}
    for name in ("gross", "fee", "fund", "net", "carried_in", "paid", "carried_out"):
        amount_micro: int = getattr(payee, f"{name}_micro")
        found |= {name: cells.amount(amount_micro, currency), f"{name}_micro": amount_micro}
    return found


def _rates(run: RunView, society: str) -> dict[str, int]:
    """What the society takes off, in parts per million."""
    fee, fund = run.fees.get(society, ("0", "0"))
    return {"fee_ppm": int(money.exact(fee) * money.PPM), "fund_ppm": int(money.exact(fund) * money.PPM)}


def _pool_data(pool: Pool, currency: str) -> dict[str, Any]:
    return {
        "licensee": pool.licensee,
        "tariff_id": pool.tariff_id,
        "method": pool.method,
        "period_from": pool.period_from.isoformat(),
        "period_to": pool.period_to.isoformat(),
        "allocation_key": pool.allocation_key,
        "amount": cells.amount(pool.amount_micro, currency),
        "amount_micro": pool.amount_micro,
        "weight": pool.weight,
        "steps": [{"label": label, "formula": formula, "source": source} for label, formula, source in pool.steps],
    }


def _line_data(line: Line, currency: str) -> dict[str, int | str]:
    _, pool_id, work_id, title, role, share_ppm, plays, weight, claimed_ppm, amount_micro = line
    return {
        "amount": cells.amount(amount_micro, currency),
        "amount_micro": amount_micro,
        "claimed_ppm": claimed_ppm,
        "plays": plays,
        "pool_id": pool_id,
        "role": role,
        "share_ppm": share_ppm,
        "title": title,
        "weight": weight,
        "work_id": work_id,
    }


def _dump(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _index(folder: Path, run: RunView, shown: list[Payee], languages: tuple[str, ...]) -> list[Path]:
    names = {tag: render.plain_name("index", tag, languages) for tag in languages}
    return [
        render.write(
            folder / FOLDER / name,
            "statement_index.html",
            tag,
            run=run,
            nav=render.nav(names),
            back="../" + render.plain_name("report", tag, languages),
            all=run.payouts.num_rows,
            payees=[(payee, render.plain_name(payee.stem, tag, languages)) for payee in shown],
        )
        for tag, name in names.items()
    ]
