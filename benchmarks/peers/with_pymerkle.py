"""A log through pymerkle 7.0.0, in a SQLite file: entries from a file of lines; its speed as JSON.

Runs with the interpreter of the peers: `with_pymerkle.py ENTRIES FOLDER`. Entries are added with `append_entries`, its
quickest way. The first proof after opening fills its cache and is told apart.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from pathlib import Path

from pymerkle import SqliteTree, verify_inclusion

BATCH = 200_000
ASKED = 300


def main() -> int:
    """Entries per second, and milliseconds of proofs on the tree opened anew, each of them verified."""
    entries = Path(sys.argv[1]).read_bytes().split(b"\n")
    file = str(Path(sys.argv[2]) / "tree.db")
    taken = 0.0
    with SqliteTree(file) as tree:
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            begun = time.perf_counter()
            tree.append_entries(part)
            taken += time.perf_counter() - begun
    with SqliteTree(file) as tree:
        times = []
        for index in random.Random(1).sample(range(1, len(entries)), ASKED):  # noqa: S311 - a sample, no secret
            begun = time.perf_counter()
            proof = tree.prove_inclusion(index)
            times.append((time.perf_counter() - begun) * 1e3)
            verify_inclusion(tree.get_leaf(index), tree.get_state(), proof)
    told = {"per_second": len(entries) / taken, "first_ms": times[0], "proven_ms": statistics.median(times[1:])}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
