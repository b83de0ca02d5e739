"""The figures of `matching.py` as the page shows them: the table with its targets, the peers beside it, and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TARGETS = (
    ("bench", "f1", "bench, F1", 0.988, None),
    ("bench", "recall_at_precision_0.995", "bench, recall at precision >= .995", 0.980, None),
    ("bench", "lines_per_cpu_s", "bench, lines per CPU second, index apart", 40_000, None),
    ("bench", "build_cpu_s_per_100k_works", "bench, index, CPU seconds per 100,000 works", None, 2),
    ("bench", "recall clean", "bench, recall: clean", 0.9995, None),
    ("bench", "recall variant", "bench, recall: variant characters", 0.98, None),
    ("bench", "recall homophone", "bench, recall: homophone", 0.98, None),
    ("bench", "recall pinyin", "bench, recall: toneless pinyin", 0.85, None),
    ("bench", "recall noartist", "bench, recall: no performer", 0.85, None),
    ("million", "f1", "a million works, F1", 0.972, None),
    ("million", "lines_per_cpu_s", "a million works, lines per CPU second", 15_000, None),
    ("million", "peak_mib", "a million works, peak memory, MiB", None, 2_560),
    ("musicbrainz", "threshold_groups f1", "MusicBrainz 20K, pair F1, threshold only", 0.972, None),
    ("musicbrainz", "labelled_groups f1", "MusicBrainz 20K, pair F1, 20 % of clusters labelled", 0.993, None),
    ("hot100", "lines_per_wall_s", "Hot 100 log, lines per second of wall", 300_000, None),
    ("log", "lines_per_wall_s", "long log, lines per second of wall", 300_000, None),
)
"""Part, figure, name, and what it must reach (at least, at most)."""

OURS = (
    "works", "lines", "f1", "recall_at_precision_0.995", "precision", "recall", "threshold", "shipped_precision",
    "shipped_recall", "shipped_f1", "matched", "ambiguous", "unmatched", "threads",
    "build_cpu_s", "match_cpu_s", "match_cpu_s_of_rounds", "match_wall_s", "lines_per_cpu_s", "lines_per_wall_s",
    "peak_mib",
)  # fmt: skip
BESIDE = (
    "f1", "recall_at_precision_0.995", "precision", "recall", "lines", "build_cpu_s", "setup_cpu_s", "match_cpu_s",
    "lines_per_cpu_s", "lines_per_cpu_s_all", "peak_mib",
)  # fmt: skip
PARTS = ("bench", "million", "hot100", "log")

NOTES = """
Partita's rows and the peers' come from one run on one machine; a figure that was measured elsewhere stands nowhere.
CPU seconds and peak memory are those of the whole process tree. Lines per CPU second leave the index out.
F1: the best candidate, where its probability reaches a threshold chosen on the first 20 % of the lines (dev).
All rates are of the other 80 %. `shipped`: as the default policy decides; an ambiguous line counts as not found.
The peers get the lines folded (width, case, accents, Han forms, brackets, tags, guests); that time is not charged.
`setup` of a peer is its training, on dev; where `build` is empty, its index cannot be timed apart.
A peer's line on which two works score the same comes after all others: its threshold may leave it open.
Bench and million run on one thread, the logs on all cores; of rounds (five, three, five, one) the median counts.
A million works: the bench's, and titles, performers and writers of them dealt anew; no line means one of those.
The long log: the bench's lines in up to eighteen spellings, 10.9 lines for each distinct one.
""".strip().splitlines()


def said(result: dict[str, Any], *, quick: bool) -> dict[str, Any]:
    """Figures with targets, tables and notes, as `run.py` reads them."""
    bench, peers = result.get("bench", {}), result.get("peers", {})
    failed = [f"Not measured: {part}: {reason}." for part, reason in failures(result)]
    notes = [*(["A tenth of the lines only: a trial, no result."] if quick else []), *failed, *NOTES]
    notes += [f"{name}: {one['settings']} ({versions(one)})." for name, one in peers.items() if "settings" in one]
    tables = {
        "partita": {
            part: {c: result[part].get(c, "") for c in OURS} for part in PARTS if "lines" in result.get(part, {})
        },
        "peers, bench": {
            name: {c: one.get(c, "") for c in BESIDE}
            for name, one in {"partita": bench, **peers}.items() if "f1" in one
        },
        "recall by noise, bench": noise(bench, peers),
    }  # fmt: skip
    figures = [*targets(result), *ratios(bench, peers)]
    return {"figures": figures, "tables": {name: rows for name, rows in tables.items() if rows}, "notes": notes}


def failures(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What could not run, and why."""
    for part, one in result.items():
        for name, said_ in one.items() if part == "peers" else [("", one)]:
            if "failed" in said_:
                yield f"{part} {name}".strip(), str(said_["failed"]).rstrip(".")


def versions(one: dict[str, Any]) -> str:
    """The versions of a peer's packages."""
    return ", ".join(f"{name} {version}" for name, version in one.get("versions", {}).items())


def looked_up(one: dict[str, Any], name: str) -> Any:
    """A figure, or one inside another: `recall KIND` stands in `by_noise`."""
    if name in one:
        return one[name]
    outer, _, inner = name.partition(" ")
    if outer == "recall":
        return one.get("by_noise", {}).get(inner, {}).get("recall")
    return one.get(outer, {}).get(inner) if isinstance(one.get(outer), dict) else None


def targets(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each figure of the table with what it must reach."""
    for part, name, shown_as, least, most in TARGETS:
        value = looked_up(result.get(part, {}), name)
        if value is not None:
            met = value >= least if least is not None else value <= most
            target = f">= {least:,}" if least is not None else f"<= {most:,}"
            yield {"name": shown_as, "value": value, "target": target, "met": bool(met)}


def ratios(bench: dict[str, Any], peers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """F1 above each peer's, and times its speed."""
    for name, one in peers.items():
        if "f1" in one and "f1" in bench:
            yield {"name": f"F1 above {name}'s", "value": round(bench["f1"] - one["f1"], 4)}
            times = bench["lines_per_cpu_s"] / max(1, one["lines_per_cpu_s"])
            yield {"name": f"times {name}'s lines per CPU second", "value": round(times, 2), "unit": "x"}


def noise(bench: dict[str, Any], peers: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A row a kind of noise: lines, and the recall of Partita, shipped and at the threshold, and of each peer."""
    peers = {name: one for name, one in peers.items() if "by_noise" in one}
    rows: dict[str, dict[str, Any]] = {}
    for kind, ours in bench.get("by_noise", {}).items():
        row = {"lines": ours["lines"], "partita": ours["recall"], "partita shipped": ours.get("shipped recall", "")}
        rows[kind] = row | {
            name: one["by_noise"].get(kind, {}).get("recall", "") for name, one in peers.items() if "by_noise" in one
        }
    return rows


def shown(page: dict[str, Any]) -> Iterator[str]:
    """The same for a terminal."""
    for figure in page["figures"]:
        target = f"  (target {figure['target']}: {'met' if figure['met'] else 'MISSED'})" if "target" in figure else ""
        yield f"{figure['name']:56} {figure['value']:>12,}{target}"
    for name, rows in page["tables"].items():
        yield f"\n{name}"
        for label, row in rows.items():
            yield f"  {label:18} " + "  ".join(f"{c} {v}" for c, v in row.items() if v != "")
    yield from ("", *page["notes"])
