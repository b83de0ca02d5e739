"""Real play logs against real songs: the books balance to the unit, and what the docs state is what comes out."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pyarrow.compute as pc
import pytest

from partita import tables
from partita.jobs import run
from partita.jobs.settle import settle

pytestmark = pytest.mark.slow

LINES = {"hot100": 354_887, "radio": 9_950}


@pytest.fixture(scope="module", params=sorted(LINES))
def settled(
    request: pytest.FixtureRequest, repository: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The name and the run folder of a job on real input."""
    assert shared
    out = tmp_path_factory.mktemp("real") / request.param
    settle(repository / "benchmarks" / "real" / f"{request.param}.toml", out)
    return request.param, out


def test_every_line_is_accounted_for(settled: tuple[str, Path]) -> None:
    """Each line of the log has one outcome; nothing is lost between reading and matching."""
    name, out = settled
    counts = run.read_json(out)["counts"]

    assert counts["lines"] + counts["quarantined"] == LINES[name]
    assert run.read_table(out, tables.MATCHES).num_rows == counts["lines"]


def test_ten_million_balance_to_the_unit(settled: tuple[str, Path]) -> None:
    """The pool of 10,000,000.00 is paid, carried or in suspense, to the millionth."""
    total = run.read_json(settled[1])["totals"]["USD"]
    suspense = pc.sum(run.read_table(settled[1], tables.SUSPENSE).column("amount_micro")).as_py()
    earned = pc.sum(run.read_table(settled[1], tables.ALLOCATIONS).column("amount_micro")).as_py()

    assert total["collected"] == 10_000_000_000_000
    assert suspense + earned == total["collected"]
    assert total["paid"] + total["carried_out"] == earned


def test_the_largest_open_titles_are_named(settled: tuple[str, Path]) -> None:
    """The review queue is ordered by money, and the report shows its first titles."""
    with (settled[1] / "review_queue.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    amounts = [float(row["amount"].replace(",", "")) for row in rows]
    page = html.unescape((settled[1] / "report.html").read_text(encoding="utf-8"))

    assert amounts == sorted(amounts, reverse=True)
    assert len(rows) > 1_000
    assert rows[0]["title"].lstrip("'") in page


def test_the_docs_state_these_figures(settled: tuple[str, Path], repository: Path) -> None:
    """docs/real-input.md gives the counts and sums of this very run."""
    name, out = settled
    page = (repository / "docs" / "real-input.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page, flags=re.MULTILINE)[1 + sorted(LINES).index(name)]
    about = run.read_json(out)
    for outcome in ("matched", "ambiguous", "unmatched"):
        assert f"{about['counts'][outcome]:,}" in section, outcome
    assert f"{about['totals']['USD']['paid'] // 10_000 / 100:,.2f}" in section
