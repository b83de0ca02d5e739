"""One royalty statement with exact identifiers through django-music-publisher and Partita: speed, and what comes out.

The peer runs with its own interpreter (`--peer-python`, or the variable PARTITA_PEERS). Both start from the same CSV
file and stop when the result is written; neither starting an interpreter nor filling a database is timed.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from partita import money, tables
from partita.distribute import DistributePolicy, files
from partita.distribute.selftest import rows

TIMES_LEAST = 30
HEADER = ("Work ID", "Title", "Library", "CD Identifier", "Right type", "Amount", "ISRC")
MANUSCRIPT = ("33.33", "16.67", "16.67")
"""Per cent of each controlled writer; the other third of each work belongs to another publisher."""

ROUNDS = 3
REPEATS = 5


def main() -> int:
    """Measures both; 1 where a target was missed."""
    parser = argparse.ArgumentParser(
        description="Distribute one statement with django-music-publisher and with Partita."
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--works", type=int, default=1_000)
    parser.add_argument(
        "--peer-python", type=Path, default=Path(os.environ.get("PARTITA_PEERS", ".venv-bench/bin/python"))
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partita-bench-") as folder:
        result = measure(Path(folder), arguments)
    print(json.dumps(result) if arguments.json else "\n".join(map(said, result.get("figures", [result]))))
    return 0 if all(figure.get("met", True) for figure in result.get("figures", [])) else 1


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Figures of both programs on one statement made for the occasion."""
    if not arguments.peer_python.is_file():
        return {"skipped": f"the peer's interpreter {arguments.peer_python} is absent; `make bench` installs it"}
    works, statement = make(folder, arguments.rows, arguments.works)
    ours, rounds = [], []
    for _ in range(ROUNDS):
        ours.append([partita(statement, works, folder / "out") for _ in range(REPEATS)])
        rounds.append(peer(arguments.peer_python, statement, folder / "works.json"))
    peers = [typical(runs) for runs in zip(*rounds, strict=True)]
    gross = ours[0][0]
    mine = typical(tuple(typical(tuple(runs)) for runs in ours))
    cpu_times, times = (
        statistics.median(
            min(run[clock] for run in theirs) / typical(tuple(runs))[clock]
            for theirs, runs in zip(rounds, ours, strict=True)
        )
        for clock in ("cpu", "wall")
    )
    figures = [figure("rows of the statement", arguments.rows, "rows")]
    for run in peers:
        kept = run["gross"] == gross["gross_in"]
        name = f"django-music-publisher, `{run['algorithm']}`"
        figures += [
            figure(f"{name}, rows per CPU second", round(arguments.rows / run["cpu"]), "rows/s"),
            figure(f"{name}, rows per second", round(arguments.rows / run["wall"]), "rows/s"),
            figure(
                f"{name}, gross out less gross in",
                difference(run["gross"], gross["gross_in"]),
                "",
                "differs",
                not kept,
            ),
        ]
    figures += [
        figure("Partita, rows per CPU second", round(arguments.rows / mine["cpu"]), "rows/s"),
        figure("Partita, rows per second", round(arguments.rows / mine["wall"]), "rows/s"),
        figure(
            "Partita, gross out less gross in",
            difference(gross["gross"], gross["gross_in"]),
            "",
            "0",
            gross["gross"] == gross["gross_in"],
        ),
        figure("times the peer's rows per CPU second", round(cpu_times, 1), "x"),
        figure("times the peer's rows per second", round(times, 1), "x", f">= {TIMES_LEAST}", times >= TIMES_LEAST),
    ]
    return {"figures": figures, "notes": NOTES}


NOTES = [
    "The peer writes a row for each line and writer, and no totals.",
    "Partita writes an allocation for each work and writer, suspense, payouts and a journal.",
    "Partita checks that the books balance, writes them, and checks that the files as read back hold the same rows.",
    f"Both take turns for {ROUNDS} rounds, so that both meet the same machine; a quiet one favours the peer.",
    f"In a round the peer runs each of its algorithms once and Partita {REPEATS} times, each with one thread.",
    "A round's ratio is the peer's faster algorithm over Partita's median; the median of the rounds counts.",
    "Both comparisons are with the faster of the peer's algorithms.",
]


def make(folder: Path, count: int, works: int) -> tuple[dict[str, list[tuple[str, str]]], Path]:
    """Works with their writers' manuscript shares, and a statement over them, from a seed."""
    chance = random.Random(7)  # noqa: S311
    held = {
        f"BM{i:06d}": [(f"WRITER {(3 * i + k) % 900:03d}", share) for k, share in enumerate(MANUSCRIPT)]
        for i in range(works)
    }
    (folder / "works.json").write_text(json.dumps(held), encoding="utf-8")
    statement = folder / "statement.csv"
    with statement.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for _ in range(count):
            work = f"BM{chance.randrange(works):06d}"
            cents = chance.randrange(1, 10_000)
            writer.writerow([work, f"Title {work}", "", "", "P", f"{cents // 100}.{cents % 100:02d}", ""])
    return held, statement


def peer(python: Path, statement: Path, works: Path) -> list[dict[str, Any]]:
    """What the peer says of its two algorithms."""
    script = Path(__file__).with_name("against_dmp_peer.py")
    done = subprocess.run(
        [str(python), str(script), str(statement), str(works)], check=True, capture_output=True, text=True
    )
    runs: list[dict[str, Any]] = json.loads(done.stdout)
    return [{**run, "gross": money.exact(run["gross"]) * money.MICRO} for run in runs]


def typical(runs: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """One run's answer with the median CPU and wall seconds of all."""
    return runs[0] | {clock: statistics.median(run[clock] for run in runs) for clock in ("cpu", "wall")}


def partita(statement: Path, works: dict[str, list[tuple[str, str]]], out: Path) -> dict[str, Any]:
    """CPU and wall seconds from the CSV file to the books on disk, and the money in and out, in micro-units."""
    shares = rows(
        tables.SHARES,
        [
            {
                "work_id": work,
                "party_id": name,
                "party_name": name,
                "role": "CA",
                "society": "BM",
                "share_ppm": int(money.exact(f"{share} %") * money.PPM),
            }
            for work, held in works.items()
            for name, share in held
        ],
    )
    cpu, wall = time.process_time(), time.perf_counter()
    options = pcsv.ConvertOptions(column_types={"Amount": pa.decimal128(12, 2)}, include_columns=["Work ID", "Amount"])
    lines = pcsv.read_csv(statement, convert_options=options)
    cents = (
        pc.multiply(lines["Amount"], pa.scalar(100, pa.decimal128(3, 0))).cast(pa.decimal128(16, 2)).cast(pa.int64())
    )
    usage = pa.table(
        {
            "line_id": pa.array(np.arange(lines.num_rows)).cast(pa.string()),
            "licensee": pa.repeat("", lines.num_rows),
            "plays": pa.repeat(pa.scalar(1, pa.int64()), lines.num_rows),
            "weight": cents,
            "work_id": lines["Work ID"],
        }
    )
    amount = pc.sum(cents).as_py() * money.minor_micro("EUR")
    pool = {
        "pool_id": "statement",
        "society": "BM",
        "societies": ["BM"],
        "tariff_id": "given",
        "currency": "EUR",
        "amount_micro": amount,
        "allocation_key": "given",
        "period_to": dt.date(2025, 12, 31),
    }
    totals = files.to_parquet(
        files.Sources(usage, shares),
        out,
        rows(tables.POOLS, [pool]),
        DistributePolicy(),
        charges=tables.CHARGES.empty(),
    )["EUR"]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu": cpu, "wall": wall, "gross": totals["gross"] + totals["suspense"], "gross_in": amount}


def difference(out: Any, came_in: Any) -> str:
    """Gross out less gross in, in currency units, exactly."""
    exact = (money.exact(out) - money.exact(came_in)) / money.MICRO
    return f"{'-' if exact < 0 else ''}{money.show(money.floor_micro(abs(exact)))}"


def figure(name: str, value: Any, unit: str, target: str = "", met: bool | None = None) -> dict[str, Any]:
    """One line of the page."""
    return {"name": name, "value": value, "unit": unit} | ({"target": target, "met": met} if target else {})


def said(one: dict[str, Any]) -> str:
    """One figure for a person."""
    if "skipped" in one:
        return f"skipped: {one['skipped']}"
    target = f"  (target {one['target']}: {'met' if one['met'] else 'MISSED'})" if "target" in one else ""
    return f"{one['name']}: {one['value']} {one['unit']}{target}"


if __name__ == "__main__":
    sys.exit(main())
