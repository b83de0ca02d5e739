"""Measures what `partita identify` costs as lines and works grow, and where the time goes; writes docs/scaling.md.

    python benchmarks/scaling.py [--lines 0.1 1 10] [--works 0.15 1 5] [--engine duckdb sail] [--write] [--json]

Lines and works in millions. Each pair runs in a process of its own, whose CPU and peak memory are counted whole. The
log is drawn from the lines of the measuring data with ten lines for each distinct line, as real logs have them; the
works are those of the measuring data, then their titles and performers recombined. Results are kept, so that sizes can
be measured one at a time; `--write` puts all that are kept on the page. Without the measuring data: exit 2.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
import scaling_page

from identify import SHARED, filled, load
from partita import __version__, tables
from partita.engine.duck import Duck
from partita.engine.shared import share
from partita.identify import IdentifyPolicy, prepare
from partita.identify.distributed import Task, identify_on, matcher

OUT = Path(__file__).resolve().parent / "out"
KEPT = OUT / "scaling.json"
LINES_IN_DISTINCT = 10
AT_ONCE = 1_000_000
MEMORY = "4GB"
"""What DuckDB may take beside the index; it spills to the disk from there."""
STAGES = {
    "distinct.py": "fields", "written.py": "fields", "lines.py": "fields", "fields.py": "fields", "straight.py": "keys",
    "candidates.py": "keys", "keys.py": "keys", "aloud.py": "keys", "codes.py": "keys", "search.py": "search",
    "features.py": "scoring", "scorer.py": "scoring", "outcome.py": "outcomes", "common.py": "outcomes",
    "identifiers.py": "outcomes", "stance.py": "outcomes", "senders.py": "outcomes", "memory.py": "outcomes",
    "scope.py": "outcomes", "stage.py": "outcomes",
}  # fmt: skip


class Sampler:
    """Charges the CPU time of this process, every few milliseconds, to the stage whose code is running."""

    def __init__(self) -> None:
        self.phase = "start"
        self.cpu_s: collections.Counter[str] = collections.Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        before = time.process_time()
        while not self._over.wait(0.005):
            now = time.process_time()
            self.cpu_s[self._stage()] += now - before
            before = now

    def _stage(self) -> str:
        for number, frame in list(sys._current_frames().items()):  # noqa: SLF001 - what a sampler is made of
            if number == self._thread.ident or self.phase == "index":
                continue
            inner: Any = frame
            while inner:
                path = Path(inner.f_code.co_filename)
                if path.parent.name == "identify" and path.name in STAGES:
                    return STAGES[path.name]
                inner = inner.f_back
        return self.phase

    def stop(self) -> dict[str, float]:
        """CPU seconds by stage."""
        self._over.set()
        self._thread.join()
        return {name: round(value, 2) for name, value in self.cpu_s.items()}


def make_works(count: int, path: Path) -> None:
    """`count` works: those of the measuring data, then other pairs of their titles and performers."""
    real = load()[0]
    dice = np.random.default_rng(5)
    parts = [real.slice(0, count)]
    made = len(parts[0])
    while made < count:
        more = min(AT_ONCE, count - made)
        title, performer = dice.integers(0, len(real), (2, more))
        parts.append(filled(tables.REPERTOIRE, more, {
            "work_id": pa.array([f"R{made + i}" for i in range(more)]), "title": real["title"].take(pa.array(title)),
            "performers": real["performers"].take(pa.array(performer)),
        }))  # fmt: skip
        made += more
    pq.write_table(pa.concat_tables(parts), path)


def make_lines(count: int, path: Path) -> None:
    """`count` lines, one in ten of them distinct: lines of the measuring data, with numbers beside their titles."""
    usage = load()[1]
    dice = np.random.default_rng(7)
    distinct = max(1, count // LINES_IN_DISTINCT)
    variants = usage.take(pa.array(np.arange(distinct) % len(usage)))
    titles = [
        title if i < len(usage) else f"{i % 97 + 1:02d}. {title}" if i % 2 else f"{title} ({10_000 + i % 80_021})"
        for i, title in enumerate(variants["title"].to_pylist())
    ]
    at = usage.schema.get_field_index("title")
    variants = variants.set_column(at, usage.schema.field("title"), pa.array(titles)).combine_chunks()
    with pq.ParquetWriter(path, tables.USAGE.schema) as writer:
        for begin in range(0, count, AT_ONCE):
            rows = np.arange(begin, min(begin + AT_ONCE, count))
            popular = (distinct * dice.random(len(rows)) ** 2.5).astype(np.int64)  # the few are played by the many
            part = variants.take(pa.array(np.where(rows < distinct, rows, popular)))
            writer.write_table(part.set_column(0, part.schema.field(0), pa.array([f"{row:09d}" for row in rows])))


def measure(engine: str, lines: Path, works: Path, folder: Path) -> dict[str, Any]:
    """All figures of one run in this process."""
    sampler = Sampler()
    sampler.phase, begin = "index", (time.process_time(), time.perf_counter())
    task = Task(prepare(pq.read_table(works)), IdentifyPolicy())
    built = (time.process_time(), time.perf_counter())
    index_peak = peak_mib()
    sampler.phase = "distinct" if engine == "duckdb" else "distinct, shuffles, back to all lines, written"
    if engine == "duckdb":
        on_duckdb(task, lines, folder, sampler)
    else:
        on_sail(task, lines, folder)
    done = (time.process_time(), time.perf_counter())
    rows = pq.read_metadata(folder / "matches.parquet").num_rows
    assert rows == pq.read_metadata(lines).num_rows
    return {
        "lines": rows, "works": len(task.prepared.index.work_ids), "index_cpu_s": round(built[0] - begin[0], 1),
        "index_peak_mib": index_peak, "cpu_s": round(done[0] - built[0], 1), "wall_s": round(done[1] - built[1], 1),
        "peak_mib": peak_mib(), "stages": sampler.stop(),
    }  # fmt: skip


def on_duckdb(task: Task, lines: Path, folder: Path, sampler: Sampler) -> None:
    """One run on DuckDB, with the phases between which the sampler tells."""
    kernel = matcher(lambda: task)

    def told(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        sampler.phase = "to and fro"
        yield from kernel(batches)

    with Duck(memory=MEMORY) as duck:
        duck.put("usage_lines", lines)
        identify_on(duck, told, task)
        sampler.phase = "back to all lines, sorted, written"
        duck.write("SELECT * FROM matches", folder / "matches.parquet", ("line_id",))


def on_sail(task: Task, lines: Path, folder: Path) -> None:
    """One run on a Sail server in this same process, so that its CPU and memory are counted too."""
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - the extra may be absent

    from partita.engine.spark import Spark  # noqa: PLC0415

    server = SparkConnectServer()
    server.start(background=True)
    with Spark(f"sc://127.0.0.1:{server.listening_address[1]}", folder) as spark:
        spark.put("usage_lines", lines)
        common = share(task, folder / "task.bin")
        identify_on(spark, matcher(common.load), task)
        spark.write("SELECT * FROM matches", folder / "matches.parquet", ("line_id",))
    server.stop()


def peak_mib() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def machine() -> str:
    """Processor, cores, memory and versions, as the page states them."""
    model = [line for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if "model name" in line]
    name = model[0].partition(":")[2].strip() if model else platform.processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return (f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB; Python {platform.python_version()}, "
            f"partita {__version__}, pyarrow {pa.__version__}")  # fmt: skip


def run(engine: str, lines: float, works: float) -> dict[str, Any]:
    """One pair of sizes, in a process of its own; data are made once and kept in benchmarks/out."""
    data = OUT / "scaling"
    data.mkdir(parents=True, exist_ok=True)
    log, catalogue = data / f"lines-{lines:g}.parquet", data / f"works-{works:g}.parquet"
    for path, make, count in ((log, make_lines, lines), (catalogue, make_works, works)):
        if not path.exists():
            print(f"making {path.name} ...", file=sys.stderr, flush=True)
            make(int(count * 1e6), path.with_suffix(".partial"))
            path.with_suffix(".partial").replace(path)
    print(f"{engine}: {lines:g} million lines, {works:g} million works ...", file=sys.stderr, flush=True)
    command = [sys.executable, __file__, "--one", engine, str(log), str(catalogue)]
    before = os.getloadavg()[0]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return {"engine": engine, "lines_asked": lines, "works_asked": works, "failed": f"exit {done.returncode}"}
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    asked = {"engine": engine, "lines_asked": lines, "works_asked": works, "load_before": round(before, 1)}
    return {**asked, **figures, "machine": machine()}


def main() -> int:
    """Runs the sizes asked for, keeps the figures, and writes the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", nargs="*", type=float, default=[0.1, 1], help="millions of lines")
    parser.add_argument("--works", nargs="*", type=float, default=[0.15], help="millions of works")
    parser.add_argument("--engine", nargs="*", choices=["duckdb", "sail"], default=["duckdb"])
    parser.add_argument("--write", action="store_true", help="put all figures kept on docs/scaling.md")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        engine, lines, works = arguments.one
        with tempfile.TemporaryDirectory(prefix="scaling-") as folder:
            print(json.dumps(measure(engine, Path(lines), Path(works), Path(folder))))
        return 0
    if not (SHARED / "bench_repertoire.parquet").exists():
        print("scaling: skipped, the measuring data are absent (../shared/data or PARTITA_SHARED)", file=sys.stderr)
        return 2
    OUT.mkdir(exist_ok=True)
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for engine, works, lines in ((e, w, n) for e in arguments.engine for w in arguments.works for n in arguments.lines):
        kept[f"{engine} {lines:g} {works:g}"] = run(engine, lines, works)
        KEPT.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    if arguments.write:
        scaling_page.write(list(kept.values()))
    print(json.dumps(kept) if arguments.json else "\n".join(scaling_page.tables_of(list(kept.values()))))
    return 1 if any("failed" in figures for figures in kept.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
