"""The measured part of docs/scaling.md, written from what benchmarks/scaling.py has kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs/scaling.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SOCIETY_MILLIONS = 540
"""Lines that SACEM received in a quarter of 2022."""
MACHINES, CORES = 10, 8
CAUTION = (
    "These are sums, not measurements: 540 million lines were not run here. Ten machines are reckoned with Sail's cost",
    "a million lines where it was measured, else with DuckDB's. DuckDB is held to 4 GB beside the index and spills the",
    "rest to the disk.",
)
BACK = "back to all lines, sorted, written"
ORDER = ("distinct", "fields", "keys", "search", "scoring", "outcomes", "to and fro")

Figures = dict[str, Any]


def write(kept: list[Figures]) -> None:
    """Puts the tables between the marks of the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(["", *tables_of(kept), ""])
    PAGE.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")


def tables_of(kept: list[Figures]) -> list[str]:
    """Costs, stages and the society's arithmetic, as lines of Markdown."""
    kept = sorted(kept, key=lambda f: (f["engine"], f["works_asked"], f["lines_asked"]))
    good = [f for f in kept if "failed" not in f]
    if not good:
        return ["Nothing was measured yet."]
    machines = sorted({f["machine"] for f in good})
    return [*(f"Measured on {m}." for m in machines), "", *costs(kept), "", *stages(good), "", *society(good)]


def costs(kept: list[Figures]) -> list[str]:
    """One row a run."""
    rows = [
        "| engine | million lines | million works | index, CPU s | index, MiB | CPU s | wall s | CPU s a million lines | peak MiB | load before |",  # noqa: E501
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for f in kept:
        size = f"| {f['engine']} | {f['lines_asked']:g} | {f['works_asked']:g} |"
        if "failed" in f:
            rows.append(f"{size} did not finish: {f['failed']} | | | | | | |")
            continue
        rows.append(
            f"{size} {f['index_cpu_s']} | {f['index_peak_mib']:,} | {f['cpu_s']} | {f['wall_s']} "
            f"| {a_million(f):.1f} | {f['peak_mib']:,} | {f['load_before']} |"
        )
    return rows


def a_million(figures: Figures) -> float:
    """CPU seconds for a million lines, without the index."""
    return float(figures["cpu_s"] / figures["lines"] * 1e6)


def stages(good: list[Figures]) -> list[str]:
    """Where the time goes: CPU seconds a million lines by stage, of each size of repertoire its largest log."""
    chosen = largest(good)
    names = [n for n in ORDER if any(n in f["stages"] for f in chosen)]
    names += sorted({n for f in chosen for n in f["stages"]} - {*ORDER, "index", "start"})
    heads = [f"{f['engine']}, {f['lines_asked']:g} x {f['works_asked']:g}" for f in chosen]
    rows = ["CPU seconds a million lines, by stage (million lines x million works):", "",
            f"| stage | {' | '.join(heads)} |", f"|---|{'--:|' * len(heads)}"]  # fmt: skip
    for name in names:
        cells = [f"{f['stages'].get(name, 0) / f['lines'] * 1e6:.1f}" for f in chosen]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def largest(good: list[Figures]) -> list[Figures]:
    """Of each engine and number of works, the run with most lines."""
    chosen = {(f["engine"], f["works_asked"]): f for f in sorted(good, key=lambda f: f["lines"])}
    return [chosen[key] for key in sorted(chosen)]


def society(good: list[Figures]) -> list[str]:
    """What a society's quarter needs, from these figures, with the arithmetic."""
    rows = [
        f"A quarter of {SOCIETY_MILLIONS} million lines, reckoned from the largest log of each number of works above:",
        "",
    ]
    far = {f["works_asked"]: a_million(f) for f in largest(good) if f["engine"] == "sail"}
    for f in (f for f in largest(good) if f["engine"] == "duckdb"):
        each, index = a_million(f), f["index_cpu_s"]
        spread = far.get(f["works_asked"], each)
        back = f["stages"].get(BACK, 0) / f["lines"] * 1e6
        alone = (index + SOCIETY_MILLIONS * each) / 3600
        apart = (index + SOCIETY_MILLIONS * (spread / MACHINES + back) / CORES) / 60
        built, lines = f"{index:,.0f} s for the index", SOCIETY_MILLIONS
        many = f"{lines} x {spread:.1f} / ({MACHINES} x {CORES}) s + at most {lines} x {back:.1f} / {CORES} s"
        rows.append(f"- {f['works_asked']:g} million works.")
        rows.append(f"  One machine, DuckDB: {built} + {lines} x {each:.1f} CPU s = **{alone:.1f} hours of one core**.")
        rows.append(f"  {MACHINES} machines of {CORES} cores, all kept busy: {built} + {many}")
        rows.append(f"  in which one machine sorts and writes the file = **{apart:.0f} minutes**.")
        rows.append(f"  Memory: {f['index_peak_mib']:,} MiB to build the index, {f['peak_mib']:,} MiB at the peak.")
    rows += ["", *CAUTION]
    return rows
