"""How long manifests take to read, and how much memory: JSON lines and Parquet, and titles from file names and URLs.

`python benchmarks/manifests.py [--rows N] [--folder DIR]`. The rows are invented, each of eleven fields; each file is
read in a process of its own, whose peak memory and CPU seconds are shown.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

from partita.formats import manifests
from partita.text.names_of import readings

ROWS = 10_000_000
NAMES = 1_000_000
BLOCK = 16 << 20


def make(folder: Path, rows: int) -> list[Path]:
    """The same rows as JSON lines and as Parquet; one line in a million is broken."""
    lines = folder / "rows.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for n in range(rows):
            row = {
                "id": f"doc-{n}", "url": f"https://www.site{n % 5000}.example/songs/{n * 7919:x}/page-{n}.html",
                "title": f"Song title number {n % 300_000}", "artist": f"Artist {n % 20_000}",
                "sha256": f"{n * 104_729:064x}",
                "crawl_date": f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}T{n % 24:02d}:30:00Z", "token_count": n % 5000,
                "license": "unknown", "language": "en", "user_agent": "bot/1", "dataset": f"set-{n % 7}",
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")
    table = folder / "rows.parquet"
    options = pyarrow.json.ReadOptions(block_size=BLOCK)
    with (
        pyarrow.json.open_json(lines, read_options=options) as reader,
        pq.ParquetWriter(table, reader.schema) as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
    with lines.open("a", encoding="utf-8") as file:
        file.write('{"id": "broken\n' * max(1, rows // NAMES))
    return [lines, table]


def read(path: Path) -> str:
    """Reads one manifest in this process, and says what it took."""
    begun = time.perf_counter()
    found = manifests.read(path, name="m", stated=manifests.Stated(today=dt.date(2026, 11, 22)))
    taken = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (
        f"{path.name}: {found.items.num_rows:,} items, {found.problems.num_rows:,} problems, {taken:.0f} s "
        f"({used.ru_utime + used.ru_stime:.0f} s CPU), {used.ru_maxrss >> 10:,} MiB at most, of which the items are "
        f"{found.items.nbytes >> 20:,} MiB"
    )


def names() -> str:
    """Reads a million different file names, and says what it took."""
    listed = [f"{n % 20:02d} - Artist {n % 50_000} - Song Title {n} (Official Video).mp3" for n in range(NAMES)]
    ids = pa.array([str(n) for n in range(NAMES)])
    items = pa.table({"item_id": ids, "file_name": pa.array(listed), "url": pa.nulls(NAMES, pa.string())})
    begun, used = time.perf_counter(), time.process_time()
    found = readings(items)
    taken, cpu = time.perf_counter() - begun, time.process_time() - used
    return f"{NAMES:,} file names: {found.num_rows:,} readings, {taken:.0f} s ({cpu:.0f} s CPU)"


def main() -> None:
    """Makes the files and reads each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--read", type=Path)
    given = parser.parse_args()
    if given.read:
        print(read(given.read))
        return
    with tempfile.TemporaryDirectory(prefix="partita-manifests-", dir=given.folder) as folder:
        for path in make(Path(folder), given.rows):
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)
    print(names())


if __name__ == "__main__":
    main()
