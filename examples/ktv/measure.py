"""How right the matches of a run of this case are, by truth.csv: `python measure.py RUN CASE`.

Precision: of the lines that matched, how many have the right work. Recall: of the lines whose song a society manages,
how many matched to it. Reads matches.parquet and registrations.parquet of RUN, truth.csv and registrations.csv of CASE.
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq


def works(run: Path, case: Path) -> dict[str, set[str]]:
    """Work ids of the run by song."""
    table = pq.read_table(run / "registrations.parquet", columns=["registered_id", "work_id"])
    merged = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    found: dict[str, set[str]] = {}
    with (case / "registrations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["song_id"], set()).add(merged[row["work_id"]])
    return found


def measure(run: Path, case: Path) -> Counter[tuple[bool, str]]:
    """Lines by whether a society manages the song, and what became of them: `right`, `wrong`, or the outcome."""
    known = works(run, case)
    with (case / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {f"{row['list']}:{row['line_id']}": row["work"] for row in csv.DictReader(file)}
    counts: Counter[tuple[bool, str]] = Counter()
    for row in pq.read_table(run / "matches.parquet", columns=["line_id", "outcome", "work_id"]).to_pylist():
        if row["line_id"] in truth:
            right = known.get(truth[row["line_id"]], set())
            judged = "right" if row["work_id"] in right else "wrong"
            counts[bool(right), judged if row["outcome"] == "matched" else row["outcome"]] += 1
    return counts


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Precision and recall of a run of the shipped case.")
    parser.add_argument("run", type=Path)
    parser.add_argument("case", type=Path)
    chosen = parser.parse_args()
    counts = measure(chosen.run, chosen.case)
    for (managed, name), count in sorted(counts.items(), reverse=True):
        print(f"{count:>9,}  {name}, {'managed' if managed else 'managed by nobody'}")
    right = counts[True, "right"]
    matched = sum(count for (_, name), count in counts.items() if name in {"right", "wrong"})
    managed = sum(count for (managed, _), count in counts.items() if managed)
    print(f"precision {right / max(matched, 1):.4f}  recall {right / max(managed, 1):.4f}")


if __name__ == "__main__":
    main()
