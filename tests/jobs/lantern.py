"""A case over several years for tests: one karaoke house under the shipped tariffs, works of three societies, one log.

The societies' ids are those of the tariffs; the works, shares, payees and plays are invented.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from partita import tables
from partita.jobs import jobfile, run, settlement
from partita.jobs.settle import compute, settle

WORKS = """work_id,title,composer,lyricist,language,society
A-1,Paper Lantern,Composer One,Lyricist One,en,ACMA
A-2,Harbour Rain,Composer Two,Lyricist Two,en,ACMA
M-1,Stone Bridge,Composer Three,Lyricist Three,en,MUST
T-1,Winter Ferry,Composer Four,Lyricist Four,en,TMCA
"""

SHARES = """work_id,party_id,party_name,role,society,share
A-1,ONE,Payee One (fictional),C,ACMA,60 %
A-1,TWO,Payee Two (fictional),A,ACMA,40 %
A-2,TWO,Payee Two (fictional),C,ACMA,50 %
A-2,THREE,Payee Three (fictional),A,MUST,50 %
M-1,THREE,Payee Three (fictional),CA,MUST,100 %
T-1,FOUR,Payee Four (fictional),C,TMCA,50 %
T-1,TWO,Payee Two (fictional),A,MUST,50 %
"""

LOG = """line_id,title,composer,lyricist,plays,category,weight,date
1,Paper Lantern,Composer One,,600,evening,7,2019-05-01
2,Harbour Rain,,Lyricist Two,300,day,2,2019-06-01
3,Stone Bridge,Composer Three,,500,evening,1,2019-07-01
4,Winter Ferry,Composer Four,,100,day,0,2019-08-01
5,Nobody Knows This,Unknown,,90,day,5,2019-09-01
"""

HEAD = """
[job]
title = {{ en = "Lantern" }}
currency = "TWD"
period_from = {first}
period_to = {last}
as_of = {as_of}
contact = "desk@example.org"
languages = ["en"]

[distribute]
allocation_key = "{key}"
minimum_payout = "{minimum}"
payout_unit = "1"
{points}

[[society]]
id = "ACMA"
name = {{ en = "ACMA" }}
management_fee = "12.5 %"
fund = "3 %"

[[society]]
id = "MUST"
name = {{ en = "MUST" }}
management_fee = "10 %"

[[society]]
id = "TMCA"
name = {{ en = "TMCA" }}

[[licensee]]
id = "lantern"
name = {{ en = "Lantern House (fictional)" }}
fictional = true

[[repertoire]]
file = "works.csv"

[[shares]]
file = "shares.csv"

[[usage]]
file = "log.csv"
licensee = "{reporter}"
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One run of the house; `money` holds the [[licence]] and [[pool]] tables as TOML."""

    money: str
    year: int = 2019
    first: str = ""
    last: str = ""
    as_of: str = ""
    key: str = "plays"
    points: str = ""
    minimum: str = "0"
    reporter: str = "lantern"
    works: str = WORKS
    shares: str = SHARES
    log: str = LOG
    adjusts: tuple[Path, ...] = ()
    carries: Path | None = None

    def but(self, **changes: Any) -> Case:
        """The case with something else in it."""
        return replace(self, **changes)


def write(case: Case, folder: Path) -> Path:
    """The case's files in `folder`; returns the job file."""
    folder.mkdir(parents=True)
    log = case.log.replace("2019-", f"{case.year}-")
    for name, text in (("works.csv", case.works), ("shares.csv", case.shares), ("log.csv", log)):
        (folder / name).write_text(text, encoding="utf-8")
    last = case.last or f"{case.year}-12-31"
    head = HEAD.format(
        first=case.first or f"{case.year}-01-01", last=last, as_of=case.as_of or last, key=case.key,
        minimum=case.minimum, reporter=case.reporter, points=f"points = {case.points}" if case.points else "",
    )  # fmt: skip
    earlier = [f'"{os.path.relpath(path, folder)}"' for path in case.adjusts]
    text = head + case.money + ("\n[earlier]\n" if earlier or case.carries else "")
    text += f"adjusts = [{', '.join(earlier)}]\n" if earlier else ""
    text += f'carries = "{os.path.relpath(case.carries, folder)}"\n' if case.carries else ""
    (folder / "job.toml").write_text(text, encoding="utf-8")
    return folder / "job.toml"


def settled(case: Case, folder: Path) -> Path:
    """The run folder of the case, settled through its job file."""
    settle(write(case, folder / "case"), folder / "run")
    return folder / "run"


def computed(case: Case, folder: Path) -> Path:
    """The tables of the case's run in a folder of their own, without pages: for comparing."""
    path = write(case, folder / "case")
    found = compute(jobfile.load(path), path.parent)
    for name, data in settlement.contents(found).items():
        run.write_table(path.parent, tables.ALL[name], data)
    run.write_json(path.parent / run.MARK, {"run_id": folder.name, "earlier": found.earlier.as_dict()})
    return path.parent


def licence(tariff: str, quantities: str, **more: str) -> str:
    """A [[licence]] of the house."""
    lines = [f'licensee = "lantern"\ntariff = "{tariff}"\nquantities = {{ {quantities} }}']
    lines += [f"{key} = {value}" for key, value in more.items()]
    return "\n[[licence]]\n" + "\n".join(lines) + "\n"


def pool(name: str, amount: str, society: str = "", **more: str) -> str:
    """A [[pool]] of the house."""
    lines = [f'id = "{name}"\namount = "{amount}"\nlicensee = "lantern"']
    lines += [f'society = "{society}"'] if society else []
    lines += [f"{key} = {value}" for key, value in more.items()]
    return "\n[[pool]]\n" + "\n".join(lines) + "\n"


def rows(folder: Path, table: tables.Table) -> list[dict[str, Any]]:
    """The rows of a table of a run."""
    found: list[dict[str, Any]] = run.read_table(folder, table).to_pylist()
    return found


def by_party(folder: Path, column: str) -> dict[str, int]:
    """A column of PAYOUTS summed by party, whatever else distinguishes its rows."""
    return summed(rows(folder, tables.PAYOUTS), "party_id", column)


def summed(found: list[dict[str, Any]], key: str, column: str) -> dict[str, int]:
    """A column summed by another; sums of zero are left out."""
    result: dict[str, int] = {}
    for row in found:
        result[row[key]] = result.get(row[key], 0) + row[column]
    return {name: amount for name, amount in result.items() if amount}


def net(folder: Path) -> dict[str, int]:
    """Gross less fee and fund, by party."""
    found = rows(folder, tables.PAYOUTS)
    for row in found:
        row["net"] = row["gross_micro"] - row["fee_micro"] - row["fund_micro"]
    return summed(found, "party_id", "net")


def added(*parts: dict[str, int]) -> dict[str, int]:
    """Sums by name; sums of zero are left out."""
    names = {name for part in parts for name in part}
    sums = {name: sum(part.get(name, 0) for part in parts) for name in names}
    return {name: amount for name, amount in sums.items() if amount}


def allocated(folder: Path) -> dict[Any, int]:
    """What each share of each work got from each pool."""
    found: dict[Any, int] = {}
    for row in rows(folder, tables.ALLOCATIONS):
        found[row["pool_id"], row["work_id"], row["party_id"], row["role"], row["society"]] = row["amount_micro"]
    return found


def held(folder: Path) -> dict[Any, int]:
    """Suspense by pool, reason, line and work."""
    return {
        (row["pool_id"], row["reason"], row["line_id"], row["work_id"]): row["amount_micro"]
        for row in rows(folder, tables.SUSPENSE)
        if row["amount_micro"]
    }


def account(folder: Path, name: str) -> int:
    """The sum of an account of the journal."""
    journal = run.read_table(folder, tables.JOURNAL)
    return pc.sum(journal.filter(pc.equal(journal.column("account"), name)).column("amount_micro")).as_py() or 0
