"""Distributes keyed lines to Parquet, beside SQL written by hand for this one task: CPU, memory, bytes, totals.

Each run is a process of its own; its CPU seconds and its peak memory are what the operating system charged to it. Both
read the same files, use two threads, and write each holder's part of each pot in the same order and format.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from distribute_make import COLLECTED, make

from partita import tables
from partita.distribute import DistributePolicy, files
from partita.distribute.selftest import rows

RATIO_MOST = 1.5
JUDGED_FROM = 2_000_000
"""Lines from which the ratio is judged: below, starting the two programs is most of what is measured."""

MEMORY_MOST_MIB = 4096
MEMORY = "3GB"
HERE = Path(__file__).resolve()


def main() -> int:
    """Measures, or runs one of the jobs measured (`--run`); 1 where a target was missed."""
    parser = argparse.ArgumentParser(description="Distribute keyed usage lines, beside SQL written by hand.")
    parser.add_argument("--lines", type=int, default=20_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to keep the data made; default: a folder that is removed")
    parser.add_argument("--no-full", action="store_true", help="leave out the run that writes every allocation")
    parser.add_argument("--run", choices=("make", "hand", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    parser.add_argument("--detail", choices=("party", "work"), default="party", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        return run(arguments)
    with tempfile.TemporaryDirectory(prefix="partita-bench-") as made:
        result = measure(arguments.folder or Path(made), arguments.lines, full=not arguments.no_full)
    print(json.dumps(result) if arguments.json else "\n".join(map(said, result["figures"])))
    return 0 if all(figure.get("met", True) for figure in result["figures"]) else 1


def run(arguments: argparse.Namespace) -> int:
    """One job, in this process."""
    folder: Path = arguments.folder
    if arguments.run == "make":
        make(folder, arguments.lines)
    elif arguments.run == "hand":
        sql = HERE.with_name("distribute_hand.sql").read_text(encoding="utf-8").replace("$folder", str(folder))
        with duckdb.connect(
            config={"threads": arguments.threads, "memory_limit": MEMORY, "temp_directory": str(folder / "spill")}
        ) as db:
            db.execute(sql)
    else:
        pots = pq.read_table(folder / "pots.parquet").to_pylist()
        pools = rows(
            tables.POOLS,
            [
                {
                    **pot,
                    "pool_id": pot["licensee"],
                    "tariff_id": "given",
                    "currency": "EUR",
                    "allocation_key": "plays",
                    "period_to": dt.date(2025, 12, 31),
                }
                for pot in pots
            ],
        )
        sources = files.Sources(folder / "usage.parquet", folder / "shares.parquet", folder / "decisions.parquet")
        out = folder / f"{arguments.detail}-{arguments.threads}"
        policy = DistributePolicy(detail=arguments.detail)
        files.to_parquet(
            sources, out, pools, policy, charges=tables.CHARGES.empty(), threads=arguments.threads, memory=MEMORY
        )
    return 0


def measure(folder: Path, lines: int, *, full: bool) -> dict[str, Any]:
    """Makes the data, runs hand, ours with two threads and with one, and (`full`) ours with every allocation."""
    if not (folder / "usage.parquet").is_file():
        timed(folder, lines, "make")
    hand = timed(folder, lines, "hand")
    ours = timed(folder, lines, "ours")
    alone = timed(folder, lines, "ours", threads=1)
    same = digests(folder / "party-2") == digests(folder / "party-1")
    agree = sums(folder / "hand.parquet") == sums(folder / "party-2/allocations.parquet")
    ratio = ours["cpu"] / hand["cpu"]
    figures = [
        figure("usage lines", lines, "lines"),
        figure("shares", pq.read_metadata(folder / "shares.parquet").num_rows, "rows"),
        figure("parts of holders in pots", sums(folder / "hand.parquet")[0], "rows"),
        figure("hand-written SQL, CPU", round(hand["cpu"], 1), "s"),
        figure("Partita, party totals, CPU", round(ours["cpu"], 1), "s"),
        figure(
            "ratio of CPU",
            round(ratio, 2),
            "",
            *([f"<= {RATIO_MOST}", ratio <= RATIO_MOST] if lines >= JUDGED_FROM else []),
        ),
        figure("hand-written SQL, peak memory", hand["mib"], "MiB"),
        figure("Partita, peak memory", ours["mib"], "MiB", f"<= {MEMORY_MOST_MIB}", ours["mib"] <= MEMORY_MOST_MIB),
        figure("Partita, one thread, CPU", round(alone["cpu"], 1), "s"),
        figure("same bytes from one and two threads", "yes" if same else "no", "", "yes", same),
        figure("same rows and units as the hand-written SQL", "yes" if agree else "no", "", "yes", agree),
        figure("units in", COLLECTED, "units"),
        figure("units out", sums(folder / "party-2/allocations.parquet")[1], "units"),
    ]
    if full:
        every = timed(folder, lines, "ours", detail="work")
        count = pq.read_metadata(folder / "work-2/allocations.parquet").num_rows
        figures += [
            figure("Partita, every allocation, CPU", round(every["cpu"], 1), "s"),
            figure(
                "Partita, every allocation, peak memory",
                every["mib"],
                "MiB",
                f"<= {MEMORY_MOST_MIB}",
                every["mib"] <= MEMORY_MOST_MIB,
            ),
            figure("allocations written", count, "rows"),
        ]
    return {"figures": figures, "notes": NOTES}


NOTES = [
    "Both jobs read the same Parquet files with DuckDB, two threads and a limit of 3 GB, each in a process of its own.",
    "The hand-written SQL checks nothing and keeps no books; it is given the same strings and integers.",
    "Partita's time includes checks of the input, of the balance of the books, and of the files as read back.",
]


def timed(folder: Path, lines: int, job: str, *, threads: int = 2, detail: str = "party") -> dict[str, Any]:
    """CPU seconds and peak memory (MiB) of one job in a process of its own, with its children."""
    command = [
        sys.executable,
        str(HERE),
        "--run",
        job,
        "--folder",
        str(folder),
        "--lines",
        str(lines),
        "--threads",
        str(threads),
        "--detail",
        detail,
    ]
    child = subprocess.Popen(command)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{job} failed with exit status {child.returncode}")
    return {"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss // 1024}


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file in a folder, by name."""
    found = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def sums(path: Path) -> tuple[int, int, int]:
    """Rows, units, and a sum of hashes of (party, pot, units) of a result, in any order."""
    pot = "licensee" if "licensee" in pq.read_schema(path).names else "pool_id"
    hashed = f"SUM(CAST(hash(party_id, {pot}, amount_micro) AS HUGEINT))"
    query = f"SELECT COUNT(*), SUM(amount_micro), {hashed} FROM read_parquet('{path}') WHERE amount_micro <> 0"
    with duckdb.connect() as db:
        found = db.sql(query).fetchall()[0]
    return int(found[0]), int(found[1]), int(found[2])


def figure(name: str, value: Any, unit: str, target: str = "", met: bool | None = None) -> dict[str, Any]:
    """One line of the page."""
    return {"name": name, "value": value, "unit": unit} | ({"target": target, "met": met} if target else {})


def said(one: dict[str, Any]) -> str:
    """One figure for a person."""
    target = f"  (target {one['target']}: {'met' if one['met'] else 'MISSED'})" if "target" in one else ""
    return f"{one['name']}: {one['value']} {one['unit']}{target}"


if __name__ == "__main__":
    sys.exit(main())
