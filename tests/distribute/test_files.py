"""The stage over Parquet, the ledger for accountants, and the benchmark in small."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from beancount import loader

from partita import tables
from partita.distribute import DistributePolicy, Unbalanced, balance, files
from partita.distribute.selftest import TO, rows
from partita.engine.duck import Duck
from partita.formats import beancount

NAMES = ["p", "P", "張三 / 李四", 'x"\n2020-01-01 open Assets:Evil', "p-1", "p 1", "", "None", "-" * 90]


def test_a_ledger_with_any_names_passes_beancount(tmp_path: Path, books) -> None:
    """The real beancount finds no error, no name becomes a directive, and no two ids share an account."""
    shares = [{"work_id": "w", "party_id": n, "role": "C", "society": "S", "share_ppm": 100_000} for n in NAMES]
    pools = [
        {
            "pool_id": 'a"b\n',
            "licensee": NAMES[3],
            "currency": "TWD",
            "amount_micro": 10**12 + 7,
            "allocation_key": "plays",
            "period_to": TO,
        }
    ]
    case = {
        "pools": pools,
        "shares": shares,
        "fees": {"S": (150_000, 10_000)},
        "minimum": {},
        "points": {},
        "usage": [{"line_id": "1", "licensee": NAMES[3], "plays": 1}],
        "matches": [{"line_id": "1", "outcome": "matched", "work_id": "w"}],
    }
    found = books(case)
    path = tmp_path / "journal.beancount"
    beancount.write(found.journal, path, pools=rows(tables.POOLS, pools))
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    assert "Assets:Evil" not in {getattr(entry, "account", "") for entry in entries}
    assert len({beancount.account("payable", n) for n in NAMES}) == len(NAMES)
    assert len([e for e in entries if type(e).__name__ == "Transaction"]) == len(
        set(found.journal.column("entry_id").to_pylist())
    )


def test_a_currency_that_is_none_is_refused() -> None:
    """What beancount cannot name is an error, not a broken ledger."""
    journal = rows(tables.JOURNAL, [{"entry_id": "e", "account": "pool", "currency": "NT$", "amount_micro": 1}])
    with pytest.raises(ValueError, match="ISO 4217"):
        list(beancount.lines(journal, pools=tables.POOLS.empty()))


def test_files_give_what_tables_give(tmp_path: Path, books) -> None:
    """Keyed lines from Parquet are paid as the same lines and matches in memory; titles decided once count for all."""
    shares = [{"work_id": "w", "party_id": "p", "party_name": "P", "role": "C", "society": "S", "share_ppm": 900_000}]
    usage = [{"line_id": str(i), "licensee": "K", "title": "song" if i else "?", "plays": i + 1} for i in range(3)]
    pools = [{"pool_id": "x", "currency": "TWD", "amount_micro": 1_000_003, "allocation_key": "plays", "period_to": TO}]
    matches = [
        {"line_id": str(i), "outcome": "matched" if i else "unmatched", "work_id": "w" if i else None} for i in range(3)
    ]
    expected = books(
        {"pools": pools, "usage": usage, "matches": matches, "shares": shares, "fees": {}, "minimum": {}, "points": {}}
    )
    keyed = pa.table(
        {
            "line_id": ["0", "1", "2"],
            "licensee": ["K"] * 3,
            "title": ["?", "song", "song"],
            "plays": [1, 2, 3],
            "work_id": pa.array([None, None, "w"]),
        }
    )
    pq.write_table(keyed, tmp_path / "usage.parquet")
    pq.write_table(rows(tables.SHARES, shares), tmp_path / "shares.parquet")
    decisions = pa.table({"title": ["song"], "outcome": ["matched"], "work_id": ["w"]})
    sources = files.Sources(tmp_path / "usage.parquet", tmp_path / "shares.parquet", decisions)
    files.to_parquet(
        sources, tmp_path / "out", rows(tables.POOLS, pools), DistributePolicy(), charges=tables.CHARGES.empty()
    )
    for name in ("allocations", "suspense", "payouts", "journal"):
        written = tables.conform(pq.read_table(tmp_path / "out" / f"{name}.parquet"), tables.ALL[name])
        assert written == getattr(expected, name)


def test_a_file_that_is_not_what_was_booked_is_found(tmp_path: Path, books) -> None:
    """One unit more in a file as read back, and the run fails by the name of the table."""
    shares = [{"work_id": "w", "party_id": "p", "role": "C", "society": "S", "share_ppm": 1_000_000}]
    pools = [{"pool_id": "x", "currency": "TWD", "amount_micro": 7, "allocation_key": "plays", "period_to": TO}]
    lines = [{"line_id": "0", "licensee": "K", "plays": 1}]
    found = books(
        {"pools": pools, "usage": lines, "matches": [{"line_id": "0", "outcome": "matched", "work_id": "w"}],
         "shares": shares, "fees": {}, "minimum": {}, "points": {}}
    )  # fmt: skip
    with Duck() as duck:
        for name in ("allocations", "suspense", "payouts", "journal"):
            duck.put(name, getattr(found, name))
            pq.write_table(getattr(found, name), tmp_path / f"{name}.parquet")
        balance.compare(duck, tmp_path)
        more = found.allocations.set_column(7, "amount_micro", pa.array([8]))
        pq.write_table(more, tmp_path / "allocations.parquet")
        with pytest.raises(Unbalanced, match="not what was booked: allocations"):
            balance.compare(duck, tmp_path)


def test_a_title_decided_twice_is_refused(tmp_path: Path) -> None:
    """Two decisions on one title would count its lines twice."""
    twice = pa.table({"title": ["a", "a"], "outcome": ["matched"] * 2, "work_id": ["w", "v"]})
    sources = files.Sources(files.BLANK.empty_table(), tables.SHARES.empty(), twice)
    with pytest.raises(ValueError, match="title a is decided twice"):
        files.to_parquet(sources, tmp_path, tables.POOLS.empty(), DistributePolicy(), charges=tables.CHARGES.empty())


def test_the_benchmark_in_small_agrees_with_the_sql_written_by_hand(repository: Path, tmp_path: Path) -> None:
    """Same rows, same units, and the same bytes from one and from two threads."""
    command = [
        sys.executable,
        "benchmarks/distribute.py",
        "--lines",
        "200000",
        "--folder",
        str(tmp_path),
        "--json",
        "--no-full",
    ]
    done = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True)
    figures = {figure["name"]: figure["value"] for figure in json.loads(done.stdout)["figures"]}
    assert figures["same bytes from one and two threads"] == "yes"
    assert figures["same rows and units as the hand-written SQL"] == "yes"
    assert figures["units out"] == figures["units in"]
    written = [hashlib.sha256((tmp_path / f"party-{n}/allocations.parquet").read_bytes()).hexdigest() for n in (1, 2)]
    assert written[0] == written[1]
