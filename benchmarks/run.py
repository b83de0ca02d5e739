"""`make bench`: runs every benchmark, one after the other, and writes docs/benchmarks.md.

Each benchmark is a script beside this one that prints, with `--json`, one JSON object: `figures` (a list of `name`,
`value`, `unit`, and where there is one a `target` and whether it was `met`), `notes` (a list of sentences), or
`skipped` (the reason); or plain names and values, whose targets then stand here. Exit code 2 says that data lack. A
benchmark that cannot run is named on the page with its reason; it does not stop the others.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/benchmarks.md"
PEERS = Path(".venv-bench/bin/python")
LACKS_DATA = 2
LIBRARIES = ("partita", "duckdb", "pyarrow", "numpy", "numba", "rapidfuzz", "opencc", "pypinyin")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One script: the heading of its section, what it measures in a sentence, and what plain figures must reach."""

    script: str
    heading: str
    meaning: str
    least: dict[str, float] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """What to type, in the checkout, to measure it again."""
        return f".venv/bin/python benchmarks/{self.script}"


BENCHMARKS = (
    Benchmark(
        "identify.py",
        "Identify",
        "Lines of play logs against a repertoire, with the right answers known: precision, recall, F1 and speed. The "
        "first part of the lines (dev) served to set the scorer up, the rest (test) did not.",
        {"test precision": 0.985, "test f1": 0.955, "lines per cpu s": 10_000},
    ),
    Benchmark(
        "matching.py",
        "Identify, beside its peers",
        "The same lines through Partita and through other matchers, each in its best fair configuration, in one run: "
        "quality with the right answers known, speed, memory; and logs with repeats.",
    ),
    Benchmark(
        "identify_labelled.py",
        "Identify, fitted on a list's own decided lines",
        "The same lines twice: with the shipped scorer, fitted on made-up songs alone, and with one fitted on the "
        "first fifth of the lines. All quality is of the other four fifths; what is found and compared is the same.",
    ),
    Benchmark(
        "identify_noise_v2.py",
        "Identify, on noise that it was never tuned for",
        "Fifty thousand lines from a second model of noise, other mechanisms by another hand; a fifth of the songs are "
        "in no repertoire. No scorer, threshold or rule was ever fitted to them.",
    ),
    Benchmark(
        "distribute.py",
        "Distribute",
        "Twenty million lines with known works over a million works and 2.5 million shares, to Parquet, beside SQL "
        "written by hand for this one task.",
    ),
    Benchmark(
        "clear.py",
        "Clear",
        "A million uses against a registry of a million reservations, as a table and one by one; a tenth are URLs.",
    ),
    Benchmark(
        "registry.py",
        "Registry",
        "A registry of a million reservations in SQLite: recorded, asked about one use at a time, read whole.",
    ),
    Benchmark(
        "log.py",
        "Log",
        "Ten million entries written to a log in tiles on the disk, proven one by one, and the whole checked; beside "
        "hashing alone, and beside pymerkle, which keeps its tree in SQLite.",
    ),
    Benchmark(
        "training.py",
        "A training run",
        "The shipped training case, larger: manifests read, works found, each item asked of its own day, licences "
        "charged and shared out; held against what the case's generator knows to be true.",
    ),
    Benchmark(
        "carriers.py",
        "Carriers of the web",
        "Signals of reservation in headers and robots.txt through Partita, datadiligence and the standard library's "
        "robots parser: reservations missed, wrong answers, carriers read, speed.",
    ),
    Benchmark(
        "against_dmp.py",
        "Against django-music-publisher",
        "The same statement with exact identifiers through both programs: rows per second, and whether what goes in "
        "comes out.",
    ),
)


def main() -> int:
    """Runs the benchmarks named on the command line, or all, and writes the page; 1 where one failed or missed."""
    parser = argparse.ArgumentParser(description="Run the benchmarks and write docs/benchmarks.md.")
    parser.add_argument("only", nargs="*", help="scripts to run, e.g. identify.py; the others keep their last result")
    parser.add_argument("--date", default="", help="printed on the page, e.g. 2026-11-22")
    arguments = parser.parse_args()
    kept = ROOT / "benchmarks/out"
    kept.mkdir(exist_ok=True)
    results = {}
    for benchmark in BENCHMARKS:
        file = kept / f"{benchmark.script}.json"
        if not arguments.only or benchmark.script in arguments.only:
            result = measure(benchmark)
            file.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
        results[benchmark.script] = (
            json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"skipped": "not run on this machine"}
        )
    PAGE.write_text("\n".join(page(results, arguments.date)), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 1 if any(falls_short(result) for result in results.values()) else 0


def measure(benchmark: Benchmark) -> dict[str, Any]:
    """The benchmark's JSON object; a failure is an object that says so."""
    print(f"{benchmark.heading}: {benchmark.command} ...", file=sys.stderr, flush=True)
    if not (ROOT / "benchmarks" / benchmark.script).is_file():
        return {"skipped": f"benchmarks/{benchmark.script} is not there"}
    command = [sys.executable, f"benchmarks/{benchmark.script}", "--json"]
    environ = {**os.environ, "PARTITA_PEERS": str(ROOT / PEERS)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    sys.stderr.write(done.stderr)
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = (done.stderr.strip().splitlines() or ["no result"])[-1]
        return {"skipped" if done.returncode == LACKS_DATA else "failed": said.rstrip(".")}
    if "figures" not in result:
        result = {"figures": list(plain(result, benchmark.least)), "tables": dict(nested(result))}
    return result


def falls_short(result: dict[str, Any]) -> bool:
    """Whether a benchmark failed, or missed a target."""
    return "failed" in result or any(figure.get("met") is False for figure in result.get("figures", []))


def page(results: dict[str, dict[str, Any]], date: str) -> Iterator[str]:
    """The page, line by line."""
    yield from ("# Benchmarks", "", "<!-- Made by `make bench`; edit benchmarks/run.py instead. -->", "")
    yield "Everything here was measured by one command, on the machine named below, and is repeated by it:"
    yield from ("", "```console", "$ make bench", "```", "")
    yield from machine(date)
    for benchmark in BENCHMARKS:
        yield from section(benchmark, results[benchmark.script])


def machine(date: str) -> Iterator[str]:
    """What it was measured on."""
    versions = [f"{name} {version(name)}" for name in LIBRARIES]
    yield from ("| | |", "|---|---|")
    yield f"| processor | {processor()}, {os.cpu_count()} cores |"
    yield f"| memory | {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB |"
    yield f"| system | {system()} |"
    yield f"| Python | {platform.python_version()} |"
    yield f"| libraries | {', '.join(versions)} |"
    if date:
        yield f"| date | {date} |"
    yield ""


def processor() -> str:
    """The processor's name, where the system tells."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def system() -> str:
    """The operating system's name and version."""
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.system()} {platform.release()}"
    except OSError:
        return f"{platform.system()} {platform.release()}"


def version(name: str) -> str:
    """The installed version of a library."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def section(benchmark: Benchmark, result: dict[str, Any]) -> Iterator[str]:
    """One benchmark: what it measures, its figures, how to repeat it."""
    yield from (f"## {benchmark.heading}", "", benchmark.meaning, "")
    if "skipped" in result or "failed" in result:
        yield from (f"Not measured: {result.get('skipped') or result.get('failed')}.", "")
    if result.get("figures"):
        yield from ("| figure | measured | target | met |", "|---|---|---|---|")
        yield from (row(figure) for figure in result["figures"])
        yield ""
    for name, rows in result.get("tables", {}).items():
        yield from grid(name, rows)
    yield from (f"- {note}" for note in result.get("notes", []))
    yield from [""] if result.get("notes") else []
    yield from (f"Again: `{benchmark.command}`", "")


def plain(result: dict[str, Any], least: dict[str, float], prefix: str = "") -> Iterator[dict[str, Any]]:
    """Figures of plain names and values, one level deep, with the least that they must reach."""
    for name, value in result.items():
        if isinstance(value, dict) and not any(isinstance(inner, dict) for inner in value.values()):
            yield from plain(value, least, f"{name} ")
        elif isinstance(value, (int, float, str)):
            label = f"{prefix}{name}".replace("_", " ")
            target = {"target": f">= {least[label]:,}", "met": float(value) >= least[label]} if label in least else {}
            yield {"name": label, "value": value, **target}


def nested(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """What is a table in itself: values that hold an object for each name."""
    for name, value in result.items():
        if isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
            yield name.replace("_", " "), value


def grid(name: str, rows: dict[str, dict[str, Any]]) -> Iterator[str]:
    """A table with a row for each name."""
    columns = list(next(iter(rows.values())))
    yield f"| {name} | {' | '.join(columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for label, values in rows.items():
        yield f"| {label.replace('_', ' ')} | {' | '.join(shown(values.get(column, '')) for column in columns)} |"
    yield ""


def shown(value: object) -> str:
    """A value as a reader wants it: whole numbers with thousands set apart."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def row(figure: dict[str, Any]) -> str:
    """A figure as a row of the table."""
    met = {True: "yes", False: "no", None: ""}[figure.get("met")]
    measured = f"{shown(figure['value'])} {figure.get('unit', '')}".strip()
    return f"| {figure['name']} | {measured} | {figure.get('target', '')} | {met} |"


if __name__ == "__main__":
    sys.exit(main())
