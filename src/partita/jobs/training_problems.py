"""Remarks of a training run on items, licences and outputs; docs/problems.md explains each code."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from partita import tables

VALUE_MOST = 80

CODES = {
    "items.contradict": (
        "warning",
        "the registry knows the item's code or URL as another work than its title says; the registry counts",
        "Have the code or the title corrected in the manifest, or the link in the registry",
    ),
    "items.undated": (
        "warning",
        "items do not say when they were taken; they are judged on the day of training",
        "State `taken_at` in the manifest, or `taken_on` for the manifest in the job file",
    ),
    "licence.missing": (
        "warning",
        "the fee cannot be computed, and nothing was charged for this part",
        "State the term or figure under the licence in the job file, or register the offer's terms",
    ),
    "licence.figure": (
        "warning",
        "the figure stated is not the one counted; the one counted was charged",
        "Have the licensee correct its report, or complete manifests and outputs",
    ),
    "licence.claim": (
        "warning",
        "items claim a licence that does not cover them",
        "See `claim` in findings.parquet for each of them",
    ),
    "licence.two_models": (
        "warning",
        "models claim one licence that speaks of another of them alone",
        "License each model version by itself, or name all of them in the licence's `systems`",
    ),
    "licence.no_model": (
        "warning",
        "the licence's systems name no model of the job; nothing was trained under it",
        "Correct `systems` under the licence: a provider, or PROVIDER/NAME as a model's `id` is written",
    ),
    "licence.no_works": (
        "warning",
        "the licence covers no identified work; its money waits",
        "Check the licensor's mandates, the licence's dates and systems, and the works' holders",
    ),
    "outputs.other_model": (
        "warning",
        "outputs name a model that the job does not; they were left out",
        "Name the model in the job file, or correct the list of outputs",
    ),
    "outputs.unlicensed": (
        "warning",
        "outputs are attributed to works that no licence of the run covers; their part falls back",
        "See unlicensed.csv; license those works, or have the attribution checked",
    ),
}
"""Code -> severity, reason, mend."""


def problem(code: str, value: str, detail: str = "", *, where: str = "") -> dict[str, object]:
    """One row of PROBLEMS that names no line; `where` is the manifest or list it speaks of."""
    severity, reason, mend = CODES[code]
    said = f"{reason}: {detail}" if detail else reason
    return {"file": "", "line": 0, "code": code, "severity": severity, "column": "", "value": value[:VALUE_MOST],
            "reason": said, "mend": mend, "list": where, "plays": 0}  # fmt: skip


def table(rows: Iterable[dict[str, object]]) -> pa.Table:
    """PROBLEMS of these rows, each once, sorted."""
    once = {tuple(row.values()): row for row in rows}
    return pa.Table.from_pylist([once[key] for key in sorted(once, key=str)], schema=tables.PROBLEMS.schema)
