"""Settles the two jobs on real input and writes docs/real-input.md with what came out.

    python benchmarks/real.py

Needs the measuring data in ../shared/data beside the checkout; ends with exit 2 and a reason where they are absent.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from typing import Any

from partita.jobs.settle import settle

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "real-input.md"
SHOWN = 5

HEAD = """# Real input

Two real logs against real songs with their real writers: no works, lines or names were made up. The data are for
measuring only and are not part of this repository; they lie beside the checkout in `../shared/data`. Where they are
absent, the tests that need them are skipped and say so. Nobody is paid: the pool of 10,000,000.00 is there to see
whether every unit of it is accounted for.

The songs are the 3,075 that reached the Hot 100's top five and whose writers are listed (8,048 rows of title, performer
and writer; equal shares). Most of what charts and radio play is not among them, so most lines are rightly unmatched:
the point is that nothing of it is paid to anybody, and that the report says what to register first.

This page is written by `python benchmarks/real.py`, and a test compares its figures with a fresh run.
"""

SECTION = """
## {title}

```console
$ partita settle benchmarks/real/{name}.toml -o out/{name}
```

| outcome | lines | of all |
|---|---|---|
| matched | {matched} | {matched_part} |
| ambiguous | {ambiguous} | {ambiguous_part} |
| unmatched | {unmatched} | {unmatched_part} |

| money | USD |
|---|---|
| collected | {collected} |
| paid to {payees} writers | {paid} |
| in suspense | {suspense} |
| carried forward (less than a cent each) | {carried_out} |

The books balance to the millionth of a dollar: collected = paid + suspense + carried forward.

The largest open titles, with the money that waits for each:

| title | performer | outcome | lines | USD |
|---|---|---|---|---|
{titles}

{about}
"""

ABOUT = {
    "hot100": (
        "Every weekly Hot 100 since 1958",
        """354,887 lines, one for each title in each week, with 32,654 distinct titles and performers. An
*ambiguous* line is mostly a title that is registered with another performer: a cover of the same song, or another song
of the same name. Nothing in the line decides that, so it waits.""",
    ),
    "radio": (
        "A radio station's play log",
        """9,950 plays with performer, title, album and time. The station plays few chart toppers, so little
matches, and that little is what a society wants to be sure of.""",
    ),
}


def main() -> int:
    """Runs both jobs and writes the page."""
    if not (HERE.parent.parent / "shared" / "data").is_dir():
        print("skipped: the measuring data (../shared/data) are absent", file=sys.stderr)
        return 2
    sections = [_section(name, *ABOUT[name]) for name in sorted(ABOUT)]
    PAGE.write_text(HEAD + "".join(sections), encoding="utf-8")
    print(f"written: {PAGE.relative_to(HERE.parent)}")
    return 0


def _section(name: str, title: str, about: str) -> str:
    out = HERE / "out" / name
    began = time.process_time()
    run = settle(HERE / "real" / f"{name}.toml", out)
    print(f"{name}: {run['counts']['lines'] / (time.process_time() - began):,.0f} lines per CPU second, pages included")
    counts, total = run["counts"], run["totals"]["USD"]
    parts = {
        f"{key}_part": f"{100 * counts[key] / counts['lines']:.1f} %" for key in ("matched", "ambiguous", "unmatched")
    }
    figures = {key: f"{counts[key]:,}" for key in ("matched", "ambiguous", "unmatched", "payees")}
    money = {key: _dollars(total[key]) for key in ("collected", "paid", "suspense", "carried_out")}
    return SECTION.format(name=name, title=title, about=about, titles=_titles(out), **parts, **figures, **money)


def _dollars(amount_micro: int) -> str:
    whole, rest = divmod(amount_micro, 1_000_000)
    return f"{whole:,}.{rest:06d}".removesuffix("0000")


def _titles(out: Path) -> str:
    with (out / "review_queue.csv").open(encoding="utf-8-sig", newline="") as file:
        rows: list[dict[str, Any]] = [row for row, _ in zip(csv.DictReader(file), range(SHOWN), strict=False)]
    return "\n".join(
        f"| {row['title']} | {row['performers']} | {row['outcome']} | {row['lines']} | {row['amount']} |"
        for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
